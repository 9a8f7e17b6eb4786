"""Pages as somebody without scripts uses them: forms with what stands in them, and buttons."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """A form of a page: where it goes, what it sends unless somebody types, and its buttons as
    (text, name, value)."""

    action: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.button: tuple[str, str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(PageForm(named.get("action", "")))
        elif not self.forms:
            return
        elif tag == "button" and "disabled" not in named:
            self.button = (
                named.get("aria-label", ""),
                named.get("name", ""),
                named.get("value", ""),
            )
        elif tag == "input" and named.get("name") and "disabled" not in named:
            is_chosen = named.get("type") not in ("radio", "checkbox") or "checked" in named
            if is_chosen:
                of_name = self.forms[-1].fields.setdefault(named["name"], [])
                of_name.append(named.get("value", ""))

    def handle_data(self, text: str) -> None:
        if self.button:
            said, name, value = self.button
            self.button = (f"{said} {text}", name, value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "button" and self.button:
            self.forms[-1].buttons.append(self.button)
            self.button = None


def filled_in(page: str, button: str, **typed: str) -> tuple[str, dict[str, list[str]]]:
    """What the form sends, and where, whose button says this, with what somebody typed."""
    reading = _Reading()
    reading.feed(page)
    for form in reading.forms:
        for said, name, value in form.buttons:
            if button in said:
                sent = form.fields | {key: [text] for key, text in typed.items()}
                return form.action, sent | ({name: [value]} if name else {})
    raise AssertionError(f"no form has a button {button!r}: {[f.buttons for f in reading.forms]}")
