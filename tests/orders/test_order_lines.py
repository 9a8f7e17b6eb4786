"""An order's lines keep what their package was at that moment: its type and its further figures."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from support.cast import Cast
from support.moves import ADDRESS, pay_in
from upline.base import sql
from upline.base.actors import Shell
from upline.base.errors import FieldsWrong
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package
from upline.company import queries
from upline.flows import configuring, offering
from upline.orders.models import Order, OrderLine

NAMES = ["Weight in kg", "Bonus volume"]


@pytest.fixture
def figures(office_sets: Any) -> list[str]:
    """The company has named two further figures; once named they stay."""
    if not queries.load_company().office.order_figures:
        configuring.change_settings(UnitOfWork(Shell()), order_figures=NAMES)
    return NAMES


def change(package_id: int, **fields: Any) -> None:
    offering.change_package(UnitOfWork(Shell()), package_id, None, **fields)


def bought(cast: Cast, fill: Any, product_id: int) -> OrderLine:
    fill(cast.ben, "50.00")
    assert cast.ben.client.post("cart/shipping_address/", **ADDRESS).status_code == 204
    cast.ben.client.post("cart/products/", product_id=product_id, quantity=2)
    pay_in(cast.ben, "25.00")
    answer = cast.ben.client.post("cart/checkout/")
    assert answer.status_code == 204, answer.text
    number = answer.headers["Location"].rstrip("/").rpartition("/")[2]
    return Order.objects.get(number=number).lines.get()


def test_a_line_has_the_type_and_figures_that_its_package_had(
    cast: Cast, fill: Any, product: Any, figures: list[str]
) -> None:
    change(product("soap"), order_type="kit", figures=[125, 700])
    line = bought(cast, fill, product("soap"))
    change(product("soap"), order_type="standard", figures=[])
    line.refresh_from_db()
    assert (line.order_type, line.figures) == ("kit", [125, 700])


def test_a_line_without_a_package_is_of_the_standard_type(cast: Cast) -> None:
    fee = OrderLine.objects.filter(order__member_id=cast.ben.id, package=None).get()
    assert (fee.name, fee.order_type, fee.figures) == ("Signup fee", "standard", [])


def test_a_package_has_no_more_figures_than_there_are_names_and_only_types_of_the_list(
    product: Any, figures: list[str]
) -> None:
    before = Package.objects.values_list("order_type", "figures").get(pk=product("soap"))
    for wrong in ({"figures": [1, 2, 3]}, {"figures": [-1]}, {"order_type": "barter"}):
        with pytest.raises(FieldsWrong) as refused:
            change(product("soap"), **wrong)
        assert list(refused.value.fields) == list(wrong)
    after = Package.objects.values_list("order_type", "figures").get(pk=product("soap"))
    assert after == before


@pytest.mark.parametrize(
    "names", [[], ["Bonus volume", "Weight in kg"], ["Weight", "Bonus volume"]]
)
def test_names_of_figures_are_only_added_at_the_end(names: list[str], figures: list[str]) -> None:
    before = queries.load_company().office
    with pytest.raises(FieldsWrong) as refused:
        configuring.change_settings(UnitOfWork(Shell()), order_figures=names)
    assert list(refused.value.fields) == ["order_figures"]
    assert queries.load_company().office == before


def test_the_database_keeps_the_names_of_figures(figures: list[str]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        sql.run("UPDATE company_company SET settings = settings - 'order_figures'")
    assert list(queries.load_company().office.order_figures)[: len(NAMES)] == NAMES


def test_the_standard_type_stays_in_the_list() -> None:
    with pytest.raises(FieldsWrong) as refused:
        configuring.change_settings(UnitOfWork(Shell()), order_types=["kit"])
    assert list(refused.value.fields) == ["order_types"]
