"""Payouts go to the bank by another person than the one who approved them or filled the wallet."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from support.cast import Cast, Player
from support.installation import STAFF
from support.moves import tell_bank
from support.office import acting, hire_staff
from upline.base import clock
from upline.flows import adjusting, paying_out
from upline.flows.second_person import TooNew
from upline.payouts.errors import NothingToBatch
from upline.payouts.models import Payout

RIGHTS = ("payouts.add_batch", "payouts.approve_payout", "wallet.add_transfer")


@pytest.fixture
def anna(cast: Cast, fill: Callable[..., None], office_sets: Any) -> Player:
    fill(cast.anna, "100.00")
    tell_bank(cast.anna)
    office_sets(payouts_by_two=True)
    return cast.anna


def payout(number: str) -> Any:
    return Payout.objects.get(number=number)


def test_nobody_puts_a_payout_into_a_batch_that_they_approved(
    anna: Player, bring_to: Callable[..., str]
) -> None:
    kim, number = hire_staff(*RIGHTS), bring_to(anna, "requested")
    paying_out.approve(acting(kim), number)
    with pytest.raises(NothingToBatch, match=f"Waits for someone other than {kim}, who approved"):
        paying_out.make_batch(acting(kim))
    assert (payout(number).status, payout(number).kept_out) == ("approved", "")
    paying_out.make_batch(acting(hire_staff(*RIGHTS)))
    assert payout(number).status == "in_batch"
    paying_out.mark_failed(acting(STAFF), number, "a test")


def test_nobody_puts_a_payout_into_a_batch_whose_member_they_credited(
    anna: Player, bring_to: Callable[..., str]
) -> None:
    kim, lou = hire_staff(*RIGHTS), hire_staff(*RIGHTS)
    for name, days in ((kim, 29), (lou, 31)):
        with clock.pinned(clock.now() - timedelta(days=days)):
            adjusting.credit_wallet(acting(name), anna.id, 1000, "a test")
    number = bring_to(anna, "approved")
    with pytest.raises(NothingToBatch, match=f"{kim}, who credited this member in the last 30"):
        paying_out.make_batch(acting(kim))
    assert payout(number).status == "approved"
    paying_out.make_batch(acting(lou))
    assert payout(number).status == "in_batch"
    paying_out.mark_failed(acting(STAFF), number, "a test")


def test_nobody_puts_a_payout_into_a_batch_of_whose_member_they_marked_one_as_returned(
    anna: Player, bring_to: Callable[..., str], office_sets: Any
) -> None:
    """The bank may not have sent it back at all: then the member would be paid once more."""
    kim = hire_staff(*RIGHTS, "payouts.change_payout")
    office_sets(payouts_by_two=False)
    paid = bring_to(anna, "paid")
    paying_out.mark_returned(acting(kim), paid, "account closed")
    number = bring_to(anna, "approved")
    office_sets(payouts_by_two=True)
    with pytest.raises(NothingToBatch, match=f"{kim}, who marked a payout of this member as ret"):
        paying_out.make_batch(acting(kim))
    assert payout(number).status == "approved"
    paying_out.make_batch(acting(hire_staff(*RIGHTS)))
    assert payout(number).status == "in_batch"
    paying_out.mark_failed(acting(STAFF), number, "a test")


def test_a_login_made_within_the_day_releases_no_payouts(
    anna: Player, bring_to: Callable[..., str]
) -> None:
    kim, number = hire_staff(*RIGHTS), bring_to(anna, "approved")
    with clock.pinned(clock.now() - timedelta(hours=25)), pytest.raises(TooNew):
        paying_out.make_batch(acting(kim))
    assert payout(number).status == "approved"
    paying_out.make_batch(acting(kim))
    assert payout(number).status == "in_batch"
    paying_out.mark_failed(acting(STAFF), number, "a test")
