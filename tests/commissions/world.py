"""A company that runs pay: what is done in its database, at moments of one's own."""

import json
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from typing import Any, NamedTuple

from commissions.founding import PLAN, TREE, ZONE
from support.cast import enrol, unique
from support.company import found as found_company
from support.installation import STAFF_PASSWORD
from support.logged import STAFF, STAFF_RIGHTS, logged
from upline.base import clock, passwords, sql
from upline.base.actors import ActingMember, Shell
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.company.models import ApiClient
from upline.flows import commission_run, configuring, ordering, permissions, refunding
from upline.members.models import MemberKind, User
from upline.members.queries import Caller, find_person
from upline.orders.models import OrderLine


class Balances(NamedTuple):
    username: str
    balances: list[int]


class Balance(NamedTuple):
    member_id: int | None
    kind: str
    balance: int
    currency: str


class Transferred(NamedTuple):
    kind: str
    reference: str
    amount: int
    currency: str


class Total(NamedTuple):
    username: str
    total: int


class PaidLine(NamedTuple):
    bonus: int
    username: str
    source_id: int
    amount: int


def noon(day: date) -> AbstractContextManager[None]:
    """Everything inside happens at noon of this day."""
    return clock.pinned(datetime.combine(day, time(12), ZONE))


def found(day: date) -> None:
    """The tests' company with its people, as if founded on this day."""
    with noon(day):
        found_company()
        # Orders here have the points that a test is about, whatever they cost.
        configuring.change_settings(
            UnitOfWork(Shell()), report_points_per_unit=0, report_points_per_day=0
        )
        for name, sponsor, placement, position in TREE:
            enrol(sponsor, name, placement, position)


def grow(day: date, number: int) -> None:
    """So many more members, in two lines below dan and cleo; each has bought on this day."""
    with noon(day):
        for index in range(number):
            sponsor = ("dan", "cleo")[index % 2] if index < 2 else f"mia{index - 2}"
            enrol(sponsor, f"mia{index}", sponsor, "L" if index % 4 < 2 else "R")
    for index in range(number):
        sell(f"mia{index}", day, 5_000 + index, 2_000 + index)


def sell(username: str, day: date, amount: int, points: int, number: str = "") -> str:
    """A sale in an outside shop on this day; our number of the order."""
    with noon(day):
        return str(UnitOfWork(Shell()).commit(sale(username, amount, points, number)))


def sale(username: str, amount: int, points: int, number: str = "") -> Any:
    """The action that records a sale in an outside shop."""
    person = find_person(username)
    assert person is not None
    kind = MemberKind(person.kind or "")
    client = ApiClient.objects.get(name="web shop")
    caller = Caller(client.pk, frozenset({"orders:report"}), person.id, username, kind=kind)
    totals = ordering.Totals(amount, 1, points)
    unit = UnitOfWork(ActingMember(person.id, client.pk))
    return lambda: ordering._report(unit, caller, number or unique("sale-"), totals, None)


def refund(number: str, day: date, pieces: int = 1) -> None:
    """So many pieces of an order's only line are refunded on this day."""
    line = OrderLine.objects.get(order__number=number)
    with noon(day):
        refunding.refund_order(acting("olga"), number, {line.pk: pieces}, "sent back")


def use_plan(since: date, text: str = PLAN) -> None:
    commission_run.use_plan(UnitOfWork(Shell()), text, "plan.toml", since)


def balances(*kinds: str) -> dict[str, list[int]]:
    """What the people hold on accounts of these kinds, of whom something was paid."""
    found = sql.rows(
        Balances,
        """SELECT username,
                  array_agg(balance ORDER BY array_position(%(kinds)s::text[], kind::text))
                  AS balances
           FROM wallet_account JOIN members_user ON members_user.id = member_id
           WHERE kind = ANY (%(kinds)s) AND EXISTS (
               SELECT FROM wallet_transfer
               WHERE reference LIKE 'run:%%:' || members_user.id) GROUP BY username""",
        {"kinds": list(kinds)},
    )
    return {row.username: row.balances for row in found}


def money() -> str:
    """Every commission transfer and every balance that it made, as JSON."""
    transfers = sql.rows(
        Transferred,
        """SELECT kind, reference, amount, currency FROM wallet_transfer
           WHERE kind LIKE 'commission%%' ORDER BY kind, reference, amount""",
    )
    balances = sql.rows(
        Balance,
        """SELECT member_id, kind, balance, currency FROM wallet_account
           WHERE balance > 0 ORDER BY 1, 2, 4""",
    )
    return json.dumps([transfers, balances])


def id_of(username: str) -> int:
    """The id of a user that there is."""
    return int(User.objects.get(username=username).pk)


def people(*names: str) -> list[int]:
    """Staff users with every right, by their ids; made where there are none."""
    for name in names:
        if not User.objects.filter(username=name).exists():
            with logged(STAFF):
                User.objects.create(
                    username=name,
                    password=passwords.hashed(STAFF_PASSWORD),
                    is_staff=True,
                    is_superuser=True,
                    date_joined=datetime(2020, 1, 1, tzinfo=ZONE),
                )
    return [User.objects.get(username=name).pk for name in names]


def no_owner(name: str, permissions: Any = None) -> None:
    """A staff user may only what these permissions say; None: what was given before."""
    user = User.objects.get(username=name)
    user.is_superuser = False
    with logged(STAFF_RIGHTS):
        user.save(update_fields=["is_superuser"])
        if permissions is not None:
            user.user_permissions.set(permissions)


def acting(name: str) -> Any:
    """What this staff user changes, who has just entered their password."""
    return UnitOfWork(permissions.staff(people(name)[0]), is_confirmed=True)


def silent(sentence: str) -> None:
    """Somebody who waits and is told nothing."""


def opened(name: str = "olga") -> list[int]:
    """Open what is due; the runs' numbers."""
    return [run.pk for run in commission_run.open_due(acting(name))]


def computed(run_id: int) -> list[str]:
    """Compute a run; its hashes."""
    run = commission_run.compute(acting("olga"), run_id, silent)
    return [bytes(run.inputs_hash or b"").hex(), bytes(run.outputs_hash or b"").hex()]


def approved(run_id: int) -> None:
    """Compute, review and approve a run."""
    computed(run_id)
    commission_run.review(acting("olga"), run_id)
    commission_run.approve(acting("otto"), run_id)


def paid(run_id: int) -> None:
    """Take a run all the way until it is paid."""
    approved(run_id)
    commission_run.pay(acting("olga"), run_id, silent)


def refused(action: Any) -> str:
    """The sentence that an action is refused with."""
    try:
        action()
    except Refusal as refusal:
        return refusal.sentence
    return "not refused"


def lines(run_id: int) -> list[Any]:
    """A run's lines: bonus, member, source, amount."""
    return [
        list(row)
        for row in sql.rows(
            PaidLine,
            """SELECT bonus, username, source_id, amount FROM commissions_line
               JOIN members_user ON members_user.id = member_id
               WHERE run_id = %s ORDER BY number""",
            [run_id],
        )
    ]


def totals(run_id: int) -> dict[str, int]:
    """What each member gets by a run."""
    found = sql.rows(
        Total,
        """SELECT username, total FROM commissions_earning
           JOIN members_user ON members_user.id = member_id WHERE run_id = %s AND total > 0""",
        [run_id],
    )
    return {row.username: row.total for row in found}


def change(statement: str, *values: Any) -> None:
    """Change rows as the application may."""
    sql.run(statement, values)
