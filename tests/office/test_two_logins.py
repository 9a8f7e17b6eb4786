"""One person with two logins made within the hour does nothing that takes two people."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import Permission

from commissions.founding import PLAN
from support.approved_runs import open_run
from support.cast import Cast, unique
from support.customers import register
from support.installation import STAFF, STAFF_PASSWORD
from support.logged import STAFF_RIGHTS, logged
from support.markets import open_japan
from support.moves import tell_bank
from support.office import acting, hire_staff
from support.transfers import made_up
from upline.base import clock
from upline.base.actors import Shell, Visitor
from upline.base.amounts import Money
from upline.base.audit import AuditEvent
from upline.base.errors import NotPermitted
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.commissions.models import Run
from upline.company import current as company
from upline.company.models import ApiClient
from upline.epins.models import EPin
from upline.flows import (
    adjusting,
    api_keys,
    asked_steps,
    blocking,
    changing_market,
    closed_accounts,
    commission_run,
    configuring,
    epin_batches,
    exchanging,
    market_rates,
    order_decisions,
    paying_out,
    payment_events,
    provider_secrets,
    refunding,
    roles,
    second_person,
    staff,
    surpluses,
    two_people,
)
from upline.flows.permissions import SCOPES
from upline.mailings.models import Mail
from upline.members import actions as members
from upline.members.models import LinkPurpose, StepAsked, User
from upline.orders.models import Order
from upline.payments.models import PaymentEvent, ProviderSecret, Surplus
from upline.payouts.errors import NothingToBatch
from upline.payouts.models import Payout
from upline.screens import leaving
from upline.wallet import actions as wallet
from upline.wallet.models import AccountKind
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
    link = members.make_link(user_id, LinkPurpose.STAFF_INVITATION)
    staff.choose_password(UnitOfWork(Visitor()), LinkPurpose.STAFF_INVITATION, link, STAFF_PASSWORD)
    giver = acting(by or STAFF)
    staff.change_rights(giver, user_id, is_superuser=True, group_ids=[], permission_ids=[])
    return username


@pytest.fixture
def guarded(cast: Cast, fill: Callable[..., None], bring_to: Callable[..., str]) -> dict[str, Step]:
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
    group = roles.save(acting(STAFF), None, role, [])
    with logged(STAFF_RIGHTS):
        User.objects.get(username=hire_staff()).groups.add(group)
    number, debt = next(_numbers), debt_of_one_who_left(cast)
    since = AFTER_ALL + timedelta(days=number)
    more = payments(cast, unpaid.number, paid.number)
    more |= balances(cast) | payouts(cast, fill, bring_to) | keys()
    return more | {
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
        "staff.rights_changed": lambda unit: staff.change_rights(
            unit, tom.pk, is_superuser=True, group_ids=[], permission_ids=[]
        ),
        "staff.activated": lambda unit: staff.change_standing(unit, off.pk, is_active=True),
        "role.saved": lambda unit: roles.save(unit, group, role, [approve]),
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
    lines, rate = bank_file(unique("bank")), 160_000_000 + event
    return {
        AuditEvent.PAYMENTS_IMPORT: lambda unit: payment_events.import_bank_file(unit, lines),
        AuditEvent.PAYMENT_EVENT_ASSIGN: lambda unit: payment_events.assign(unit, event, unpaid),
        AuditEvent.SURPLUS_SEND: lambda unit: surpluses.send_back(unit, surplus, "by bank"),
        EventKind.WALLET_EXCHANGED: lambda unit: exchanging.exchange_company(
            unit, Money(MUCH, "EUR"), "JPY", rate, "at the bank"
        ),
    }


def balances(cast: Cast) -> dict[str, Step]:
    """The same for what members hold."""
    adjusting.credit_wallet(UnitOfWork(Shell()), cast.anna.id, MUCH, "to be debited")
    gone, emigrant = (register(cast.anna.username, unique(each)) for each in ("gone", "emi"))
    adjusting.credit_wallet(UnitOfWork(Shell()), gone, MUCH, "left behind")
    blocking.block_member(UnitOfWork(Shell()), gone, "a test")
    blocking.close_member(UnitOfWork(Shell()), gone, "a test", leaving.remains(gone))
    left_behind = account_of(gone, AccountKind.WALLET, "EUR")
    japan = open_japan()
    market_rates.add_rate(UnitOfWork(Shell()), japan, 160_000_000, None, company.today())
    adjusting.credit_wallet(UnitOfWork(Shell()), emigrant, MUCH, "taken along")
    epin_batches.issue_epins(UnitOfWork(Shell()), MUCH, 1)
    epin = EPin.objects.latest("pk").pk
    return {
        EventKind.WALLET_DEBITED: lambda unit: adjusting.debit_wallet(
            unit, cast.anna.id, MUCH, "in cash"
        ),
        EventKind.WALLET_CLOSED_PAID: lambda unit: closed_accounts.pay(
            unit, left_behind, "by bank"
        ),
        EventKind.MEMBER_MARKET_CHANGED: lambda unit: changing_market.move(
            unit, emigrant, japan, "moved abroad"
        ),
        EventKind.EPINS_GIVEN: lambda unit: epin_batches.allocate_epins(unit, [epin], cast.anna.id),
    }


def payouts(cast: Cast, fill: Callable[..., None], bring_to: Callable[..., str]) -> dict[str, Step]:
    """The same for payouts whose money comes back, and could be paid out once more."""
    fill(cast.erik, "100.00")
    tell_bank(cast.erik)
    paid, waiting = (bring_to(cast.erik, status) for status in ("paid", "in_batch"))
    return {
        EventKind.PAYOUT_RETURNED: lambda unit: paying_out.mark_returned(unit, paid, "closed"),
        EventKind.PAYOUT_FAILED: lambda unit: paying_out.mark_failed(unit, waiting, "closed"),
    }


def keys() -> dict[str, Step]:
    """The same for a program that could report sales."""
    name = unique("shop")
    api_keys.create_key(UnitOfWork(Shell()), name)
    key = ApiClient.objects.get(name=name).pk
    provider_secrets.add(UnitOfWork(Shell()), "acme_pay")
    secret = ProviderSecret.objects.latest("pk").pk
    with logged(AuditEvent.PROVIDER_SECRET_USE):
        ProviderSecret.objects.filter(pk=secret).update(used_from=None)
    return {
        EventKind.API_KEY_SCOPES_CHANGED: lambda unit: api_keys.change_scopes(unit, key, SCOPES),
        AuditEvent.PROVIDER_SECRET_USE: lambda unit: provider_secrets.put_in_use(unit, secret),
    }


def bank_file(reference: str) -> str:
    return f"reference,amount,currency,text\n{reference},50.00,EUR,thanks\n"


def debt_of_one_who_left(cast: Cast) -> int:
    """The account of what ben owes, who has left."""
    account = account_of(cast.ben.id, AccountKind.OWED, "EUR")
    its = wallet.BelongsTo(cast.ben.id)
    claims = company_account(AccountKind.CLAIMS, "EUR")
    UnitOfWork(Shell()).commit(
        lambda: wallet.transfer(claims, account, MUCH, made_up("test_debt"), f"test:{account}", its)
    )
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
    # While a run is open nobody moves to another market: dropping one is tried by itself, below.
    assert guarded.keys() | {EventKind.RUN_DROPPED} == asked_steps.WORDS.keys()
    first = owner()
    sock = owner(by=first)
    by_two()
    refused = (second_person.TooNew, second_person.HelpedByFirst)
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


def test_nobody_confirms_what_a_second_login_of_theirs_asked_for(
    guarded: dict[str, Step], by_two: Callable[[], None], nothing_changes: Any
) -> None:
    """The same pair the other way round: the new login asks, and its maker confirms."""
    sock = owner(by=STAFF)
    by_two()
    for event, step in guarded.items():
        with nothing_changes():
            with pytest.raises(two_people.NeedsSecond):
                step(acting(sock))
            asked = StepAsked.objects.get(event=event, actor__username=sock)
            with pytest.raises(second_person.HelpedFirst):
                asked_steps.confirm(acting(STAFF), asked.pk)
        asked.refresh_from_db()
        assert asked.status == "asked", event


@pytest.mark.parametrize("turn", [(0, 1), (1, 0)])
def test_two_logins_of_one_person_come_to_no_more_than_one(
    cast: Cast, office_sets: Any, nothing_changes: Any, turn: tuple[int, int]
) -> None:
    maker = hire_staff("wallet.add_transfer")
    with logged(STAFF_RIGHTS):
        User.objects.filter(username=maker).update(is_superuser=True)
    logins = maker, owner(by=maker)
    first, second = (acting(logins[index]) for index in turn)
    office_sets(alone_max=MUCH)
    adjusting.credit_wallet(first, cast.anna.id, MUCH, "a test")
    with nothing_changes(), pytest.raises(two_people.NeedsSecond):
        adjusting.credit_wallet(second, cast.anna.id, 1, "a test")
    with clock.pinned(clock.now() + timedelta(hours=25)):
        adjusting.credit_wallet(second, cast.anna.id, MUCH, "a day later")


def test_nobody_raises_their_own_limit_by_an_exchange_rate(
    cast: Cast, office_sets: Any, nothing_changes: Any
) -> None:
    korea = open_japan(currency="KRW")
    kim = hire_staff("wallet.add_transfer", "markets.add_marketrate")
    office_sets(alone_max=10_000, credit_max=0)
    far = register(cast.anna.username, unique("far"))
    changing_market.move(UnitOfWork(Shell()), far, korea, "lives there")
    market_rates.add_rate(UnitOfWork(Shell()), korea, 160_000_000, None, company.today())
    market_rates.add_rate(acting(kim), korea, 10**12, None, company.today())
    with nothing_changes(), pytest.raises(two_people.NeedsSecond):
        adjusting.credit_wallet(acting(kim), far, 16_001, "a test")
    adjusting.credit_wallet(acting(kim), far, 16_000, "a test")


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
    sock, colleague = owner(by=STAFF), hire_staff("payouts.add_batch")
    by_two()
    paying_out.approve(acting(STAFF), number)
    with nothing_changes():
        with pytest.raises(NothingToBatch, match="who approved it"):
            paying_out.make_batch(acting(STAFF))
        with pytest.raises((second_person.TooNew, second_person.HelpedByFirst)):
            paying_out.make_batch(acting(sock))
    paying_out.make_batch(acting(colleague))
    assert Payout.objects.get(number=number).status == "in_batch"
    paying_out.mark_failed(UnitOfWork(Shell()), number, "a test")


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
        with pytest.raises(second_person.NotConfirmed):
            asked_steps.confirm(UnitOfWork(acting(STAFF).actor), asked.pk)
        asked_steps.confirm(acting(STAFF), asked.pk)
        asked.refresh_from_db()
        assert (asked.status, str(asked.closed_by)) == ("agreed", STAFF), event


# Each keeps somebody from money; the second value is the weaker one.
WEAKER: dict[str, tuple[Any, Any]] = {
    "payouts_by_two": (True, False),
    "plans_by_two": (True, False),
    "rights_by_two": (True, False),
    "alone_max": (100, 0),
    "credit_max": (100, 200),
    "report_points_per_unit": (1, 0),
    "report_points_per_day": (1, 2),
    "protection_hours": (72, 71),
    "protect_recent_changes": (True, False),
    "current_password_required": (True, False),
    "kyc_needed_for": (("payout", "checkout"), ("checkout",)),
    "staff_second_factor": (True, False),
    "login_limit": (10, 11),
    "login_limit_by_address": (5, 0),
    "transaction_password_limit": (5, 6),
    "transaction_password_limit_by_guesser": (3, 4),
    "guesser_limit": (10, 11),
    "epin_limit": (5, 6),
    "secret_limit_by_address": (100, 101),
    "pay_in_account": ("", "DE89370400440532013000"),
}


def test_nobody_weakens_alone_what_keeps_thieves_from_money(
    office_sets: Any, nothing_changes: Any
) -> None:
    assert WEAKER.keys() == configuring._GUARDS.keys()
    office_sets(**{name: strong for name, (strong, _) in WEAKER.items()})
    for name, (strong, weak) in WEAKER.items():
        with nothing_changes(), pytest.raises(two_people.NeedsSecond):
            configuring.change_settings(acting(STAFF), **{name: weak})
        configuring.change_settings(UnitOfWork(Shell()), **{name: weak})
        configuring.change_settings(acting(STAFF), **{name: strong})
    assert company.office().protection_hours == 72


def test_one_who_exchanged_a_members_money_releases_none_of_their_payouts(
    cast: Cast, bring_to: Callable[..., str], office_sets: Any
) -> None:
    """Whoever sets rates and moves members could make money out of little."""
    japan = open_japan()
    market_rates.add_rate(UnitOfWork(Shell()), japan, 160_000_000, None, company.today())
    for order in Order.objects.filter(member_id=cast.erik.id, status="awaiting_payment"):
        order_decisions.cancel_order(UnitOfWork(Shell()), order.number)
    adjusting.credit_wallet(UnitOfWork(Shell()), cast.erik.id, MUCH, "taken along")
    kim = hire_staff("members.move_market", "payouts.add_batch")
    changing_market.move(acting(kim), cast.erik.id, japan, "moved abroad")
    tell_bank(cast.erik)
    number = bring_to(cast.erik, "approved", "1000")
    office_sets(payouts_by_two=True)
    with pytest.raises(NothingToBatch, match="credited this member"):
        paying_out.make_batch(acting(kim))
    assert Payout.objects.get(number=number).status == "approved"
    paying_out.decline(acting(STAFF), number, "a test")


def test_a_second_login_drops_no_run_that_its_owner_asked_to_drop(
    by_two: Callable[[], None], nothing_changes: Any
) -> None:
    first, run = owner(), open_run()
    sock = owner(by=first)
    by_two()
    with nothing_changes():
        for name in (first, sock, first):
            with pytest.raises(NotPermitted):
                commission_run.drop(acting(name), run, "the clock was wrong")
    assert Run.objects.filter(pk=run).exists()
    (asked,) = StepAsked.objects.filter(event=EventKind.RUN_DROPPED, subject=f"run:{run}")
    with pytest.raises((second_person.TooNew, second_person.HelpedByFirst)):
        asked_steps.confirm(acting(sock), asked.pk)
    assert Run.objects.filter(pk=run).exists()
    asked_steps.confirm(acting(STAFF), asked.pk)
    assert not Run.objects.filter(pk=run).exists()


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
    group = roles.save(unit, None, name, [])
    changes: list[Step] = [
        lambda unit: staff.change_rights(
            unit, user_id, is_superuser=False, group_ids=[group], permission_ids=[view]
        ),
        lambda unit: roles.save(unit, group, name, [view]),
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
