"""What priced lines come to. Carts, checkout and orders all ask here, so that what is shown is what
is paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class PricedLine(Protocol):
    """So many pieces of something. `price` and the `tax` contained in it are of one piece, in minor
    units; `tax_rate` in basis points, `points` of one piece in hundredths."""

    @property
    def quantity(self) -> int: ...
    @property
    def price(self) -> int: ...
    @property
    def points(self) -> int: ...
    @property
    def tax(self) -> int: ...
    @property
    def tax_rate(self) -> int: ...


class TaxOfRate(NamedTuple):
    """What lines taxed at one `rate`, in basis points, come to: `amount` with the `tax` contained
    in it, in minor units."""

    rate: int
    amount: int
    tax: int


@dataclass(frozen=True)
class LineTotals:
    """The `amount` to pay and the `tax` contained in it, in minor units; pieces; hundredths of a
    point; and the tax by rate, the highest first."""

    amount: int
    tax: int
    quantity: int
    points: int
    taxes: tuple[TaxOfRate, ...]


def totals_of(lines: Iterable[PricedLine]) -> LineTotals:
    """What these lines come to."""
    lines = list(lines)
    rates = sorted({line.tax_rate for line in lines}, reverse=True)
    taxes = tuple(_at(rate, [line for line in lines if line.tax_rate == rate]) for rate in rates)
    return LineTotals(
        amount=sum(each.amount for each in taxes),
        tax=sum(each.tax for each in taxes),
        quantity=sum(line.quantity for line in lines),
        points=sum(line.points * line.quantity for line in lines),
        taxes=tuple(each for each in taxes if each.rate),
    )


def _at(rate: int, lines: list[PricedLine]) -> TaxOfRate:
    amount = sum(line.price * line.quantity for line in lines)
    return TaxOfRate(rate, amount, sum(line.tax * line.quantity for line in lines))
