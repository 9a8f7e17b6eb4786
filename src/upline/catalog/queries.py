"""Packages as they are on sale now."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from upline.base import sql
from upline.base.errors import FieldsWrong
from upline.catalog.errors import PackageNotFound, ProductNotAvailable
from upline.catalog.models import Package, PackageKind, Price
from upline.catalog.statements import OFFERS, Offer
from upline.company import current as company
from upline.language import gettext


def on_sale(market_id: int, kind: PackageKind, *, retail: bool = False) -> list[Offer]:
    """What a market offers of one kind, in the order of their ids: to members and preferred
    customers, or to `retail` customers."""
    return _offers(market_id, kind=kind, retail=retail)


def offers(market_id: int, package_ids: Sequence[int], *, retail: bool = False) -> dict[int, Offer]:
    """Those of these packages that a market offers, by their ids."""
    found = _offers(market_id, packages=list(package_ids), retail=retail)
    return {each.package_id: each for each in found}


def find(market_id: int, package_id: int, *, retail: bool = False) -> Offer:
    """A package of either kind as a market offers it. Raises PackageNotFound."""
    found = _offers(market_id, packages=[package_id], retail=retail)
    if not found:
        raise PackageNotFound()
    return found[0]


def sold_at_signup(market_id: int, package_id: int) -> Offer:
    """A membership package that a market offers. Raises ProductNotAvailable."""
    found = _offers(market_id, kind=PackageKind.MEMBERSHIP, packages=[package_id])
    if not found:
        raise ProductNotAvailable()
    return found[0]


def _offers(
    market_id: int,
    kind: PackageKind | None = None,
    packages: list[int] | None = None,
    *,
    retail: bool = False,
) -> list[Offer]:
    asked = {
        "market": market_id,
        "day": company.today(),
        "kind": kind,
        "packages": packages,
        "retail": retail,
    }
    return sql.rows(Offer, OFFERS, asked)


def membership(named: str) -> Package:
    """A membership package that is for sale, by the office's code or else by its name. Raises
    FieldsWrong."""
    every = Package.objects.defer("description")
    found = list(every.filter(code__iexact=named)) or list(every.filter(name__iexact=named)[:2])
    if not found:
        raise FieldsWrong(
            gettext("There is no package with the code or name {named}.", named=named)
        )
    if len(found) > 1:
        raise FieldsWrong(
            gettext("Several packages have the name {named}: enter the code of one.", named=named)
        )
    if found[0].kind != PackageKind.MEMBERSHIP:
        raise FieldsWrong(gettext("{name} is not a membership package.", name=found[0].name))
    if not found[0].active:
        raise FieldsWrong(gettext("{name} is not for sale any more.", name=found[0].name))
    return found[0]


def price_list(**of: int) -> QuerySet[Price]:
    """The prices that hold today, and those that are to begin, of a package (`package_id`) or a
    market (`market_id`): those of one package in one market in turn."""
    later = Price.objects.filter(
        package=OuterRef("package"),
        market=OuterRef("market"),
        first_day__gt=OuterRef("first_day"),
        first_day__lte=company.today(),
    )
    found = Price.objects.filter(~Exists(later), **of).select_related("tax_class")
    return found.order_by("market_id", "package_id", "first_day")
