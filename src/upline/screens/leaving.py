"""What a member still has here: said before a membership is closed for good."""

from collections.abc import Callable
from typing import NamedTuple

from upline.base import sql
from upline.base.amounts import Money
from upline.genealogy.queries import number_of_customers
from upline.language import gettext, ngettext
from upline.markets import current as markets

_REMAINS = """
SELECT what, currency, count(*) AS number, sum(amount)::bigint AS amount
FROM (SELECT CASE WHEN kind = 'deposits' THEN 'purchase' ELSE kind END AS what, currency,
             balance AS amount
      FROM wallet_account WHERE member_id = %(member)s AND balance > 0
      UNION ALL
      SELECT 'e-pin', currency, balance
      FROM epins_epin epin JOIN epins_epinbatch batch ON batch.id = epin.batch_id
      WHERE owner_id = %(member)s AND balance > 0
      UNION ALL
      SELECT 'unpaid order', currency, total_amount
      FROM orders_order JOIN markets_market market ON market.id = market_id
      WHERE member_id = %(member)s AND status = 'awaiting_payment'
      UNION ALL
      SELECT 'open payout', currency, amount FROM payouts_payout
      WHERE member_id = %(member)s AND status IN ('requested', 'approved', 'in_batch')) found
GROUP BY what, currency ORDER BY currency
"""
_SAID: dict[str, Callable[[int, str], str]] = {
    "wallet": lambda _, money: gettext("{amount} in the wallet", amount=money),
    "purchase": lambda _, money: gettext("{amount} in the shopping balance", amount=money),
    "owed": lambda _, money: gettext("a debt of {amount}", amount=money),
    "e-pin": lambda number, money: ngettext(
        "{count} e-pin ({amount})", "{count} e-pins ({amount})", number, amount=money
    ),
    "unpaid order": lambda number, money: ngettext(
        "{count} unpaid order ({amount})", "{count} unpaid orders ({amount})", number, amount=money
    ),
    "open payout": lambda number, money: ngettext(
        "{count} open payout ({amount})", "{count} open payouts ({amount})", number, amount=money
    ),
}
"""What is said of each kind, in this order."""


class _Remains(NamedTuple):
    """So many things of one kind that hold or owe an amount, in minor units of a currency."""

    what: str
    currency: str
    number: int
    amount: int


def remains(member_id: int) -> str:
    """One sentence: money, e-pins, open orders, payouts and customers of a member; ''
    where nothing is left."""
    found = sql.rows(_Remains, _REMAINS, {"member": member_id})
    order = [*_SAID]
    parts = [
        _SAID[row.what](row.number, markets.money(Money(row.amount, row.currency)))
        for row in sorted(found, key=lambda row: order.index(row.what))
    ]
    customers = number_of_customers(member_id)
    if customers:
        parts.append(ngettext("{count} customer", "{count} customers", customers))
    return gettext("This member still has {what}.", what=", ".join(parts)) if parts else ""
