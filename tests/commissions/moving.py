"""Members who are moved around the days of a run, and while one is opened."""

from datetime import date, datetime, time, timedelta
from typing import Any

from commissions.founding import ZONE
from commissions.world import acting, computed, opened, people
from support.overlapping import first
from upline.base import clock, sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.commissions.storing import archive
from upline.company import current as company
from upline.flows import moving as flow
from upline.genealogy.moving import MoveRequest
from upline.members.models import User
from upline.orders import statements
from upline.orders.actions import last_frozen_day


def without_lock() -> None:
    """The planted fault: who moves a member does not share the books."""
    statements.SHARE_BOOKS = "SELECT 1"


def move(name: str, below: str, side: str, day: date | None, sponsor: str = "") -> int:
    """Move a member on the day after the run's last one; days from there to when it counts."""
    made = flow.move(acting("olga"), _wish(name, below, side, day, sponsor), "a test")
    frozen = last_frozen_day()
    assert frozen is not None
    return (company.current().day_of(made.since) - frozen).days - 1


def _wish(name: str, below: str, side: str, day: date | None, sponsor: str) -> Any:
    sponsor_id = people(sponsor)[0] if sponsor else None
    (member_id,), (below_id,) = people(name), people(below)
    return MoveRequest(member_id, sponsor_id, below_id, "LR".index(side) + 1, day)


def upline(name: str, before: date) -> list[str]:
    """Sponsor and placement of a member as runs see them that end before this day."""
    found = [
        sql.value(
            str,
            f"""SELECT above.username FROM genealogy_{fact} fact
                JOIN members_user above ON above.id = fact.{column}
                WHERE fact.member_id = %s AND since < %s ORDER BY fact.id DESC LIMIT 1""",
            [*people(name), datetime.combine(before, time(), ZONE)],
        )
        for fact, column in (("sponsorfact", "sponsor_id"), ("placementfact", "parent_id"))
    ]
    return [str(each) for each in found]


def race_without_lock(last: date) -> list[str]:
    without_lock()
    return race(last)


def race(last: date) -> list[str]:
    """A move on the last day of a period, and a run that is opened and computed in the first second
    of the next day: the move is not committed before the run has ended, or waits for it. Returns
    below whom the run saw dan, and below whom the facts of that day place him."""
    midnight, seen = datetime.combine(last + timedelta(days=1), time(), ZONE), []

    def move_dan() -> None:
        with clock.pinned(midnight - timedelta(seconds=1)):
            flow.move(UnitOfWork(Shell()), _wish("dan", "cleo", "L", None, "cleo"), "a test")

    def run() -> None:
        with clock.pinned(midnight + timedelta(seconds=1)):
            (number,) = opened()
            computed(number)
            seen.append(_placement_seen(number))

    first(move_dan, run)
    return [*seen, upline("dan", last + timedelta(days=1))[1]]


def _placement_seen(run_id: int) -> str:
    """Below whom dan stands in the run's archive."""
    kept = archive.tables(run_id, ["members"])["members"]
    (dan,) = people("dan")
    (row,) = (kept["member"] == dan).nonzero()[0]
    return User.objects.get(pk=int(kept["placement"][row])).username
