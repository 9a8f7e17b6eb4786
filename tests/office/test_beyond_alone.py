"""What one staff user may do alone in a day, and that beyond it a second one does the same."""

from datetime import timedelta
from typing import Any

import pytest

from support.cast import Cast, Player
from support.office import acting, hire_staff
from upline.base import clock
from upline.base.unit import UnitOfWork
from upline.company.queries import load_company
from upline.epins.models import EPin
from upline.flows import (
    adjusting,
    asked_steps,
    configuring,
    epin_batches,
    order_decisions,
    refunding,
)
from upline.flows.second_person import NotConfirmed, TooNew
from upline.flows.two_people import NeedsSecond
from upline.members.models import StepAsked
from upline.orders.models import Order
from upline.wallet import queries as wallet
from upline.wallet.models import AccountKind

RIGHTS = ("wallet.add_transfer", "epins.add_epinbatch", "orders.change_order", "orders.add_refund")
MOST = 10_000


@pytest.fixture
def ben(cast: Cast, office_sets: Any) -> Player:
    office_sets(alone_max=MOST)
    return cast.ben


def held(player: Player) -> int:
    return wallet.balances(player.id, "EUR")[AccountKind.WALLET]


def asks() -> int:
    return StepAsked.objects.count()


def test_beyond_the_limit_a_second_person_credits_the_same(ben: Player) -> None:
    kim, lou = hire_staff(*RIGHTS), hire_staff(*RIGHTS)
    before, asked = held(ben), asks()
    adjusting.credit_wallet(acting(kim), ben.id, MOST, "a test")
    assert (held(ben), asks()) == (before + MOST, asked)
    for _ in range(2):  # asking again agrees with nobody
        with pytest.raises(NeedsSecond):
            adjusting.credit_wallet(acting(kim), ben.id, 1, "a test")
    assert held(ben) == before + MOST
    adjusting.credit_wallet(acting(lou), ben.id, MOST, "a test")
    with pytest.raises(NeedsSecond):
        adjusting.credit_wallet(acting(lou), ben.id, 2, "another amount")
    assert held(ben) == before + 2 * MOST
    adjusting.credit_wallet(acting(lou), ben.id, 1, "a test")
    assert held(ben) == before + 2 * MOST + 1


def test_who_does_alone_what_a_colleague_asked_for_has_confirmed_it(ben: Player) -> None:
    kim, lou, third = (hire_staff(*RIGHTS) for _ in range(3))
    before = held(ben)
    adjusting.credit_wallet(acting(kim), ben.id, MOST, "a test")
    with pytest.raises(NeedsSecond):
        adjusting.credit_wallet(acting(kim), ben.id, 7, "a test")
    step = StepAsked.objects.get(actor__username=kim)
    with pytest.raises(NotConfirmed):
        adjusting.credit_wallet(UnitOfWork(acting(lou).actor), ben.id, 7, "a test")
    assert held(ben) == before + MOST
    adjusting.credit_wallet(acting(lou), ben.id, 7, "a test")
    with pytest.raises(asked_steps.StepClosed):
        asked_steps.confirm(acting(third), step.pk)
    step.refresh_from_db()
    assert (held(ben), step.status) == (before + MOST + 7, "agreed")


def test_who_does_alone_the_next_day_what_they_asked_for_no_longer_asks(ben: Player) -> None:
    kim, lou = hire_staff(*RIGHTS), hire_staff(*RIGHTS)
    adjusting.credit_wallet(acting(kim), ben.id, MOST, "a test")
    with pytest.raises(NeedsSecond):
        adjusting.credit_wallet(acting(kim), ben.id, 9, "a test")
    step, before = StepAsked.objects.get(actor__username=kim), held(ben)
    with clock.pinned(clock.now() + timedelta(hours=25)):
        adjusting.credit_wallet(acting(kim), ben.id, 9, "a test")
        with pytest.raises(asked_steps.StepClosed):
            asked_steps.confirm(acting(lou), step.pk)
    step.refresh_from_db()
    assert (held(ben), step.status) == (before + 9, "withdrawn")


def test_a_login_made_within_the_day_is_no_second_person(ben: Player) -> None:
    kim = hire_staff(*RIGHTS)
    with clock.pinned(clock.now() + timedelta(hours=47)):
        sock = hire_staff(*RIGHTS)  # an hour ago
    before = held(ben)
    with pytest.raises(NeedsSecond):
        adjusting.credit_wallet(acting(kim), ben.id, MOST + 1, "a test")
    with pytest.raises(TooNew):
        adjusting.credit_wallet(acting(sock), ben.id, MOST + 1, "a test")
    assert held(ben) == before
    adjusting.credit_wallet(acting(hire_staff(*RIGHTS)), ben.id, MOST + 1, "a test")
    assert held(ben) == before + MOST + 1


def test_what_one_person_may_do_counts_for_a_day_and_for_all_of_it_together(
    ben: Player,
) -> None:
    kim = hire_staff(*RIGHTS)
    with clock.pinned(clock.now() - timedelta(hours=25)):
        adjusting.credit_wallet(acting(kim), ben.id, MOST, "yesterday")
    epin_batches.issue_epins(acting(kim), MOST // 4, 2, ben.id)
    issued, before = EPin.objects.count(), held(ben)
    with pytest.raises(NeedsSecond):
        epin_batches.issue_epins(acting(kim), MOST // 4, 3, ben.id)
    with pytest.raises(NeedsSecond):
        adjusting.credit_wallet(acting(kim), ben.id, MOST // 2 + 1, "a test")
    assert (EPin.objects.count(), held(ben)) == (issued, before)
    adjusting.credit_wallet(acting(kim), ben.id, MOST // 2, "a test")
    assert held(ben) == before + MOST // 2


def test_an_order_marked_as_paid_and_its_refund_count_too(ben: Player) -> None:
    kim, lou = hire_staff(*RIGHTS), hire_staff(*RIGHTS)
    order = Order.objects.get(member_id=ben.id, kind="membership")
    assert order.total_amount > MOST
    with pytest.raises(NeedsSecond):
        order_decisions.approve_order(acting(kim), order.number)
    order.refresh_from_db()
    assert order.status == "awaiting_payment"
    order_decisions.approve_order(acting(lou), order.number)
    pieces = {line.pk: line.quantity for line in order.lines.all()}
    with pytest.raises(NeedsSecond):
        refunding.refund_order(acting(kim), order.number, pieces, "sent back")
    order.refresh_from_db()
    assert order.status == "complete"
    refunding.refund_order(acting(lou), order.number, pieces, "sent back")
    order.refresh_from_db()
    assert order.status == "refunded"


@pytest.mark.parametrize(
    ("lifted", "kept"),
    [({"alone_max": 0}, {"alone_max": 1}), ({"alone_max": MOST + 1}, {"alone_max": MOST}),
     ({"payouts_by_two": False}, {}), ({"plans_by_two": False}, {"plans_by_two": True})],
)  # fmt: skip
def test_what_takes_two_people_is_not_lifted_by_one(
    office_sets: Any, lifted: dict[str, Any], kept: dict[str, Any]
) -> None:
    def office() -> dict[str, Any]:
        return load_company().office.model_dump()

    office_sets(alone_max=MOST, payouts_by_two=True, plans_by_two=True)
    before = office()
    first, second = (hire_staff("company.change_company") for _ in range(2))
    for _ in range(2):
        with pytest.raises(NeedsSecond):
            configuring.change_settings(acting(first), **lifted)
    assert office() == before
    configuring.change_settings(acting(first), **kept)
    office_sets(alone_max=MOST)
    configuring.change_settings(acting(second), **lifted)
    assert office() == before | lifted
