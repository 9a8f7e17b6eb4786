"""What a member still has here: said before a membership is closed for good."""

from typing import NamedTuple

from upline.base import sql
from upline.company import current as company
from upline.genealogy.queries import number_of_customers
from upline.language import gettext, ngettext

_REMAINS = """
SELECT (SELECT balance FROM wallet_account WHERE member_id = %(member)s AND kind = 'wallet')
           AS wallet,
       (SELECT sum(balance) FROM wallet_account
        WHERE member_id = %(member)s AND kind IN ('deposits', 'purchase'))::bigint AS to_buy_with,
       (SELECT balance FROM wallet_account WHERE member_id = %(member)s AND kind = 'owed') AS owed,
       epins.number AS epins, epins.amount AS on_epins,
       orders.number AS orders, orders.amount AS of_orders,
       payouts.number AS payouts, payouts.amount AS of_payouts
FROM (SELECT count(*) AS number, coalesce(sum(balance), 0)::bigint AS amount FROM epins_epin
      WHERE owner_id = %(member)s AND balance > 0) epins,
     (SELECT count(*) AS number, coalesce(sum(total_amount), 0)::bigint AS amount
      FROM orders_order WHERE member_id = %(member)s AND status = 'awaiting_payment') orders,
     (SELECT count(*) AS number, coalesce(sum(amount), 0)::bigint AS amount
      FROM payouts_payout WHERE member_id = %(member)s
        AND status IN ('requested', 'approved', 'in_batch')) payouts
"""


class _Remains(NamedTuple):
    """Amounts in minor units, each beside how many things hold it."""

    wallet: int | None
    to_buy_with: int | None
    owed: int | None
    epins: int
    on_epins: int
    orders: int
    of_orders: int
    payouts: int
    of_payouts: int


def remains(member_id: int) -> str:
    """One sentence: money, e-pins, open orders, payouts and customers of a member; ''
    where nothing is left."""
    row = sql.one(_Remains, _REMAINS, {"member": member_id})
    assert row is not None, "it has no FROM that could be empty"
    customers = number_of_customers(member_id)
    money = company.current().money
    parts = [
        (row.wallet, gettext("{amount} in the wallet", amount=money(row.wallet or 0))),
        (
            row.to_buy_with,
            gettext("{amount} in the shopping balance", amount=money(row.to_buy_with or 0)),
        ),
        (row.owed, gettext("a debt of {amount}", amount=money(row.owed or 0))),
        (
            row.epins,
            ngettext(
                "{count} e-pin ({amount})",
                "{count} e-pins ({amount})",
                row.epins,
                amount=money(row.on_epins),
            ),
        ),
        (
            row.orders,
            ngettext(
                "{count} unpaid order ({amount})",
                "{count} unpaid orders ({amount})",
                row.orders,
                amount=money(row.of_orders),
            ),
        ),
        (
            row.payouts,
            ngettext(
                "{count} open payout ({amount})",
                "{count} open payouts ({amount})",
                row.payouts,
                amount=money(row.of_payouts),
            ),
        ),
        (customers, ngettext("{count} customer", "{count} customers", customers)),
    ]
    found = [words for amount, words in parts if amount]
    return gettext("This member still has {what}.", what=", ".join(found)) if found else ""
