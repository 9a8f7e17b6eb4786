"""Staff change a member's membership package, once they have seen what it does.

No order is made and no money moves: that is for an order. As a package that an order bought, it
counts for each commission run whose period ends after that moment."""

from dataclasses import dataclass
from datetime import date, datetime, time

from upline.base import audit, clock
from upline.base.errors import Conflict, FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.catalog import queries as catalog
from upline.catalog.models import Package
from upline.company import current as company
from upline.events import actions as events
from upline.flows.permissions import Right, needs
from upline.genealogy import actions as genealogy
from upline.genealogy.models import PositionStatus
from upline.language import gettext
from upline.mailings import actions as mailings
from upline.members import actions as members
from upline.members import queries
from upline.members.models import Member, PackageFact, Standing
from upline.orders import actions as orders
from upline.orders.queries import awaited_package
from upline.screens.package_effects import effects


@dataclass(frozen=True)
class UpgradeRequest:
    """What is asked for: `package` is the office's code of a package, or its name; `day` None is
    now."""

    member_id: int
    package: str
    day: date | None = None


@dataclass(frozen=True)
class Upgrade:
    """A change that keeps all rules. `before`: the package that counts until now, None for none;
    `effects`: what the plan in force pays otherwise, None where none is."""

    member_id: int
    before: Package | None
    after: Package
    since: datetime
    effects: list[str] | None


def prepare(wish: UpgradeRequest, frozen: date | None) -> Upgrade:
    """What the change will be; nothing is changed. `frozen` is the last day that belongs to
    commission runs. Raises Conflict, FieldsWrong."""
    member = Member.objects.get(pk=wish.member_id)
    if member.standing == Standing.CLOSED:
        raise Conflict(gettext("This member is closed."))
    if member.member_since is None:
        raise Conflict(gettext("This is a customer. Only members have a membership package."))
    after = catalog.membership(wish.package)
    fact = queries.latest_package(wish.member_id)
    before = fact.package if fact else None
    if before == after:
        raise Conflict(gettext("The member has the package {name} already.", name=after.name))
    waiting = awaited_package(wish.member_id)
    if waiting:
        raise Conflict(
            gettext(
                "Order {number} for {package} awaits payment, and would replace this "
                "package once it is paid. Mark it as paid or cancel it first.",
                number=waiting.number,
                package=waiting.package,
            )
        )
    since = _moment(wish.day, member.member_since, fact, frozen)
    changed = effects(before.pk if before else None, after.pk)
    return Upgrade(wish.member_id, before, after, since, changed)


def preview(wish: UpgradeRequest) -> Upgrade:
    """What a change would do now; nothing is changed. Raises what `upgrade` does."""
    return prepare(wish, orders.last_frozen_day())


@needs(Right.CHANGE_MEMBER_PACKAGES)
def upgrade(unit: UnitOfWork, wish: UpgradeRequest, reason: str) -> Upgrade:
    """Change a member's package, up or down. Raises Conflict, FieldsWrong."""
    if not reason.strip():
        raise FieldsWrong(fields={"reason": gettext("Enter a reason.")})
    unit.refuse_own(wish.member_id)

    def make() -> Upgrade:
        Member.objects.select_for_update(of=["self"], no_key=True).get(pk=wish.member_id)
        made = prepare(wish, orders.last_frozen_day())
        members.change_package(made.member_id, made.after.pk, made.since)
        genealogy.set_status(unit, made.member_id, PositionStatus.OPEN, made.since, reason=reason)
        _tell(unit, made, reason)
        return made

    return unit.commit(make)


def _tell(unit: UnitOfWork, made: Upgrade, reason: str) -> None:
    """Into the audit log, and to the member by mail."""
    before = made.before.name if made.before else ""
    changes = audit.step("package", before, made.after.name)
    since = made.since.isoformat()
    event = events.record(
        unit,
        EventKind.MEMBER_PACKAGE_CHANGED,
        f"member:{made.member_id}",
        {"member_id": made.member_id, "package_id": made.after.pk, "since": since},
        changes=changes,
        reason=reason,
        since=since,
    )
    address = Member.objects.values_list("user__email", flat=True).get(pk=made.member_id)
    day = company.current().day_of(made.since).isoformat()
    facts = {"before": before, "after": made.after.name, "since": day}
    mailings.deliver(event, made.member_id, address, **facts)


def _moment(
    day: date | None, member_since: datetime, fact: PackageFact | None, frozen: date | None
) -> datetime:
    """From when the package counts: now, or midnight of an earlier day, after the package
    before."""
    facts, today = company.current(), company.today()
    day = day or today
    if day > today:
        raise FieldsWrong(gettext("A package cannot count from later than today."))
    company.refuse_frozen(day, frozen)
    latest = max(member_since, fact.since) if fact else member_since
    if day < facts.day_of(latest):
        raise FieldsWrong(
            gettext(
                "On {day} the member joined, or got the package of now: name that day "
                "or a later one.",
                day=facts.day_of(latest),
            )
        )
    if day == today:
        return clock.now()
    return max(datetime.combine(day, time(tzinfo=facts.time_zone)), latest)
