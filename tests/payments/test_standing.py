"""What was checked before the hash still holds when money and tokens are given."""

from collections.abc import Callable
from typing import Any

import pytest

from support.cast import Cast, Player
from support.installation import PASSWORD
from upline.base import sql
from upline.base.actors import Shell
from upline.base.amounts import Money
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.company.models import ApiClient
from upline.flows import blocking, housekeeping
from upline.members import actions as members
from upline.members.models import Member, User
from upline.payments import actions as payments
from upline.wallet.models import AccountKind
from upline.wallet.queries import balances


def pay(cast: Cast, checked_password: str) -> None:
    UnitOfWork(Shell()).commit(
        lambda: payments.pay_in_from_wallet(
            cast.anna.id, cast.anna.id, Money(1000, "EUR"), checked_password
        )
    )


def test_a_wallet_pays_no_more_once_its_owner_is_blocked(
    cast: Cast, fill: Callable[[Player, str], None], nothing_changes: Callable[[], Any]
) -> None:
    fill(cast.anna, "50.00")
    checked = Member.objects.get(pk=cast.anna.id).transaction_password
    blocking.block_member(UnitOfWork(Shell()), cast.anna.id, "a test")
    with nothing_changes(), pytest.raises(Refusal) as refusal:
        pay(cast, checked)
    assert refusal.value.code == "1015"


def test_a_wallet_pays_no_more_by_a_password_that_was_changed(
    cast: Cast, fill: Callable[[Player, str], None], nothing_changes: Callable[[], Any]
) -> None:
    fill(cast.anna, "50.00")
    with nothing_changes(), pytest.raises(Refusal) as refusal:
        pay(cast, "the hash of the one before")
    assert refusal.value.code == "1015"


def test_no_token_is_made_for_a_member_blocked_since_the_check(cast: Cast) -> None:
    checked: Any = User.objects.get(pk=cast.anna.id).password
    client_id = ApiClient.objects.get(name="tests").pk
    blocking.block_member(UnitOfWork(Shell()), cast.anna.id, "a test")
    assert members.give_token(client_id, cast.anna.id, checked) is None
    blocking.unblock_member(UnitOfWork(Shell()), cast.anna.id, "a test")
    cast.anna.client.sign_in(cast.anna.username, PASSWORD)


def test_one_members_trouble_keeps_nobody_elses_money(
    cast: Cast, fill: Callable[[Player, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for player in (cast.anna, cast.erik):
        fill(player, "50.00")
        checked = Member.objects.get(pk=player.id).transaction_password
        _pay_in(player.id, checked)
    sql.run("UPDATE payments_payment SET expires_at = created_at")
    give_back = housekeeping._give_back_unless_awaited

    def fail_for_anna(member_id: int) -> None:
        if member_id == cast.anna.id:
            raise RuntimeError("planted")
        give_back(member_id)

    monkeypatch.setattr(housekeeping, "_give_back_unless_awaited", fail_for_anna)
    housekeeping.let_time_pass()
    assert balances(cast.anna.id, "EUR")[AccountKind.WALLET] == 4000
    assert balances(cast.erik.id, "EUR")[AccountKind.WALLET] == 5000


def _pay_in(member_id: int, checked: str) -> None:
    UnitOfWork(Shell()).commit(
        lambda: payments.pay_in_from_wallet(member_id, member_id, Money(1000, "EUR"), checked)
    )
