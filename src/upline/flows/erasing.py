"""Erasing a person: what names them goes, what the books, the trees and the runs need stays.

The person's key is deleted, so what stays sealed with it (on old payouts) can never be read."""

import re
from datetime import datetime
from typing import NamedTuple

from upline.base import clock, sql
from upline.base.amounts import Money
from upline.base.errors import Conflict
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.events import actions as events
from upline.flows.permissions import Right, needs
from upline.language import gettext
from upline.markets import current as markets
from upline.members import actions as members
from upline.members.errors import UsernameNotFound
from upline.members.models import Member, Standing, User
from upline.members.queries import find_person

# Rows that are only about the person. Before them the jobs that would send the mails.
DELETED = (
    ("mailings_mail", "user_id"),
    ("base_personkey", "user_id"),
    ("base_storedanswer", "member_id"),
    ("members_accesstoken", "user_id"),
    ("members_mailedlink", "user_id"),
    ("members_secondfactor", "user_id"),
    ("members_recoverycode", "user_id"),
    ("members_officesession", "user_id"),
    ("members_knownnetwork", "user_id"),
    ("members_joindraft", "member_id"),
    ("members_protectedchange", "member_id"),
    ("shipping_shippingaddress", "member_id"),
    ("cart_cartline", "member_id"),
)
DROP_JOBS = """
DELETE FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock IN (
    SELECT 'mail:' || id FROM mailings_mail WHERE user_id = %(id)s)
"""
EMPTIED = (
    "UPDATE orders_order SET address = '{}' WHERE member_id = %(id)s",
    """UPDATE orders_refund SET reason = 'erased'
       WHERE order_id IN (SELECT id FROM orders_order WHERE member_id = %(id)s)""",
    """UPDATE orders_refundtosend SET note = '' WHERE refund_id IN (
           SELECT refund.id FROM orders_refund refund
            JOIN orders_order ON orders_order.id = order_id
           WHERE member_id = %(id)s)""",
    """UPDATE payments_surplus SET note = '' WHERE payment_id IN (
           SELECT id FROM payments_payment WHERE member_id = %(id)s)""",
    """UPDATE payments_paymentevent SET text = '', note = '' WHERE payment_id IN (
           SELECT id FROM payments_payment WHERE member_id = %(id)s)""",
    "UPDATE kyc_kycreview SET note = '' WHERE member_id = %(id)s",
    """UPDATE mailings_mail SET facts = base_without_words(facts), last_error = ''
       WHERE facts::text ~* %(names)s OR last_error ~* %(names)s""",
    """DELETE FROM procrastinate_jobs WHERE task_name LIKE '%%forgot%%' AND status <> 'doing'
          AND args::text ~* %(names)s""",
    "DELETE FROM base_attempt WHERE subject ~* %(names)s",
    "SELECT base_erase_words(%(id)s, %(names)s)",
)
HELD = """
SELECT 'accounts' AS what, currency, sum(balance)::bigint AS amount
FROM wallet_account WHERE member_id = %(id)s AND balance > 0 GROUP BY currency
UNION ALL
SELECT 'e-pins', currency, sum(balance)::bigint
FROM epins_epin pin JOIN epins_epinbatch batch ON batch.id = pin.batch_id
WHERE owner_id = %(id)s AND balance > 0 GROUP BY currency
ORDER BY what, currency
"""
REMAINS = """
SELECT (SELECT count(*) FROM orders_order
        WHERE member_id = %(id)s AND status = 'awaiting_payment') AS orders,
       (SELECT count(*) FROM payouts_payout WHERE member_id = %(id)s
        AND status IN ('requested', 'approved', 'in_batch')) AS payouts,
       (SELECT count(*) FROM commissions_earning earning JOIN commissions_run run ON run.id = run_id
        WHERE member_id = %(id)s AND total <> 0
          AND status IN ('computed', 'reviewed', 'approved')) AS runs
"""


class _Held(NamedTuple):
    """What accounts or e-pins of a member hold, in minor units of a currency."""

    what: str
    currency: str
    amount: int


class _StillOpen(NamedTuple):
    """How many things of a member are still open."""

    orders: int
    payouts: int
    runs: int


ERASURES = "SELECT user_id, joined_at, erased_at FROM members_erasure ORDER BY user_id"


class StillNeeded(Conflict):
    """Something of the person is not settled."""


class Erasure(NamedTuple):
    """Who was erased, by number: the number of a member who joined at this moment."""

    user_id: int
    joined_at: datetime
    erased_at: datetime


@needs(Right.RUN_SERVER)
def erase(unit: UnitOfWork, username: str) -> str:
    """Erase a blocked or closed member for good. Returns the neutral name that stands in their
    place. Raises UsernameNotFound; StillNeeded with everything that remains to be settled."""
    person = find_person(username)
    if person is None or person.member_id is None:
        raise UsernameNotFound()
    member_id = person.member_id
    return unit.commit(lambda: _erase(unit, member_id))


@needs(Right.RUN_SERVER)
def again(unit: UnitOfWork, erasures: list[Erasure]) -> list[str]:
    """Erase those who were erased before and whom an older backup has brought back. Returns a
    sentence for each of them."""
    return [_again(unit, each) for each in erasures]


def erasures() -> list[Erasure]:
    """All that were erased."""
    return sql.rows(Erasure, ERASURES)


def _again(unit: UnitOfWork, erased: Erasure) -> str:
    member = Member.objects.filter(pk=erased.user_id, joined_at=erased.joined_at).first()
    if member is None:
        return f"{erased.user_id}: this member is not here."
    if any(each.user_id == erased.user_id for each in erasures()):
        return f"{erased.user_id}: erased."
    try:
        unit.commit(lambda: _erase(unit, member.pk))
    except StillNeeded as refusal:
        return f"{erased.user_id}: not erased. {refusal.sentence}"
    return f"{erased.user_id}: erased again."


def _erase(unit: UnitOfWork, member_id: int) -> str:
    member = Member.objects.select_for_update(of=["self"]).select_related("user").get(pk=member_id)
    problems = _remains(member)
    if problems:
        raise StillNeeded(" ".join(problems))
    about = {"id": member_id, "names": _names(member)}
    picture = member.picture
    _make_nobody(unit, member)
    sql.run(DROP_JOBS, about)
    for table, column in DELETED:
        sql.run(f"DELETE FROM {table} WHERE {column} = %s", [member_id])  # noqa: S608
    for statement in EMPTIED:
        sql.run(statement, about)
    if picture is not None:
        picture.delete()
    sql.run(
        "INSERT INTO members_erasure (user_id, joined_at, erased_at) VALUES (%s, %s, %s)",
        [member_id, member.joined_at, clock.now()],
    )
    events.record(unit, EventKind.MEMBER_ERASED, f"member:{member_id}", {"member_id": member_id})
    return member.user.username


def _remains(member: Member) -> list[str]:
    """What must be settled first, a sentence each."""
    if sql.value(int, "SELECT 1 FROM members_erasure WHERE user_id = %s", [member.pk]):
        return [gettext("This person has already been erased.")]
    found, problems = sql.one(_StillOpen, REMAINS, {"id": member.pk}), []
    assert found is not None
    if member.user.is_staff:
        problems.append(gettext("This person is a staff user. Deactivate the staff user first."))
    if member.standing == Standing.ACTIVE:
        problems.append(gettext("The member is active. Block the member first."))
    for held in sql.rows(_Held, HELD, {"id": member.pk}):
        amount = markets.money(Money(held.amount, held.currency))
        said = (
            gettext("The member's e-pins hold {amount}: settle it first.", amount=amount)
            if held.what == "e-pins"
            else gettext("The member's accounts hold {amount}: settle it first.", amount=amount)
        )
        problems.append(said)
    counted = (
        (found.orders, gettext("Orders that await payment: {count}.", count=found.orders)),
        (found.payouts, gettext("Payouts that are open: {count}.", count=found.payouts)),
        (
            found.runs,
            gettext(
                "Commission runs that pay the member and are not paid: {count}.", count=found.runs
            ),
        ),
    )
    return problems + [sentence for number, sentence in counted if number]


def _names(member: Member) -> str:
    """A pattern for the words that name the person in texts about others."""
    names = {member.user.username, member.user.email, member.email} - {""}
    words = "|".join(re.escape(name) for name in sorted(names))
    return rf"(?<![A-Za-z0-9_.-])({words})(?![A-Za-z0-9_-])"


def _make_nobody(unit: UnitOfWork, member: Member) -> None:
    """A username that nobody can have or type, no password, and nothing beside it."""
    user: User = member.user
    user.username, user.email, user.is_active = f"(erased {user.pk})", "", False
    user.last_login = None
    user.set_unusable_password()
    user.save(update_fields=["username", "email", "is_active", "last_login", "password"])
    if member.standing != Standing.CLOSED:
        members.change_standing(unit, member.pk, Standing.CLOSED, "erased")
    texts = dict.fromkeys(
        ("firstname", "lastname", "gender", "address_line1", "address_line2", "city", "zip_code",
         "email", "mobile", "landline", "transaction_password", "terms_address"),
        "",
    )  # fmt: skip
    unknown = dict.fromkeys(("date_of_birth", "country_id", "state_id", "bank_sealed"))
    nothing = {**texts, **unknown, "picture": None, "shows_contact": False}
    Member.objects.filter(pk=member.pk).update(**nothing)
