"""Buttons: what staff may do with a thing, or with a list. Each opens a small page that says
what will happen and asks what is needed; sending it (POST) calls one flow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from upline.base.edits import ChangedMeanwhile
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.flows.permissions import may
from upline.language import gettext, lazy
from upline.office.asking import ONCE, new_key, unit_of
from upline.office.carried import OPENED, OpenedField, sealed
from upline.office.fields import reason_field, said


@dataclass(frozen=True)
class FactsBlock:
    """A block of a page: what is known, line by line."""

    title: str
    rows: Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class TableBlock:
    """A block of a page: a table. `more` is the address of the whole list."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    more: str = ""


@dataclass(frozen=True)
class TextBlock:
    """A block of a page: a text as it was written."""

    title: str
    text: str


Block = FactsBlock | TableBlock | TextBlock


@dataclass(frozen=True)
class Shown:
    """What a button answers where the result is to be seen, and seen once. `then` are links."""

    title: str
    blocks: Sequence[Block]
    says: str = ""
    then: Sequence[tuple[str, str]] = ()


Outcome = str | Shown | HttpResponse


class CarryingForm(forms.Form):
    """A form that knows what it showed when it was opened, so that only changed fields are
    written. `opened` is that: by field, as the code knows the values."""

    opened = OpenedField()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **more})
        if self.initial:
            self.initial[OPENED] = sealed(self.initial)

    def refuse(self, refusal: Refusal) -> None:
        """Show why it was not done, beside the field where it names one of ours."""
        if isinstance(refusal, ChangedMeanwhile):
            self._show_both(refusal.now)
            return
        ours = {name: text for name, text in refusal.fields.items() if name in self.fields}
        others = [text for name, text in refusal.fields.items() if name not in self.fields]
        for name, text in ours.items():
            self.add_error(name, text)
        if not ours:
            self.add_error(None, " ".join(others) or refusal.sentence)

    def _carry(self, name: str, value: str) -> None:
        """Show the form again with another hidden value."""
        sent: Any = self.data.copy()  # type: ignore[attr-defined]
        sent[name] = value
        self.data = sent

    def _show_both(self, now: dict[str, Any]) -> None:
        """Others have changed the same: their values are shown beside what was typed here. Sending
        the form again replaces them."""
        opened = (self.cleaned_data.get(OPENED) or {}) | now
        self._carry(OPENED, sealed(opened))
        for name, value in now.items():
            where = name if name in self.fields else None
            theirs = said(self.fields[name], value) if where else value
            self.add_error(
                where,
                gettext(
                    "Someone has changed this to “{theirs}” since you opened the page. Save "
                    "again to replace it.",
                    theirs=theirs,
                ),
            )


class ButtonForm(CarryingForm):
    """What a button asks. `thing` is what it is pressed on; None on a list."""

    once = forms.CharField(
        min_length=16, max_length=64, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, thing: Any, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.thing = thing
        self.fields[ONCE].initial = new_key

    def start_anew(self) -> None:
        """The form was sent before, with other values, as after going back in the browser: what
        it says now can be sent as something new."""
        self._carry(ONCE, new_key())
        self.add_error(
            None,
            gettext(
                "You have already sent this form, and it was saved as it was then. Check "
                "it, and send it again to save this as well."
            ),
        )


class ReasonForm(ButtonForm):
    """Asks only why."""

    reason = reason_field(help_text=lazy("Kept for good, together with your name."))


def _always(_: Any) -> bool:
    return True


def _never(_: Any) -> bool:
    return False


def _nothing(_: Any) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Button:
    """`act` is called with the unit of work, the thing and what was asked; it answers a
    sentence, something Shown, or a response of its own (a file).

    `flow` is what it calls in the end: of it the button knows which right it needs; None where that
    depends on the thing, and the flow alone decides. `fits` says
    whether the button makes sense on a thing as it is now; the flow decides again, under its locks.
    `initial` is what there is now: `asked["opened"]` then says what of it the page showed.
    `preview` is shown first, and done is only what was shown (`preview_for` is one that depends on
    who looks); where it is `previews_only_asked`
    for, the button does it at once too. One that `confirms` asks
    whoever presses it for their own password first, unless they gave it lately. One that is
    `by_second` on a thing asks for it with the rest, each time, since it takes two people and this
    is the second one; the others do where the flow says so. `main` is what the page is mostly
    opened for: of those that fit, the last one stands out."""

    name: str
    label: str
    flow: Callable[..., Any] | None
    act: Callable[[UnitOfWork, Any, dict[str, Any]], Outcome]
    says: str = ""
    form: type[ButtonForm] = ButtonForm
    fits: Callable[[Any], bool] = _always
    initial: Callable[[Any], Mapping[str, Any]] = _nothing
    preview: Callable[[Any, dict[str, Any]], Block] | None = None
    preview_for: Callable[[UnitOfWork, Any, dict[str, Any]], Block] | None = None
    previews_only_asked: bool = False
    once: bool = True
    confirms: bool = False
    by_second: Callable[[Any], bool] = _never
    grave: bool = field(default=False)
    main: bool = False

    @property
    def is_previewed(self) -> bool:
        """Whether what it would do is shown first."""
        return self.preview is not None or self.preview_for is not None

    def look(self, request: HttpRequest, thing: Any, asked: dict[str, Any]) -> Block:
        """What it would do. Raises the refusals of its preview."""
        if self.preview_for is not None:
            return self.preview_for(unit_of(request), thing, asked)
        assert self.preview is not None, "asked only where there is one"
        return self.preview(thing, asked)

    def allowed(self, request: HttpRequest) -> bool:
        """Whether this staff user may press it."""
        return self.flow is None or may(request.user, self.flow)
