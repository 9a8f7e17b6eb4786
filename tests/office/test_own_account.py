"""A staff user who is a member too decides nothing about their own account."""

from collections.abc import Callable
from typing import Any

import pytest

from support.cast import Cast, Player
from support.installation import STAFF, STAFF_PASSWORD, Installation
from support.moves import tell_bank
from support.office import Visitor, acting, hire_staff
from upline.base.errors import OwnAccount
from upline.epins.models import EPin
from upline.flows import (
    adjusting,
    blocking,
    correcting,
    customers,
    epin_batches,
    moving,
    order_decisions,
    paying_out,
    upgrading,
    verifying,
)
from upline.genealogy.moving import MoveRequest
from upline.kyc.models import KycStatus
from upline.members.models import MemberKind, User
from upline.orders.models import Order
from upline.payouts.errors import NothingToBatch

RIGHTS = (
    "members.view_member", "wallet.add_transfer", "payouts.approve_payout", "epins.add_epinbatch",
    "epins.change_epin", "kyc.add_kycreview", "members.change_member", "genealogy.change_position",
    "members.add_packagefact", "orders.change_order", "orders.add_refund", "members.block_member",
    "payouts.add_batch", "members.add_member",
)  # fmt: skip


@pytest.fixture
def anna(cast: Cast, fill: Callable[..., None]) -> Player:
    fill(cast.anna, "100.00")
    tell_bank(cast.anna)
    return cast.anna


def name_on_the_page(installation: Installation, staff: str, member: str) -> str:
    visitor = Visitor(installation.base_url)
    visitor.sign_in(staff, STAFF_PASSWORD)
    token = visitor.open("/account/")
    visitor.post("/account/own-member/", token | {"username": member})
    return visitor.get("/account/").text


def test_whoever_names_their_own_account_decides_nothing_about_it(
    installation: Installation,
    anna: Player,
    bring_to: Callable[..., str],
    nothing_changes: Callable[[], Any],
) -> None:
    sam, number = hire_staff(*RIGHTS), bring_to(anna, "requested")
    page = name_on_the_page(installation, sam, anna.username)
    assert f"{anna.username} is your own member account" in page
    unit = acting(sam)
    epin_batches.issue_epins(acting(STAFF), 100, 1, anna.id)
    pin = EPin.objects.filter(owner_id=anna.id).latest("pk").pk
    order = Order.objects.filter(member_id=anna.id).latest("pk").number
    assert User.objects.get(username=sam).own_member_id == anna.id
    tried: list[Callable[[], Any]] = [
        lambda: adjusting.credit_wallet(unit, anna.id, 100, "mine"),
        lambda: adjusting.debit_wallet(unit, anna.id, 100, "mine"),
        lambda: epin_batches.issue_epins(unit, 100, 1, anna.id),
        lambda: epin_batches.allocate_epins(unit, [1], anna.id),
        lambda: verifying.review_kyc(unit, anna.id, KycStatus.VERIFIED),
        lambda: correcting.correct(unit, anna.id, {"lastname": "Mine"}, "mine", verified=True),
        lambda: moving.move(unit, MoveRequest(anna.id, None, None, None), "mine"),
        lambda: epin_batches.block_epins(unit, [pin]),
        lambda: blocking.block_member(unit, anna.id, "mine"),
        lambda: order_decisions.approve_order(unit, order),
        lambda: order_decisions.cancel_order(unit, order),
        lambda: paying_out.approve(unit, number),
        lambda: upgrading.upgrade(unit, upgrading.UpgradeRequest(anna.id, "Business"), "mine"),
        lambda: customers.change_class(unit, anna.id, MemberKind.PREFERRED, "mine"),
        lambda: customers.change_sponsor(unit, anna.id, "root", "mine"),
        lambda: customers.become_member(unit, customers.MembershipRequest(anna.id, "Business")),
    ]
    with nothing_changes():
        for each in tried:
            with pytest.raises(OwnAccount):
                each()
    paying_out.decline(acting(hire_staff(*RIGHTS)), number, "a test")


def test_ones_own_payout_stays_out_of_a_batch_that_one_makes(
    installation: Installation, anna: Player, bring_to: Callable[..., str]
) -> None:
    sam, number = hire_staff(*RIGHTS), bring_to(anna, "approved")
    name_on_the_page(installation, sam, anna.username)
    with pytest.raises(NothingToBatch, match="It is your own"):
        paying_out.make_batch(acting(sam))
    paying_out.decline(acting(STAFF), number, "a test")


def test_it_is_named_once(installation: Installation, cast: Cast, anna: Player) -> None:
    sam = hire_staff(*RIGHTS)
    name_on_the_page(installation, sam, anna.username)
    page = name_on_the_page(installation, sam, cast.ben.username)
    assert f"{anna.username} is your own member account" in page
    assert User.objects.get(username=sam).own_member_id == anna.id


def test_an_unknown_name_is_refused(installation: Installation) -> None:
    sam = hire_staff(*RIGHTS)
    name_on_the_page(installation, sam, "nobody-at-all")
    assert User.objects.get(username=sam).own_member_id is None
