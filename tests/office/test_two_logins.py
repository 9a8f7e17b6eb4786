"""One person with two logins made within the hour does nothing that takes two people."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import Permission

from commissions.world import PLAN
from support.approved_runs import open_run
from support.cast import Cast, unique
from support.installation import STAFF, STAFF_PASSWORD
from support.logged import STAFF_RIGHTS, logged
from support.markets import open_japan
from support.moves import tell_bank
from support.office import acting, hire_staff
from upline.base.actors import Shell, Visitor
from upline.base.amounts import Money
from upline.base.audit import AuditEvent
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.flows import (
    adjusting,
    asked_steps,
    blocking,
    closed_accounts,
    commission_run,
    configuring,
    epin_batches,
    exchanging,
    order_decisions,
    paying_out,
    payment_events,
    refunding,
    staff,
    surpluses,
    two_people,
)
from upline.mailings.models import Mail
from upline.members import actions as members
from upline.members.models import StepAsked, User
from upline.orders.models import Order
from upline.payments.models import PaymentEvent, Surplus
from upline.payouts.errors import NothingToBatch
from upline.payouts.models import Payout
from upline.screens import leaving
from upline.wallet import actions as wallet
from upline.wallet.queries import account_of, company_account

MUCH = 5_000
BY_TWO = {"payouts_by_two": True, "plans_by_two": True, "rights_by_two": True, "alone_max": 1}
# Later than any plan of other tests.
AFTER_ALL = date(2995, 1, 1)
_numbers = count(1)
Step = Callable[[UnitOfWork], object]


def owner(by: str = "") -> str:
    """An owner who has just chosen a password: made by an owner, or on the server."""
    username = unique("sock")
    unit = acting(by) if by else UnitOfWork(Shell())
    user_id = staff.invite(unit, username, f"{username}@example.com")
    link = members.make_link(user_id, "staff_invitation")
    staff.choose_password(UnitOfWork(Visitor()), "staff_invitation", link, STAFF_PASSWORD)
    giver = acting(by or STAFF)
    staff.change_rights(giver, user_id, is_superuser=True, group_ids=[], permission_ids=[])
    return username


@pytest.fixture
def guarded(cast: Cast) -> dict[str, Step]:
    """Each step that can be asked for, by its event: a call that takes two people."""
    unpaid = Order.objects.get(member_id=cast.anna.id, kind="membership")
    paid = Order.objects.get(member_id=cast.cleo.id, kind="membership")
    order_decisions.approve_order(UnitOfWork(Shell()), paid.number)
    pieces = {line.pk: line.quantity for line in paid.lines.all()}
    tom = User.objects.get(username=hire_staff())
    off = User.objects.get(username=hire_staff("commissions.approve_run"))
    with logged(STAFF_RIGHTS):
        User.objects.filter(pk=off.pk).update(is_active=False)
    approve, role = Permission.objects.get(codename="approve_run").pk, unique("Approvers")
    group = staff.save_group(acting(STAFF), None, role, [])
    with logged(STAFF_RIGHTS):
        User.objects.get(username=hire_staff()).groups.add(group)
    number, debt = next(_numbers), debt_of_one_who_left(cast)
    since = AFTER_ALL + timedelta(days=number)
    run = open_run()
    return payments(cast, unpaid.number, paid.number) | {
        EventKind.WALLET_CREDITED: lambda unit: adjusting.credit_wallet(
            unit, cast.anna.id, MUCH, "a test"
        ),
        "wallet.closed_waived": lambda unit: closed_accounts.waive(unit, debt, "cannot pay"),
        "epins.issued": lambda unit: epin_batches.issue_epins(unit, MUCH, 1, cast.anna.id),
        "order.approve": lambda unit: order_decisions.approve_order(unit, unpaid.number),
        EventKind.ORDER_REFUNDED: lambda unit: refunding.refund_order(
            unit, paid.number, pieces, "back"
        ),
        EventKind.PLAN_PUT_IN_FORCE: lambda unit: commission_run.use_plan(
            unit, PLAN, "plan.toml", since
        ),
        EventKind.RUN_DROPPED: lambda unit: commission_run.drop(unit, run, "the clock was wrong"),
        "staff.rights_changed": lambda unit: staff.change_rights(
            unit, tom.pk, is_superuser=True, group_ids=[], permission_ids=[]
        ),
        "staff.activated": lambda unit: staff.change_standing(unit, off.pk, is_active=True),
        "role.saved": lambda unit: staff.save_group(unit, group, role, [approve]),
        EventKind.SETTINGS_CHANGED: lambda unit: configuring.change_settings(
            unit, alone_max=MUCH + number
        ),
    }


def payments(cast: Cast, unpaid: str, paid: str) -> dict[str, Step]:
    """The same for money that reached the company, or left it, another way."""
    open_japan()
    order_decisions.record_payment(UnitOfWork(Shell()), paid, MUCH, unique("twice"))
    surplus = Surplus.objects.get(payment__member_id=cast.cleo.id).pk
    of_none = unique("nobodys")
    payment_events.import_bank_file(UnitOfWork(Shell()), bank_file(of_none))
    event = PaymentEvent.objects.get(reference=of_none).pk
    lines = bank_file(unique("bank"))
    return {
        AuditEvent.PAYMENTS_IMPORT: lambda unit: payment_events.import_bank_file(unit, lines),
        AuditEvent.PAYMENT_EVENT_ASSIGN: lambda unit: payment_events.assign(unit, event, unpaid),
        AuditEvent.SURPLUS_SEND: lambda unit: surpluses.send_back(unit, surplus, "by bank"),
        EventKind.WALLET_EXCHANGED: lambda unit: exchanging.exchange_company(
            unit, Money(MUCH, "EUR"), "JPY", 160_000_000, "at the bank"
        ),
    }


def bank_file(reference: str) -> str:
    return f"reference,amount,currency,text\n{reference},50.00,EUR,thanks\n"


def debt_of_one_who_left(cast: Cast) -> int:
    """The account of what ben owes, who has left."""
    account = account_of(cast.ben.id, "owed", "EUR")
    its = wallet.BelongsTo(cast.ben.id)
    claims = company_account("claims", "EUR")
    wallet.transfer(claims, account, MUCH, "test_debt", f"test:{account}", its)
    blocking.block_member(UnitOfWork(Shell()), cast.ben.id, "a test")
    remaining = leaving.remains(cast.ben.id)
    blocking.close_member(UnitOfWork(Shell()), cast.ben.id, "a test", remaining)
    return account


@pytest.fixture
def by_two(office_sets: Any) -> Callable[[], None]:
    return lambda: office_sets(**BY_TWO)


def test_a_second_login_confirms_nothing_that_its_owner_asked_for(
    guarded: dict[str, Step], by_two: Callable[[], None], nothing_changes: Any
) -> None:
    assert guarded.keys() == asked_steps.WORDS.keys()
    first = owner()
    sock = owner(by=first)
    by_two()
    refused = (two_people.TooNew, two_people.HelpedByFirst)
    for event, step in guarded.items():
        with nothing_changes():
            with pytest.raises(two_people.NeedsSecond):
                step(acting(first))
            asked = StepAsked.objects.get(event=event, actor__username=first)
            with pytest.raises(refused):
                step(acting(sock))
            with pytest.raises(refused):
                asked_steps.confirm(acting(sock), asked.pk)
            with pytest.raises(asked_steps.OwnStep):
                asked_steps.confirm(acting(first), asked.pk)
        asked.refresh_from_db()
        assert asked.status == "asked", event


def test_a_second_login_releases_no_payout_that_its_owner_approved(
    cast: Cast,
    fill: Callable[..., None],
    bring_to: Callable[..., str],
    by_two: Callable[[], None],
    nothing_changes: Any,
) -> None:
    fill(cast.anna, "100.00")
    tell_bank(cast.anna)
    number = bring_to(cast.anna, "requested")
    first = owner()
    sock = owner(by=first)
    by_two()
    paying_out.approve(acting(first), number)
    with nothing_changes():
        with pytest.raises(NothingToBatch, match="who approved it"):
            paying_out.make_batch(acting(first))
        with pytest.raises((two_people.TooNew, two_people.HelpedByFirst)):
            paying_out.make_batch(acting(sock))
    paying_out.make_batch(acting(STAFF))
    assert Payout.objects.get(number=number).status == "in_batch"
    paying_out.mark_failed(acting(STAFF), number, "a test")


def test_an_old_colleague_confirms_each_of_them(
    guarded: dict[str, Step], by_two: Callable[[], None]
) -> None:
    """The refusals above are for who the second login is, and for nothing else."""
    first = owner()
    by_two()
    for event, step in guarded.items():
        with pytest.raises(two_people.NeedsSecond):
            step(acting(first))
        asked = StepAsked.objects.get(event=event, actor__username=first)
        with pytest.raises(two_people.NotConfirmed):
            asked_steps.confirm(UnitOfWork(acting(STAFF).actor), asked.pk)
        asked_steps.confirm(acting(STAFF), asked.pk)
        asked.refresh_from_db()
        assert (asked.status, asked.closed_by.username) == ("agreed", STAFF), event


def test_each_change_of_rights_is_mailed_to_all_owners(office_sets: Any) -> None:
    user_id = User.objects.get(username=hire_staff()).pk
    User.objects.filter(username=STAFF).update(email="olga@example.com")
    owners = set(
        User.objects.filter(is_superuser=True, is_active=True)
        .exclude(email="")
        .values_list("pk", flat=True)
    )
    view = Permission.objects.get(codename="view_order").pk
    unit, name = acting(STAFF), unique("Role")
    group = staff.save_group(unit, None, name, [])
    changes: list[Step] = [
        lambda unit: staff.change_rights(
            unit, user_id, is_superuser=False, group_ids=[group], permission_ids=[view]
        ),
        lambda unit: staff.save_group(unit, group, name, [view]),
        lambda unit: staff.change_standing(unit, user_id, is_active=False),
        lambda unit: staff.change_standing(unit, user_id, is_active=True),
        lambda unit: staff.change_email(unit, user_id, "sam@example.org"),
        lambda unit: staff.send_link(unit, user_id),
        lambda unit: staff.make_link(unit, user_id),
    ]
    for change in changes:
        latest = Mail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        change(unit)
        told = Mail.objects.filter(pk__gt=latest, kind="staff_changed").values_list(
            "user", flat=True
        )
        assert owners <= set(told)
