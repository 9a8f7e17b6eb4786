"""The office opens a market, sets its rates and prices, and moves a member there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from support.cast import Cast, unique
from support.client import data
from support.office import Visitor, problems
from upline.company import current as company
from upline.markets.models import Market, MarketRate, TaxClass
from upline.members.models import Member
from upline.orders.models import Order

Product = Callable[[str], int]
SWITZERLAND, LIECHTENSTEIN = "756", "438"
FIELDS = {"name": "Switzerland", "currency": "chf", "exponent": "2", "seller": "Acme AG",
          "seller_address": "Basel", "seller_tax_number": "CHE-1", "language": "de"}  # fmt: skip


def _opened(olga: Visitor, **more: Any) -> Market:
    code = unique("C")[-10:]
    olga.press("/markets/market/new/", **FIELDS | {"code": code} | more)
    return Market.objects.get(code=code)


def test_a_market_is_opened_and_shown_with_its_rates_and_prices(
    olga: Visitor, product: Product
) -> None:
    market = _opened(olga, countries=[SWITZERLAND, LIECHTENSTEIN])
    page, today = f"/markets/market/{market.pk}/", company.today().isoformat()
    standard = str(TaxClass.objects.get(code="standard").pk)
    olga.press(f"{page}tax-rate/", tax_class=standard, rate="8.1", first_day=today)
    olga.press(f"{page}rate/", per_unit="0.935", per_point="", first_day=today)
    olga.press(f"{page}price/", package=str(product("soap")), amount="15.90",
               commissionable_value="10", tax_class="standard", own_points="9")  # fmt: skip
    text = olga.get(page).text
    for expected in ("CHF, 2 decimals", "Acme AG", "Liechtenstein, Switzerland", "8.10 %",
                     "0.935", "15.90 CHF", "10.00 CHF", "9.00"):  # fmt: skip
        assert expected in text, expected
    assert MarketRate.objects.get(market=market).per_unit == 935_000
    assert "15.90 CHF" in olga.get(f"/catalog/package/{product('soap')}/").text
    assert "is no longer sold in" in olga.press(f"{page}withdraw/", package=str(product("soap")))
    assert "15.90 CHF" not in olga.get(page).text


def test_what_makes_no_sense_is_refused_with_a_sentence(
    olga: Visitor, product: Product, nothing_changes: Callable[[], Any]
) -> None:
    market = _opened(olga)
    page = f"/markets/market/{market.pk}/"
    yesterday = (company.today() - timedelta(days=1)).isoformat()
    with nothing_changes():
        said = problems(olga.send("/markets/market/new/", **FIELDS | {"code": market.code}))
        assert "Another market already has this code" in said
        wrong = FIELDS | {"code": "X1", "currency": "XQX"}
        assert "ISO 4217" in problems(olga.send("/markets/market/new/", **wrong))
        wrong = FIELDS | {"code": "X1", "exponent": "0"}
        assert "Amounts in CHF have 2 decimals" in problems(
            olga.send("/markets/market/new/", **wrong)
        )
        said = problems(olga.send(f"{page}tax-rate/", tax_class="1", rate="8",
                                  first_day=yesterday))  # fmt: skip
        assert "begins today or later" in said
        said = problems(olga.send(f"{page}price/", package=str(product("soap")), amount="1.2345",
                                  commissionable_value="0", tax_class="none"))  # fmt: skip
        assert "decimal" in said


def test_a_country_belongs_to_one_market(olga: Visitor, nothing_changes: Callable[[], Any]) -> None:
    first, second = _opened(olga, countries=["40"]), _opened(olga)
    page = f"/markets/market/{second.pk}/edit/"
    fields = {name: value for name, value in FIELDS.items() if name not in ("currency", "exponent")}
    with nothing_changes():
        said = problems(olga.send(page, **fields, countries=["40"]))
        assert "Austria belongs to another market" in said
    olga.press(f"/markets/market/{first.pk}/edit/", **fields | {"name": "Somewhere"})
    olga.press(page, **fields, countries=["40"])
    assert list(second.countries.values_list("country_id", flat=True)) == [40]
    assert not first.countries.exists()


def test_a_member_is_moved_to_a_market(olga: Visitor, cast: Cast) -> None:
    market, dan = _opened(olga), cast.dan
    for order in Order.objects.filter(member_id=dan.id, status="awaiting_payment"):
        dan.client.delete(f"orders/{order.number}/")
    page = f"/members/member/{dan.id}/market/"
    assert "now belongs to Switzerland" in olga.press(
        page, market=str(market.pk), reason="moved house"
    )
    assert Member.objects.get(pk=dan.id).market_id == market.pk
    assert data(dan.client.get("ewallet/balance/"))["currency"] == "CHF"
    credit = f"/members/member/{dan.id}/credit/"
    assert "50.00 CHF was added" in olga.press(credit, amount="50", reason="cash")
    assert "50.00 CHF" in olga.get(f"/members/member/{dan.id}/").text
    said = problems(olga.send(page, market=str(market.pk), reason="again"))
    assert "belongs to Switzerland already" in said
