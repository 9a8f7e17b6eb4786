"""The worked example of docs/money.md."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from support.cast import Cast, Player
from support.client import data
from support.moves import ADDRESS, pay_in
from support.wares import put_on_sale
from upline.base import clock, sql
from upline.catalog.models import Package
from upline.flows import housekeeping


def test_the_worked_example_comes_out_as_printed(
    cast: Cast, fill: Callable[[Player, str], None], give_epin: Callable[..., str]
) -> None:
    anna = cast.anna
    fill(anna, "100.00")
    code = give_epin(anna, "50.00")
    pay_in(anna, "30.00")
    paid = anna.client.post("epin/payment/", payment_amount="20.00", epin_code=code)
    assert paid.status_code == 204
    package = put_on_sale("C-example", 4500, kind="cart", name="Example", tax_class="standard")
    before = company_accounts()
    anna.client.post("cart/shipping_address/", **ADDRESS)
    anna.client.post("cart/products/", product_id=package.pk, quantity=1)
    assert anna.client.post("cart/checkout/").status_code == 204
    with clock.pinned(clock.now() + timedelta(minutes=31)):
        housekeeping.let_time_pass()

    after = company_accounts()
    balance = data(anna.client.get("ewallet/balance/"))
    assert (balance["balance"], balance["purchase_balance"]) == (70, 0)
    assert data(anna.client.get("epins/"))["epins"][0]["balance"] == 35
    assert after["sales"] - before["sales"] == 3782
    assert after["tax"] - before["tax"] == 718
    Package.objects.filter(pk=package.pk).update(active=False)


class Balance(NamedTuple):
    kind: str
    balance: int


def company_accounts() -> dict[str, int]:
    rows = sql.rows(
        Balance,
        """SELECT account.kind, coalesce(sum(CASE WHEN transfer.credit_id = account.id
                  THEN amount ELSE -amount END), 0)::bigint AS balance
           FROM wallet_account account
           LEFT JOIN wallet_transfer transfer
                ON account.id IN (transfer.debit_id, transfer.credit_id)
           WHERE account.member_id IS NULL GROUP BY account.kind""",
    )
    return dict(rows)
