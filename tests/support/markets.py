"""A second market: Japan, in yen, which have no decimals, with 10 % tax in prices."""

from datetime import date
from decimal import Decimal
from typing import Any

from support.cast import Player, unique
from support.logged import TAX, logged

JAPAN = 392


def open_japan(language: str = "ja", currency: str = "JPY") -> int:
    """The market's id. Each time another one, without countries, so that tests may have several;
    in another currency without decimals, if one is named."""
    from upline.base import clock
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.flows import selling
    from upline.markets.models import TaxClass, TaxRate

    market_id = selling.open_market(
        UnitOfWork(Shell()), currency=currency, exponent=0, country_ids=[], code=unique("J")[-10:],
        name="Japan", seller="Acme KK", seller_address="Tokyo", seller_tax_number="T1",
        language=language,
    )  # fmt: skip
    with logged(TAX):
        TaxRate.objects.create(
            market_id=market_id,
            tax_class=TaxClass.objects.get(code="standard"),
            rate=1000,
            first_day=date(2001, 1, 1),
            added_at=clock.now(),
        )
    return market_id


def set_price(package_id: int, market_id: int, amount: int, **more: Any) -> None:
    """As the office sets it; in yen."""
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.flows import selling

    fields = {"amount": amount, "member_amount": None, "commissionable_value": 0,
              "tax_class": "standard", "own_points": None} | more  # fmt: skip
    selling.set_price(UnitOfWork(Shell()), package_id, market_id, **fields)


def shown(player: Player) -> dict[str, Decimal]:
    """The price of each cart package that a member is shown, by its name."""
    from support.client import data

    products = data(player.client.get("package/cart/"))["products"]
    return {each["name"]: Decimal(each["amount"]) for each in products}


def emigrated(player: Player, market_id: int) -> Player:
    """A member whom the office has moved to this market."""
    move(player.id, market_id)
    return player


def move(member_id: int, market_id: int) -> None:
    """The same; orders that await payment, as that of a free signup, are cancelled first."""
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.flows import changing_market, order_decisions
    from upline.orders.models import Order

    for order in Order.objects.filter(member_id=member_id, status="awaiting_payment"):
        order_decisions.cancel_order(UnitOfWork(Shell()), order.number)
    changing_market.move(UnitOfWork(Shell()), member_id, market_id, "moved abroad")
