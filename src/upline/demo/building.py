"""Building the demo company: whole or not at all.

All of it is one transaction. Ctrl-C, a crash or a broken promise in the middle leaves an empty
database, and the next start begins anew; a company that is there is a whole one."""

from collections.abc import Callable
from datetime import UTC, time, timedelta

from upline.base import audit, clock, databases, passwords, sql, told_time
from upline.base.models import AuditEntry
from upline.books import invariants
from upline.company import current
from upline.company.models import Company as CompanyRow
from upline.company.queries import load_company
from upline.demo import logins, opening, showing, story
from upline.demo.credentials import DemoPasswords
from upline.demo.events import DayEnds
from upline.demo.joinings import TIME_ZONE
from upline.demo.logins import BUILT, Logins
from upline.demo.opening import DemoCompany
from upline.demo.story import Story
from upline.demo.telling import Teller
from upline.flows import configuring
from upline.mailings import actions as mailings


class NotADemo(Exception):
    """The database holds a company that is not the demo's."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"This database belongs to the company {name}. The demo needs one of its own: "
            "set DATABASE_URL or DATA_DIR to another."
        )


class PromisesBroken(Exception):
    """What `./upline verify` proves does not hold: nothing was built."""

    def __init__(self, broken: dict[str, list[str]]) -> None:
        lines = (f"{promise}: {', '.join(rows)}" for promise, rows in broken.items())
        super().__init__("The demo company's books do not hold.\n" + "\n".join(lines))


def exists() -> bool:
    """Whether the demo company is there. Raises NotADemo where another company is."""
    row = CompanyRow.objects.first()
    if row is None:
        return False
    if not AuditEntry.objects.filter(event=BUILT).exists():
        raise NotADemo(row.name)
    return True


def build(credentials: DemoPasswords, say: Callable[[DayEnds], None]) -> Logins:
    """Build it, with a year that ended yesterday. Returns the logins for demo.json. `say` is
    told of each day that ends. Raises PromisesBroken."""
    today = clock.now().astimezone(TIME_ZONE).date()
    year = story.write(today - timedelta(days=1))
    with told_time.believed(), databases.atomic(), passwords.each_hashed_once():
        # Each run is computed from one snapshot: the level that it asks for is the whole year's.
        sql.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        # On a busy machine the last statement, which checks all that was written, takes long.
        sql.run("SET LOCAL statement_timeout = 0")
        with clock.pinned(year.calendar.moment(0, time(6)).astimezone(UTC)):
            company = opening.open_company(credentials)
        with current.bound(load_company()):
            teller = _tell(year, company, say)
            with clock.pinned(year.calendar.last_moment.astimezone(UTC)):
                given = _close_the_year(year, teller)
        _verify()
    return given


def _verify() -> None:
    """Raises PromisesBroken. PostgreSQL has no statistics of uncommitted rows, and would join
    what it takes for a handful row by row."""
    sql.run("SET LOCAL enable_nestloop = off")
    broken = invariants.breaches()
    if broken:
        raise PromisesBroken(broken)


def _tell(year: Story, company: DemoCompany, say: Callable[[DayEnds], None]) -> Teller:
    teller = Teller(company, say)
    for event in year.events:
        teller.tell(event)
    return teller


def _close_the_year(year: Story, teller: Teller) -> Logins:
    """From now on the settings are a demo's: people take its runs from open to closed. The mails
    of a year that is over tell nobody anything: they leave the outbox, and with them the jobs
    that would send them."""
    company, secret = teller.company, teller.company.credentials
    named = teller.paymaster.by_earnings(year.seats)
    for username in named:
        teller.shopping.spend_purchase_money(username)
    seats = [logins.equip(company.approver, username, secret) for username in named]
    for username in showing.USERNAMES:
        logins.equip_shown(company.approver, username, secret)
    configuring.change_settings(
        company.staff, spill_over=False, runs_by_schedule=False, **opening.LIMITS
    )
    mailings.drop_queued()
    audit.record(company.staff, BUILT, "company", seats=named)
    return Logins(company.api_key, company.store_api_key, seats, secret)
