"""Each market has its own price list, in its own currency, with its own tax."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from support.cast import Cast, Player, unique
from support.client import data, refused
from support.customers import customer_of
from support.logged import PACKAGE, logged
from support.markets import emigrated, open_japan, set_price, shown
from support.moves import ADDRESS
from support.wares import put_on_sale
from upline.base.actors import Shell
from upline.base.errors import Conflict, FieldsWrong
from upline.base.models import AuditEntry
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package, Price
from upline.company import current as company
from upline.events.models import Event
from upline.flows import market_rates, selling
from upline.markets import current as markets
from upline.markets.models import MarketRate, TaxClass, TaxRate
from upline.orders.models import Order

Product = Callable[[str], int]


def ordered(player: Player) -> Order:
    answer = player.client.post("cart/checkout/")
    assert answer.status_code == 204, answer.text
    return Order.objects.get(number=answer.headers["Location"].split("/")[-2])


def standard() -> int:
    return TaxClass.objects.get(code="standard").pk


def test_members_of_a_market_see_and_buy_only_what_it_offers_at_its_price(
    cast: Cast, product: Product, nothing_changes: Callable[[], Any]
) -> None:
    japan = open_japan()
    set_price(product("soap"), japan, 1800, commissionable_value=900, own_points=1234)
    dan = emigrated(cast.dan, japan)
    assert shown(dan) == {"Soap": 1800}
    assert (
        shown(cast.anna)["Soap"]
        == data(cast.anna.client.get("package/cart/"))["products"][0]["amount"]
    )
    refused(dan.client.get(f"package/{product('tea')}/"), 404, "1012")
    with nothing_changes():
        answer = dan.client.post("cart/products/", product_id=product("tea"), quantity=1)
        refused(answer, 422, "1012", "product_id")

    dan.client.post("cart/products/", product_id=product("soap"), quantity=2)
    cart = data(dan.client.get("cart/products/"))
    assert (cart["total_amount"], str(cart["total_pv"]), cart["currency"]) == (3600, "24.68", "JPY")
    dan.client.post("cart/shipping_address/", **ADDRESS)
    refused(dan.client.post("cart/checkout/", total_amount="3600.5"), 422, "1004", "total_amount")
    order = ordered(dan)
    line = order.lines.get()
    assert (order.market_id, order.total_amount, order.total_points) == (japan, 3600, 2468)
    assert (line.price, line.tax, line.tax_rate, line.commissionable_value) == (
        1800, 1800 * 1000 // 11000, 1000, 900,
    )  # fmt: skip


def test_what_a_market_offers_no_more_cannot_be_ordered(cast: Cast, product: Product) -> None:
    japan = open_japan()
    set_price(product("soap"), japan, 1800)
    dan = emigrated(cast.dan, japan)
    dan.client.post("cart/products/", product_id=product("soap"), quantity=1)
    dan.client.post("cart/shipping_address/", **ADDRESS)
    selling.withdraw_price(UnitOfWork(Shell()), product("soap"), japan)
    assert shown(dan) == {}
    refused(dan.client.post("cart/checkout/"), 422, "1012", "product_id")
    with pytest.raises(Conflict, match="not offered in this market"):
        selling.withdraw_price(UnitOfWork(Shell()), product("soap"), japan)


def test_members_pay_the_price_for_members_and_retail_customers_the_full_one(
    cast: Cast, product: Product
) -> None:
    home = markets.home().id
    set_price(product("tea"), home, 499, member_amount=399)
    retail, preferred = customer_of(cast.anna), customer_of(cast.anna, kind="preferred")
    for buyer, price in ((cast.anna, "3.99"), (preferred, "3.99"), (retail, "4.99")):
        assert str(shown(buyer)["Tea"]) == price
        buyer.client.post("cart/products/", product_id=product("tea"), quantity=1)
        assert str(data(buyer.client.get("cart/products/"))["total_amount"]) == price
        buyer.client.post("cart/shipping_address/", **ADDRESS)
        assert ordered(buyer).total_amount == int(price.replace(".", ""))


def test_a_new_tax_rate_leaves_orders_as_they_were_sold(cast: Cast, product: Product) -> None:
    home, anna = markets.home().id, cast.anna
    anna.client.post("cart/shipping_address/", **ADDRESS)
    anna.client.post("cart/products/", product_id=product("soap"), quantity=1)
    before = ordered(anna)
    market_rates.add_tax_rate(UnitOfWork(Shell()), home, standard(), 700, company.today())
    anna.client.post("cart/products/", product_id=product("soap"), quantity=1)
    after = ordered(anna)
    assert (before.lines.get().tax_rate, before.lines.get().tax) == (1900, 1250 * 1900 // 11900)
    assert (after.lines.get().tax_rate, after.lines.get().tax) == (700, 1250 * 700 // 10700)
    assert after.total_amount == before.total_amount


def test_rates_are_added_for_days_to_come_and_never_change(
    cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    japan, shell = open_japan(), UnitOfWork(Shell())
    yesterday = company.today() - timedelta(days=1)
    with nothing_changes():
        with pytest.raises(FieldsWrong) as wrong:
            market_rates.add_tax_rate(shell, japan, standard(), 800, yesterday)
        assert list(wrong.value.fields) == ["first_day"]
        with pytest.raises(FieldsWrong) as wrong:
            market_rates.add_tax_rate(shell, japan, standard(), 10_001, company.today())
        assert list(wrong.value.fields) == ["rate"]
        with pytest.raises(Conflict, match="plan currency"):
            market_rates.add_rate(shell, markets.home().id, 1, None, company.today())
        with pytest.raises(FieldsWrong) as wrong:
            market_rates.add_rate(shell, japan, 0, None, company.today())
        assert list(wrong.value.fields) == ["per_unit"]
    market_rates.add_rate(shell, japan, 160_000_000, 150_000_000, company.today())
    for rates in (TaxRate.objects.filter(market_id=japan), MarketRate.objects):
        with pytest.raises(DatabaseError), transaction.atomic():
            rates.update(first_day=date(2020, 1, 1))


def test_a_tax_rate_that_a_price_does_not_bear_is_refused(
    product: Product, nothing_changes: Callable[[], Any]
) -> None:
    japan = open_japan()
    set_price(product("soap"), japan, 1100, commissionable_value=1000)
    with nothing_changes(), pytest.raises(FieldsWrong) as wrong:
        market_rates.add_tax_rate(
            UnitOfWork(Shell()), japan, standard(), 1100, company.today() + timedelta(days=9)
        )
    assert "less than its commissionable value" in wrong.value.fields["rate"]
    with nothing_changes(), pytest.raises(FieldsWrong) as wrong:
        set_price(product("soap"), japan, 1100, tax_class="reduced")
    assert wrong.value.fields["tax_class"].startswith("Reduced rate has no tax rate in Japan yet")
    price = Price.objects.filter(market_id=japan)
    with pytest.raises(IntegrityError, match="price_value_within_price"), transaction.atomic():
        price.update(commissionable_value=1001)


def the_day_comes(market: int, first_day: date) -> None:
    """What was to begin on this day has begun."""
    with logged(PACKAGE):
        Price.objects.filter(market_id=market, first_day=first_day).update(
            first_day=company.today()
        )


LAMP = "Lamp"


def a_lamp() -> int:
    """A package of its own for 12.50; the one before is not for sale any more."""
    with logged(PACKAGE):
        Package.objects.filter(name=LAMP).update(active=False)
    priced = {"commissionable_value": 500, "tax_class": "standard"}
    return int(put_on_sale(unique("C-lamp"), 1_250, kind="cart", name=LAMP, **priced).pk)


def test_a_price_begins_on_its_day_and_orders_before_keep_theirs(
    cast: Cast,
) -> None:
    home, anna, lamp = markets.home().id, cast.anna, a_lamp()
    anna.client.post("cart/shipping_address/", **ADDRESS)
    first_day = company.today() + timedelta(days=9)
    set_price(lamp, home, 1500, commissionable_value=700, first_day=first_day)
    assert str(shown(anna)[LAMP]) == "12.5"
    anna.client.post("cart/products/", product_id=lamp, quantity=1)
    before = ordered(anna)
    anna.client.post("cart/products/", product_id=lamp, quantity=2)
    the_day_comes(home, first_day)
    assert shown(anna)[LAMP] == 15
    refused(anna.client.post("cart/checkout/"), 422, "1107")
    assert data(anna.client.get("cart/products/"))["total_amount"] == 30
    after = ordered(anna)
    assert [each.total_amount for each in (before, after)] == [1250, 3000]
    assert after.lines.get().commissionable_value == 700


def test_the_audit_log_says_what_a_price_was_and_will_be() -> None:
    home, lamp, first_day = markets.home().id, a_lamp(), company.today() + timedelta(days=9)
    set_price(lamp, home, 1500, first_day=first_day)
    entry = AuditEntry.objects.filter(event="package.price_changed").latest("pk")
    assert entry.facts["changes"]["price"] == {"before": "12.50 EUR", "after": "15.00 EUR"}
    assert entry.facts["since"] == str(first_day)
    selling.cancel_price(UnitOfWork(Shell()), lamp, home, first_day)
    entry = AuditEntry.objects.filter(event="package.price_changed").latest("pk")
    assert entry.facts["changes"]["price"] == {"before": "15.00 EUR", "after": "12.50 EUR"}
    told = Event.objects.filter(kind="package.price_changed").latest("pk")
    assert told.data["first_day"] == str(first_day)


def test_a_price_of_a_day_that_is_over_is_neither_set_nor_cancelled(
    nothing_changes: Callable[[], Any],
) -> None:
    home, lamp, today = markets.home().id, a_lamp(), company.today()
    with nothing_changes():
        with pytest.raises(FieldsWrong) as wrong:
            set_price(lamp, home, 1500, first_day=today - timedelta(days=1))
        assert list(wrong.value.fields) == ["first_day"]
        for day in (today, today + timedelta(days=1), Price.objects.earliest("pk").first_day):
            with pytest.raises(Conflict, match="No price"):
                selling.cancel_price(UnitOfWork(Shell()), lamp, home, day)


def test_who_stops_selling_a_package_drops_the_prices_to_come(cast: Cast, product: Product) -> None:
    japan, first_day = open_japan(), company.today() + timedelta(days=9)
    set_price(product("soap"), japan, 1800)
    set_price(product("soap"), japan, 2000, first_day=first_day)
    selling.withdraw_price(UnitOfWork(Shell()), product("soap"), japan)
    assert not Price.objects.filter(market_id=japan).exists()


def test_a_package_whose_first_price_is_to_come_is_not_offered_yet(
    cast: Cast, product: Product
) -> None:
    japan, first_day = open_japan(), company.today() + timedelta(days=9)
    set_price(product("soap"), japan, 1800, first_day=first_day)
    dan = emigrated(cast.dan, japan)
    assert shown(dan) == {}
    answer = dan.client.post("cart/products/", product_id=product("soap"), quantity=1)
    refused(answer, 422, "1012", "product_id")
    the_day_comes(japan, first_day)
    assert shown(dan) == {"Soap": 1800}


def test_a_tax_rate_looks_at_the_prices_that_hold_by_then(product: Product) -> None:
    japan, today = open_japan(), company.today()
    set_price(product("soap"), japan, 1100, commissionable_value=1000)
    set_price(
        product("soap"), japan, 1300, commissionable_value=1000,
        first_day=today + timedelta(days=5),
    )  # fmt: skip
    with pytest.raises(FieldsWrong):
        market_rates.add_tax_rate(
            UnitOfWork(Shell()), japan, standard(), 1100, today + timedelta(days=4)
        )
    market_rates.add_tax_rate(
        UnitOfWork(Shell()), japan, standard(), 1100, today + timedelta(days=5)
    )
