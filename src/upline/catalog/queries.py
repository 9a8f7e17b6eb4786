"""Packages as they are on sale now."""

from typing import NamedTuple

from django.db.models import QuerySet

from upline.base import sql
from upline.base.errors import FieldsWrong
from upline.catalog.errors import PackageNotFound, ProductNotAvailable
from upline.catalog.models import Package, PackageKind


def on_sale(kind: PackageKind) -> QuerySet[Package]:
    """The active packages of one kind, in the order of their ids."""
    return (
        Package.objects.filter(kind=kind, active=True)
        .select_related("picture")
        .defer("picture__content")
    )


def find(package_id: int) -> Package:
    """An active package of either kind. Raises PackageNotFound."""
    package = (
        Package.objects.filter(id=package_id, active=True)
        .select_related("picture")
        .defer("picture__content")
        .first()
    )
    if package is None:
        raise PackageNotFound()
    return package


def membership(named: str) -> Package:
    """A membership package that is for sale, by the office's code or else by its name. Raises
    FieldsWrong."""
    every = Package.objects.defer("description")
    found = list(every.filter(code__iexact=named)) or list(every.filter(name__iexact=named)[:2])
    if not found:
        raise FieldsWrong(f"There is no package with the code or name {named}.")
    if len(found) > 1:
        raise FieldsWrong(f"Several packages have the name {named}: enter the code of one.")
    if found[0].kind != PackageKind.MEMBERSHIP:
        raise FieldsWrong(f"{found[0].name} is not a membership package.")
    if not found[0].active:
        raise FieldsWrong(f"{found[0].name} is not for sale any more.")
    return found[0]


class _Sold(NamedTuple):
    """A package as far as an order line goes."""

    id: int
    name: str
    amount: int
    commissionable_value: int
    points: int
    tax_rate: int


def sold_at_signup(package_id: int) -> Package:
    """An active membership package. Raises ProductNotAvailable."""
    row = sql.one(
        _Sold,
        """SELECT id, name, amount, commissionable_value, points, tax_rate FROM catalog_package
           WHERE id = %s AND kind = 'membership' AND active""",
        [package_id],
    )
    if row is None:
        raise ProductNotAvailable()
    return Package.from_db(None, row._fields, row)
