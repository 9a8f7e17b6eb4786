"""Payouts asked for, cancelled, approved, paid, failed and returned at the same moment."""

from collections.abc import Callable

import pytest

from attacks.planted import faulty_server
from attacks.races import (
    race_for_payouts,
    race_of_a_step_with_itself,
    race_to_cancel_and_to_approve,
    race_to_pay_and_to_fail,
)
from support.cast import Cast, Player
from support.installation import Installation
from support.moves import tell_bank
from upline.payouts.models import Payout


@pytest.fixture
def anna(cast: Cast, fill: Callable[..., None]) -> Player:
    fill(cast.anna, "100.00")
    tell_bank(cast.anna)
    return cast.anna


def page_of(number: str) -> str:
    return f"/payouts/payout/{Payout.objects.get(number=number).pk}/"


def test_of_10_payouts_of_all_that_a_wallet_holds_one_is_made(
    installation: Installation, anna: Player
) -> None:
    seen = race_for_payouts(installation.server, anna, "100.00")
    assert seen.answers == {"201": 1, "1014": 9}
    assert seen.remaining == [0, 100]


def test_the_race_for_payouts_notices_a_balance_that_is_checked_before_it_is_taken(
    installation: Installation, anna: Player
) -> None:
    with faulty_server(installation, "overspend") as server:
        seen = race_for_payouts(server, anna, "100.00")
    assert seen.answers["201"] > 1
    assert seen.remaining[0] < 0


def test_a_payout_is_cancelled_or_approved_and_never_both(
    installation: Installation, anna: Player, bring_to: Callable[..., str]
) -> None:
    number = bring_to(anna, "requested", "100.00")
    page = page_of(number)
    seen = race_to_cancel_and_to_approve(installation.server, anna, number, page)
    assert seen.answers["refused"] == 7
    assert seen.remaining == [100 if seen.answers["cancelled"] else 0]


def test_the_race_to_cancel_notices_a_state_that_is_read_and_then_written(
    installation: Installation, anna: Player, bring_to: Callable[..., str]
) -> None:
    number = bring_to(anna, "requested", "100.00")
    with faulty_server(installation, "payout") as server:
        seen = race_to_cancel_and_to_approve(server, anna, number, page_of(number))
    assert seen.answers["cancelled"] >= 1
    assert seen.answers["approved"] >= 1


def test_a_payout_is_paid_or_failed_and_never_both(
    installation: Installation, anna: Player, bring_to: Callable[..., str]
) -> None:
    number = bring_to(anna, "in_batch", "100.00")
    seen = race_to_pay_and_to_fail(installation.server, anna, page_of(number))
    assert seen.answers["refused"] == 7
    assert seen.remaining == [100 if seen.answers["failed"] else 0]


def test_the_race_to_pay_notices_a_state_that_is_read_and_then_written(
    installation: Installation, anna: Player, bring_to: Callable[..., str]
) -> None:
    number = bring_to(anna, "in_batch", "100.00")
    with faulty_server(installation, "payout") as server:
        seen = race_to_pay_and_to_fail(server, anna, page_of(number))
    assert seen.answers["paid"] >= 1
    assert seen.answers["failed"] >= 1
    assert seen.remaining == [100], "paid by the bank, and back in the wallet"


@pytest.mark.parametrize(
    ("before", "step", "remaining"), [("in_batch", "paid", 0), ("paid", "returned", 100)]
)
def test_a_payout_is_paid_once_and_returned_once(
    before: str, step: str, remaining: int,
    installation: Installation, anna: Player, bring_to: Callable[..., str],
) -> None:  # fmt: skip
    page = page_of(bring_to(anna, before, "100.00"))
    seen = race_of_a_step_with_itself(installation.server, anna, page, step, reason="a race")
    assert seen.answers == {step: 1, "refused": 3}
    assert seen.remaining == [remaining]


def test_the_race_to_return_notices_a_state_that_is_read_and_then_written(
    installation: Installation, anna: Player, bring_to: Callable[..., str]
) -> None:
    page = page_of(bring_to(anna, "paid", "100.00"))
    with faulty_server(installation, "payout_returned") as server:
        seen = race_of_a_step_with_itself(server, anna, page, "returned", reason="a race")
    assert seen.answers["returned"] > 1
    assert seen.remaining[0] > 100
