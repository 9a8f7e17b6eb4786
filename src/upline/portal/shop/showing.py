"""What pages about goods have in common: products, totals, and how amounts are put."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from upline.base.amounts import AmountParts, Money
from upline.base.totals import LineTotals
from upline.catalog.statements import Offer
from upline.design.products import ProductPicture, product_picture
from upline.language import gettext, ngettext, writing
from upline.markets import current as markets
from upline.members.models import MemberKind
from upline.portal.visiting import Visit
from upline.screens import shown


class ProductShown(NamedTuple):
    """A product as the shop shows it; `points` is '' for customers, who earn none."""

    id: int
    name: str
    description: str
    category: str
    price: AmountParts
    points: str
    picture: ProductPicture
    opens_position: bool


class TotalsShown(NamedTuple):
    """What a cart or an order comes to, the tax contained in it by rate, and the points, '' where
    none are told."""

    total: AmountParts
    pieces: str
    taxes: list[tuple[str, str]]
    points: str


def earns_points(visit: Visit) -> bool:
    """Whether points mean something to who looks: a customer has none."""
    return visit.caller.kind == MemberKind.MEMBER


def product(visit: Visit, of: Offer) -> ProductShown:
    """A product at the price of who looks."""
    return ProductShown(
        of.package_id,
        of.name,
        of.description,
        of.category,
        amount(of.amount),
        points(of.points) if earns_points(visit) and of.points else "",
        product_picture(of.category, of.picture),
        of.opens_position,
    )


def totals(visit: Visit, of: LineTotals, currency: str) -> TotalsShown:
    """Totals of a cart or an order in a currency."""
    return TotalsShown(
        markets.parts(Money(of.amount, currency)),
        pieces(of.quantity),
        [
            (
                gettext("Includes {percent} tax", percent=percent(each.rate)),
                shown.money(each.tax, currency),
            )
            for each in of.taxes
        ],
        points(of.points) if earns_points(visit) and of.points else "",
    )


def amount(minor: int) -> AmountParts:
    """An amount in the currency of who looks."""
    return markets.parts(Money(minor, markets.current().currency))


def points(hundredths: int) -> str:
    """`19 points`, or `18.50 points`."""
    whole, part = divmod(hundredths, 100)
    count = shown.points(hundredths) if part else writing.whole(whole)
    return ngettext("{points} point", "{points} points", hundredths // 100, points=count)


def percent(basis_points: int) -> str:
    """`19 %`, or `8.10 %`."""
    whole, part = divmod(basis_points, 100)
    return shown.percent(basis_points) if part else f"{whole} %"


def pieces(count: int) -> str:
    """`3 items`."""
    return ngettext("{pieces} item", "{pieces} items", count, pieces=writing.whole(count))


def times(quantity: int, each: int, currency: str) -> str:
    """So many pieces at the price of one: `2`, the sign for times, `24.90 EUR`."""
    return f"{writing.whole(quantity)} \u00d7 {shown.money(each, currency)}"


def address_lines(of: Mapping[str, str]) -> Sequence[str]:
    """An address as it is written on a parcel."""
    city = " ".join(part for part in (of.get("zip_code"), of.get("city")) if part)
    lines = (of.get("name"), of.get("address"), city, of.get("phone"))
    return [line for line in lines if line]
