"""Money that reaches a member who has left is seen by staff, who pay it or keep it."""

import io
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from support.cast import Cast, Player
from support.installation import STAFF, STAFF_PASSWORD, TRANSACTION_PASSWORD
from support.moves import ADDRESS, tell_bank
from support.office import Visitor, problems
from support.transfers import made_up
from upline.base.actors import Shell
from upline.base.errors import FieldsWrong
from upline.base.unit import UnitOfWork
from upline.flows import blocking, closed_accounts, erasing, order_decisions, refunding
from upline.orders.models import Order
from upline.payouts.models import Payout
from upline.screens import leaving
from upline.wallet import actions as wallet
from upline.wallet import queries
from upline.wallet.models import AccountKind
from upline.wallet.queries import account_of, company_account, total_of


def _account(member: Player, kind: AccountKind = AccountKind.WALLET) -> int:
    return account_of(member.id, kind, "EUR")


def _page(member: Player, button: str = "", kind: AccountKind = AccountKind.WALLET) -> str:
    return f"/wallet/account/{_account(member, kind)}/{button}{'/' if button else ''}"


def _close(member: Player) -> None:
    blocking.block_member(UnitOfWork(Shell()), member.id, "a test")
    blocking.close_member(UnitOfWork(Shell()), member.id, "a test", leaving.remains(member.id))


def _erase(member: Player) -> str:
    return erasing.erase(UnitOfWork(Shell()), member.username)


def _give_purchase(member: Player, amount: int) -> None:
    to = _account(member, AccountKind.PURCHASE)
    its = wallet.BelongsTo(member.id)
    outside = company_account(AccountKind.OUTSIDE, "EUR")
    UnitOfWork(Shell()).commit(
        lambda: wallet.transfer(outside, to, amount, made_up("test_purchase"), f"test:{to}", its)
    )


def _owe(member: Player, amount: int) -> None:
    to = _account(member, AccountKind.OWED)
    its = wallet.BelongsTo(member.id)
    claims = company_account(AccountKind.CLAIMS, "EUR")
    UnitOfWork(Shell()).commit(
        lambda: wallet.transfer(claims, to, amount, made_up("test_debt"), f"test:{to}", its)
    )


def _came(kind: AccountKind) -> int:
    """What one of the company's accounts has come to, in minor units."""

    return total_of(company_account(kind, "EUR"))


def _balances(member: Player) -> dict[AccountKind, int]:
    return queries.balances(member.id, "EUR")


def _settled(member: Player) -> bool:
    return not any(_balances(member).values())


@pytest.fixture
def ben(cast: Cast, fill: Callable[..., None]) -> Player:
    """He left with 30.00 in his wallet."""
    fill(cast.ben, "30.00")
    _close(cast.ben)
    return cast.ben


def test_a_payout_that_the_bank_returns_to_a_closed_member_is_a_task(
    cast: Cast, olga: Visitor, fill: Callable[..., None], bring_to: Callable[..., str]
) -> None:
    anna = cast.anna
    fill(anna, "30.00")
    tell_bank(anna)
    number = bring_to(anna, "paid", "30.00")
    _close(anna)
    listed = "/wallet/account/"
    assert anna.username not in olga.get(listed, owner="closed").text

    payout = Payout.objects.get(number=number)
    olga.press(f"/payouts/payout/{payout.pk}/returned/", reason="account closed")
    assert "Money on closed accounts" in olga.get("/").text
    assert f"wallet of {anna.username}" in olga.get(listed, owner="closed").text
    olga.press(_page(anna, "pay"), note="in cash")
    assert anna.username not in olga.get(listed, owner="closed").text


def test_a_refund_that_reaches_an_erased_member_is_a_task(
    cast: Cast, olga: Visitor, fill: Callable[..., None], product: Callable[[str], int]
) -> None:
    cleo = cast.cleo
    fill(cleo, "12.50")
    cleo.client.post("cart/products/", product_id=product("soap"), quantity=1)
    cleo.client.post("cart/shipping_address/", **ADDRESS)
    funds = {"payment_method": "ewallet", "transaction_password": TRANSACTION_PASSWORD}
    assert cleo.client.post("cart/checkout/", **funds).status_code == 204
    order = Order.objects.get(member_id=cleo.id, kind="checkout")
    for waiting in Order.objects.filter(member_id=cleo.id, status="awaiting_payment"):
        order_decisions.cancel_order(UnitOfWork(Shell()), waiting.number)
    _close(cleo)
    name = _erase(cleo)
    pieces = dict.fromkeys(order.lines.values_list("id", flat=True), 1)
    refunding.refund_order(UnitOfWork(Shell()), order.number, pieces, "came back")
    assert f"wallet of {name}" in olga.get("/wallet/account/", owner="closed").text


def test_what_is_left_on_a_wallet_is_recorded_as_paid(
    ben: Player, olga: Visitor, audited: Any
) -> None:
    before = _came(AccountKind.OUTSIDE)
    said = olga.press(_page(ben, "pay"), note="Transfer of 29 November")
    assert said == f"30.00 EUR is recorded as paid to {ben.username}."
    assert _settled(ben)
    assert _came(AccountKind.OUTSIDE) - before == 3000
    assert audited("wallet.closed_paid", f"user:{ben.id}") == {
        "amount": 3000, "currency": "EUR", "debt": 0, "reason": "Transfer of 29 November",
        "changes": {"balance": {"before": 3000, "after": 0}},
    }  # fmt: skip


def test_what_can_only_buy_is_forfeited(cast: Cast, olga: Visitor, audited: Any) -> None:
    _give_purchase(cast.ben, 1200)
    _close(cast.ben)
    before = _came(AccountKind.FORFEITED)
    said = olga.press(_page(cast.ben, "forfeit", AccountKind.PURCHASE), reason="nobody claimed it")
    assert said == f"The company keeps 12.00 EUR of {cast.ben.username}."
    assert _settled(cast.ben)
    assert _came(AccountKind.FORFEITED) - before == 1200
    assert (
        audited("wallet.closed_forfeited", f"user:{cast.ben.id}")["reason"] == "nobody claimed it"
    )


@pytest.mark.parametrize(("owed", "paid"), [(1000, 2000), (4000, 0)])
def test_a_debt_is_taken_off_first(
    cast: Cast, olga: Visitor, fill: Callable[..., None], owed: int, paid: int
) -> None:
    fill(cast.ben, "30.00")
    _owe(cast.ben, owed)
    _close(cast.ben)
    before = _came(AccountKind.OUTSIDE), _came(AccountKind.CLAIMS), _came(AccountKind.COMMISSIONS)
    page = _page(cast.ben, "pay")
    seen = olga.post(page, olga.open(page) | {"note": "in cash"}).text
    assert "Pays what the member owes" in seen
    assert f"{paid // 100}.00 EUR" in seen
    olga.press(page, note="in cash")
    assert _balances(cast.ben)[AccountKind.WALLET] == 0
    assert _balances(cast.ben)[AccountKind.OWED] == owed - (3000 - paid)
    after = _came(AccountKind.OUTSIDE), _came(AccountKind.CLAIMS), _came(AccountKind.COMMISSIONS)
    moved = [now - then for now, then in zip(after, before, strict=True)]
    assert moved == [paid, 3000 - paid, 3000 - paid]


def test_a_balance_that_changed_since_the_page_was_opened_is_not_settled(
    ben: Player, olga: Visitor, fill: Callable[..., None], nothing_changes: Any
) -> None:
    page = _page(ben, "pay")
    form = olga.previewed(page, olga.filled(page, note="in cash"))
    fill(ben, "1.00")
    with nothing_changes():
        assert "31.00 EUR" in olga.post(page, form).text
        with pytest.raises(closed_accounts.BalanceChanged):
            closed_accounts.pay(UnitOfWork(Shell()), _account(ben), "in cash", seen=3000)


@pytest.mark.parametrize("standing", ["active", "blocked"])
def test_who_may_come_back_keeps_what_they_have(
    cast: Cast, fill: Callable[..., None], nothing_changes: Any, standing: str
) -> None:
    fill(cast.ben, "30.00")
    if standing == "blocked":
        blocking.block_member(UnitOfWork(Shell()), cast.ben.id, "a test")
    for account in (_account(cast.ben), _account(cast.ben, AccountKind.OWED), 1):
        with nothing_changes(), pytest.raises(closed_accounts.NothingToSettle):
            closed_accounts.pay(UnitOfWork(Shell()), account, "in cash")
        with nothing_changes(), pytest.raises(closed_accounts.NothingToSettle):
            closed_accounts.forfeit(UnitOfWork(Shell()), account, "kept")


def test_it_is_settled_once(ben: Player, olga: Visitor, nothing_changes: Any) -> None:
    olga.press(_page(ben, "forfeit"), reason="nobody claimed it")
    with nothing_changes(), pytest.raises(closed_accounts.NothingToSettle):
        closed_accounts.pay(UnitOfWork(Shell()), _account(ben), "in cash")
    assert problems(olga.send(_page(ben, "pay"), note="in cash"))


def test_a_note_and_a_reason_are_needed(ben: Player, nothing_changes: Any) -> None:
    for settle in (closed_accounts.pay, closed_accounts.forfeit):
        with nothing_changes(), pytest.raises(FieldsWrong):
            settle(UnitOfWork(Shell()), _account(ben), " ")


def test_the_shell_lists_pays_and_forfeits(
    ben: Player, fill: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{STAFF_PASSWORD}\n"))
        said = io.StringIO()
        call_command("closed", *words, stdout=said)
        return said.getvalue()

    number = str(_account(ben))
    assert f"{number}  wallet of {ben.username}  30.00 EUR\n" in run("list")
    paid = run("pay", number, "--as", STAFF, "--note", "in cash")
    assert paid == "30.00 EUR is recorded as paid.\n"
    assert ben.username not in run("list")
    with pytest.raises(CommandError, match="holds nothing"):
        run("forfeit", number, "--as", STAFF, "--reason", "kept")
    fill(ben, "5.00")
    assert run("forfeit", number, "--as", STAFF, "--reason", "kept") == (
        "The company keeps 5.00 EUR.\n"
    )
    assert _settled(ben)


def test_a_debt_is_waived_once_nothing_is_left_to_pay_it(
    cast: Cast, olga: Visitor, fill: Callable[..., None], audited: Any, nothing_changes: Any
) -> None:
    fill(cast.ben, "5.00")
    _owe(cast.ben, 2000)
    _close(cast.ben)
    debt = _account(cast.ben, AccountKind.OWED)
    with nothing_changes(), pytest.raises(closed_accounts.HoldsMoney):
        closed_accounts.waive(UnitOfWork(Shell()), debt, "cannot pay")
    with pytest.raises(erasing.StillNeeded):
        _erase(cast.ben)
    olga.press(_page(cast.ben, "pay"), note="in cash")
    with nothing_changes(), pytest.raises(FieldsWrong):
        closed_accounts.waive(UnitOfWork(Shell()), debt, " ")
    assert cast.ben.username in olga.get("/wallet/account/", owner="debts").text
    before = _came(AccountKind.CLAIMS)
    said = olga.press(_page(cast.ben, "waive", AccountKind.OWED), reason="cannot pay")
    assert said == f"{cast.ben.username} no longer owes 15.00 EUR."
    assert _came(AccountKind.CLAIMS) - before == 1500
    assert audited("wallet.closed_waived", f"user:{cast.ben.id}")["amount"] == 1500
    with nothing_changes(), pytest.raises(closed_accounts.NothingToSettle):
        closed_accounts.waive(UnitOfWork(Shell()), debt, "cannot pay")
    for waiting in Order.objects.filter(member_id=cast.ben.id, status="awaiting_payment"):
        order_decisions.cancel_order(UnitOfWork(Shell()), waiting.number)
    assert _erase(cast.ben)


def test_a_debt_of_a_member_who_is_still_here_is_not_waived(
    cast: Cast, nothing_changes: Any
) -> None:
    _owe(cast.ben, 2000)
    with nothing_changes(), pytest.raises(closed_accounts.NothingToSettle):
        closed_accounts.waive(
            UnitOfWork(Shell()), _account(cast.ben, AccountKind.OWED), "cannot pay"
        )
