"""What differs between two companies that live through the same: ids, tokens, times.

Each gets a mask, the same one wherever it occurs in a recording: the first product is
`<product 1>` in the list of products, in the cart and in the order. A number that is masked says
so, `<int product 1>`, so that a number never passes for a text."""

import re
from functools import partial
from typing import Any

CURSOR = "cursor"
# Keys that hold an id or a secret in every answer, with the kind of what they name.
KINDS = {
    "access_token": "token",
    "device_token": "device",
    "product_id": "product",
    "address_id": "address",
}
# What `id` names, by how the call's address begins. The ids of countries and states are published.
KIND_OF_ID = {"package/": "product", "ewallet/transactions/": "transaction", "earnings/": "run"}
_EPIN = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}")
_PATTERNS = (
    (re.compile(r"UP-[0-9A-F]{12}"), "order"),
    (re.compile(r"PO-[0-9A-F]{12}"), "payout"),
    (re.compile(r"(?<=/pictures/)[\w-]+"), "picture"),
    (re.compile(r"\bUL\d{8}\b"), "generated username"),
)
_RUN = re.compile(r"(?<=\brun )(?<!<run )\d+\b|(?<=statement-)\d+(?=\.)")
_CLOCK = re.compile(r"(?<=\d{4}, )\d\d:\d\d\b")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\dZ")
_PART_OF_ADDRESS = (
    (re.compile(r"(?<=^package/)\d+(?=/)"), "product"),
    (re.compile(r"(?<=^earnings/)\d+(?=/)"), "run"),
    (re.compile(r"(?<=cursor=)\d+"), CURSOR),
    (re.compile(r"(?<=product_id=)\d+"), "product"),
    (re.compile(r"(?<=address_id=)\d+"), "address"),
)


class Masks:
    """The masks of one recording."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._given: dict[tuple[str, str], int] = {}
        self._counts: dict[str, int] = {}

    def name(self, kind: str, value: object) -> str:
        """The mask of a value, a new one at its first appearance."""
        key = (kind, str(value))
        if key not in self._given:
            self._counts[kind] = self._given[key] = self._counts.get(kind, 0) + 1
        return f"<{kind} {self._given[key]}>"

    def answer(self, value: Any, address: str, key: str = "") -> Any:
        """An answer's JSON with its masks; `address` is that of the call below /api/."""
        if isinstance(value, dict):
            return {name: self.answer(each, address, name) for name, each in value.items()}
        if isinstance(value, list):
            return [self.answer(each, address, key) for each in value]
        kind = "epin" if key == "code" and _EPIN.fullmatch(str(value)) else _kind(address, key)
        if kind and value not in (None, "") and not isinstance(value, bool):
            name = self.name(kind, value)
            return name if isinstance(value, str) else f"<int {name[1:]}"
        return self.text(value) if isinstance(value, str) else value

    def sent(self, value: Any, key: str = "") -> Any:
        """What a request sends; an id that no answer has named stays as it is."""
        if isinstance(value, dict):
            return {name: self.sent(each, name) for name, each in value.items()}
        if isinstance(value, list):
            return [self.sent(each, key) for each in value]
        kind = KINDS.get(key.lower(), "")
        if (kind, str(value)) in self._given:
            return self.name(kind, value)
        return self.text(value) if isinstance(value, str) else value

    def address(self, address: str) -> str:
        """An address below /api/."""
        for pattern, kind in _PART_OF_ADDRESS:
            for found in pattern.findall(address):
                named = _cursor(address) if kind == CURSOR else kind
                if (named, found) in self._given:
                    address = pattern.sub(self.name(named, found), address)
        return self.text(address)

    def text(self, text: str) -> str:
        """A text in which ids and times stand among other words."""
        text = text.replace(self._base_url, "<server>")
        for (kind, value), _ in self._given.items():
            if kind in {"token", "device", "epin"}:
                text = text.replace(value, self.name(kind, value))
        for pattern, kind in _PATTERNS:
            text = pattern.sub(partial(self._named, kind), text)
        text = _RUN.sub(lambda found: self.name("run", found[0]), text)
        return _CLOCK.sub("<time>", _MOMENT.sub(r"\1T<time>", text))

    def _named(self, kind: str, found: re.Match[str]) -> str:
        return self.name(kind, found[0])


def _cursor(address: str) -> str:
    """A cursor is a number of its own list."""
    return f"{address.partition('?')[0].strip('/').partition('/')[0]} {CURSOR}"


def _kind(address: str, key: str) -> str:
    if key == "next_cursor":
        return _cursor(address)
    if key == "id":
        return next((kind for start, kind in KIND_OF_ID.items() if address.startswith(start)), "")
    return KINDS.get(key, "")
