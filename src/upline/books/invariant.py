"""A promise about the books, and the sentences that name what breaks it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from upline.base import sql
from upline.base.amounts import Money
from upline.language import lazy
from upline.markets import current as markets

MOST_SHOWN = 10

ACCOUNT = lazy("account {account}")
BATCH = lazy("payout batch {batch}")
CHAIN = lazy("chain {chain}")
CUSTOMER = lazy("customer {customer}")
EPIN = lazy("e-pin {epin}")
EVENT = lazy("event {event}")
EXCHANGE = lazy("exchange {exchange}")
LINE_OF_ORDER = lazy("order {order}, line {line}")
LINE_OF_RUN = lazy("run {run}, line {line}")
MAIL = lazy("mail {mail}")
MARKET_IN_RUN = lazy("market {market} in run {run}")
MEMBER = lazy("member {member}")
MEMBER_IN_RUN = lazy("member {member} in run {run}")
ORDER = lazy("order {order}")
PAYMENT = lazy("payment {payment}")
PAYOUT = lazy("payout {payout}")
PERSON = lazy("person {person}")
POSITION = lazy("position {position}")
RUN = lazy("run {run}")
SURPLUS = lazy("surplus payment {surplus}")
TRANSFER = lazy("transfer {transfer}")

Breach = Mapping[str, object]
"""What breaks a promise, by the names in its sentence: an id, a word, or an amount as a list of
minor units and currency."""


class LineInRun(NamedTuple):
    """A line of a run that breaks a promise, by its number."""

    run: int
    line: int


@dataclass(frozen=True)
class Invariant:
    """`promise` in words; `sentence` for each thing that breaks it; `breaches` a query whose
    columns are the names in the sentence, or what tells them."""

    promise: str
    sentence: str
    breaches: str | Callable[[], Iterator[Breach]]

    def found(self) -> list[str]:
        """What breaks it, at most ten."""
        return [self._told(each) for each in islice(self._broken(), MOST_SHOWN)]

    def _broken(self) -> Iterable[Breach]:
        if not isinstance(self.breaches, str):
            return self.breaches()
        limited = f"""SELECT to_jsonb(found)::text FROM ({self.breaches}) found
                      LIMIT {MOST_SHOWN}"""  # noqa: S608 - our own words
        return map(json.loads, sql.values(str, limited))

    def _told(self, breach: Breach) -> str:
        shown = {
            name: _amount(*value) if isinstance(value, list) else value
            for name, value in breach.items()
        }
        return str(self.sentence).format(**shown)


def _amount(minor: int | str, currency: str) -> str:
    """In minor units where no market has the currency: whatever is broken can be told."""
    if currency not in markets.currencies():
        return f"{minor} {currency}"
    return markets.money(Money(int(minor), currency))
