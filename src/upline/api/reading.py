"""From parameters to a checked form: every wrong field at once, or the form."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from upline.api.kinds import DATE
from upline.base.errors import REQUIRED, DateWrong, FieldsWrong


class Form(BaseModel):
    """The parameters of a call. What is not declared is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)
    bytes_max: ClassVar[int | None] = None

    @classmethod
    def across(cls, sent: Mapping[str, Any]) -> dict[str, str]:
        """A sentence for each field that is wrong only beside another, for forms whose fields
        depend on each other. `sent` is unchecked."""
        return {}

    def changes(self) -> dict[str, Any]:
        """The parameters that were sent: what was not is to stay as it is."""
        return self.model_dump(exclude_unset=True)


F = TypeVar("F", bound=Form)


def read(form: type[F], sent: Mapping[str, Any]) -> F:
    """The form that these parameters fill. Raises FieldsWrong with a sentence per field;
    DateWrong where nothing but dates is wrong."""
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
    if wrong:
        raise (DateWrong if kinds == {DATE} else FieldsWrong)(fields=wrong)
    assert checked is not None
    return checked
