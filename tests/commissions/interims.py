"""What programs of the tests of interim runs do: work one out, look at it."""

import json
from typing import Any, NamedTuple

from commissions.world import approved, noon, refused, silent
from upline.base import sql
from upline.commissions import statements
from upline.commissions.explaining import activity
from upline.commissions.models import Run
from upline.flows import commission_run
from upline.flows.tasks import interim_runs
from upline.members.queries import find_person
from upline.screens import earnings_so_far


class Amount(NamedTuple):
    """The number of a bonus with a username, and what it came to."""

    who: str
    amount: int


SHOWN = (
    "commissions_interimearning", "commissions_interimrank", "commissions_interimteam",
    "commissions_interim",
)  # fmt: skip


def interim(**more: bool) -> list[str]:
    """Work out what the running periods come to; what was said meanwhile."""
    said: list[str] = []
    commission_run.interim(said.append, **more)
    return said


def so_far(username: str) -> dict[str, Any]:
    """What a member is shown, by the length of the period: amounts by bonus, rank, legs."""
    person = find_person(username)
    assert person is not None
    return {
        each.every: {
            "days": [str(each.first_day), str(each.last_day)],
            "amounts": dict(each.amounts),
            "total": each.total,
            "currency": each.currency,
            "rank": each.rank,
            "legs": {legs.bonus: [legs.left, legs.right] for legs in each.legs},
            "basis": each.basis,
        }
        for each in earnings_so_far.so_far(person.id)
    }


def active_now(username: str, day: Any) -> list[Any]:
    """Whether a member is active on a day, and until when."""
    person = find_person(username)
    assert person is not None
    with noon(day):
        found = activity.now(person.id)
    assert found is not None
    return [found.today.active, str(found.until or "")]


def amounts(every: str) -> dict[str, int]:
    """What everybody is shown for the periods of one length: bonus and username."""
    found = sql.rows(
        Amount,
        """SELECT bonus || ' ' || username AS who, amount FROM commissions_interimearning
           JOIN commissions_interim interim ON interim.id = interim_id
           JOIN members_user ON members_user.id = member_id
           WHERE every = %s AND amount <> 0""",
        [every],
    )
    return {row.who: row.amount for row in found}


def of_run(run_id: int) -> dict[str, int]:
    """What a run's bonuses come to, in the same way."""
    found = sql.rows(
        Amount,
        """SELECT bonus || ' ' || username AS who, sum(amount)::bigint AS amount
           FROM commissions_line JOIN members_user ON members_user.id = member_id
           WHERE run_id = %s AND bonus >= 0 GROUP BY 1""",
        [run_id],
    )
    return {row.who: row.amount for row in found}


def run_to(last_day: Any, every: str) -> int:
    """The run of this length that ends on this day."""
    return int(Run.objects.get(last_day=last_day, every=every).pk)


def shown() -> str:
    """All that is shown, of everybody, but for when it was calculated."""
    rows = "SELECT to_jsonb(t) - 'at' - 'interim_id' - 'id' FROM {} t ORDER BY 1"
    return json.dumps([sql.values(object, rows.format(table)) for table in SHOWN])


def everything_else() -> dict[str, str]:
    """A hash of each table that an interim run has no business with."""
    tables = sql.values(
        str,
        """SELECT relname::text FROM pg_class
           WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname""",
    )
    return {
        table: str(
            sql.value(str, f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
        )
        for table in tables
        if table not in SHOWN
    }


def paid_in_turn(run_ids: list[int]) -> None:
    """Compute and approve these runs."""
    for run_id in run_ids:
        approved(run_id)


def worker() -> None:
    """What the worker does every minute."""
    interim_runs(0)


def quietly() -> None:
    """An interim run of somebody who does not look at it, or leaves where another is at it."""
    refused(lambda: commission_run.interim(silent))


def without_lock() -> None:
    """Whoever makes an interim run believes to be alone."""
    statements.TRY_INTERIM = "SELECT true"
