"""From parameters to a checked form: every wrong field at once, or the form."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, ValidationError

from upline.api.http.kinds import DATE
from upline.base.errors import REQUIRED, DateWrong, FieldsWrong
from upline.language import gettext, lazy


class Form(BaseModel):
    """The parameters of a call. What is not declared is ignored, or refused where
    `only_declared`: a filter that is not known must not look as if it had filtered."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)
    bytes_max: ClassVar[int | None] = None
    only_declared: ClassVar[bool] = False

    @classmethod
    def names(cls) -> set[str]:
        """What its parameters are called, aliases included."""
        found = set(cls.model_fields)
        for field in cls.model_fields.values():
            if isinstance(field.validation_alias, AliasChoices):
                found |= {str(name) for name in field.validation_alias.choices}
        return found

    @classmethod
    def across(cls, sent: Mapping[str, Any]) -> dict[str, str]:
        """A sentence for each field that is wrong only beside another, for forms whose fields
        depend on each other. `sent` is unchecked."""
        return {}

    def changes(self) -> dict[str, Any]:
        """The parameters that were sent: what was not is to stay as it is."""
        return self.model_dump(exclude_unset=True)


F = TypeVar("F", bound=Form)
IN_BODY = lazy("Send this in the body of the request, not in the query string.")
CACHE_BUSTER = "_"


def read(form: type[F], sent: Mapping[str, Any], in_query: Iterable[str] = ()) -> F:
    """The form that these parameters fill. Raises FieldsWrong with a sentence per field;
    DateWrong where nothing but dates is wrong. `in_query`: the names in the query of a request
    that must send its parameters in the body."""
    wrong: dict[str, str] = {}
    kinds: set[str] = set()
    checked = None
    try:
        checked = form.model_validate(dict(sent))
    except ValidationError as error:
        for each in error.errors(include_url=False, include_context=False):
            name = str(each["loc"][0])
            wrong[name] = REQUIRED if each["type"] == "missing" else each["msg"]
            kinds.add(each["type"])
    for name, sentence in form.across(sent).items():
        if name not in wrong:
            wrong[name] = sentence
            kinds.add("across")
    for name, sentence in _strangers(form, sent, in_query).items():
        wrong[name] = sentence
        kinds.add("stranger")
    if wrong:
        raise (DateWrong if kinds == {DATE} else FieldsWrong)(fields=wrong)
    assert checked is not None
    return checked


def _strangers(
    form: type[Form], sent: Mapping[str, Any], in_query: Iterable[str]
) -> dict[str, str]:
    """A sentence for each parameter that is not where it belongs, or belongs nowhere."""
    wrong: dict[str, str] = {}
    if in_query:
        wrong |= dict.fromkeys(form.names().intersection(in_query), IN_BODY)
    if form.only_declared:
        known = ", ".join(form.model_fields)
        unknown = sent.keys() - form.names() - {CACHE_BUSTER}
        wrong |= dict.fromkeys(
            sorted(unknown),
            gettext("This call does not have this filter. It has: {known}.", known=known),
        )
    return wrong
