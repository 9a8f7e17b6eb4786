"""A clock that is wrong freezes no days; a run that was opened by mistake can be dropped."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Self

from django.core.management import call_command
from django.db import DatabaseError, transaction

from commissions.conftest import APPROVER, LAST, Company
from commissions.world import acting, approved, computed, opened, people, refused
from support.installation import STAFF
from upline.base import clock, sql
from upline.commissions.models import ArchivePiece, Run
from upline.flows import commission_run as flow
from upline.flows import housekeeping, retention
from upline.members.actions import make_link
from upline.members.models import LinkPurpose, MailedLink, StepAsked
from upline.site import health


class Moment(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


def set_clock(days: int) -> None:
    """From now on this process's clock is so many days ahead of the database's."""

    class Ahead(datetime, metaclass=Moment):
        @classmethod
        def now(cls, zone: tzinfo | None = None) -> Self:
            moment = datetime.now(zone) + timedelta(days=days)
            return cls.combine(moment.date(), moment.timetz())

    vars(clock)["datetime"] = Ahead


def status() -> list[object]:
    return [
        Run.objects.count(),
        sql.value(date, "SELECT max(last_day) FROM orders_frozen"),
        ArchivePiece.objects.count(),
    ]


def opened_early() -> list[int]:
    """Runs that are opened forty days too early, as by a worker that does not look at clocks."""
    must_agree, clock.must_agree = clock.must_agree, lambda: None
    with clock.pinned(datetime.now(UTC) + timedelta(days=40)):
        runs = opened()
    clock.must_agree = must_agree
    return runs


def work_ahead_of_time() -> Any:
    set_clock(9)
    before = status()
    flow.on_schedule()
    flow.as_asked(1, "compute", people("olga")[0])
    approving = refused(lambda: flow.approve(acting("otto"), 1))
    return [before == status(), refused(opened), approving]


def test_a_worker_whose_clock_is_ahead_opens_and_computes_nothing(planned: Company) -> None:
    unchanged, *sentences = planned.does(work_ahead_of_time)
    assert unchanged
    for sentence in sentences:
        assert "clock is ahead of the database's" in sentence


def let_time_pass_ahead() -> Any:
    (olga,) = people("olga")
    StepAsked.objects.create(
        event="run.dropped", right="commissions.drop_run", what="a test", arguments={},
        actor_id=olga, at=clock.now(),
    )  # fmt: skip
    make_link(olga, LinkPurpose.STAFF_PASSWORD)
    set_clock(9)
    housekeeping.let_time_pass()
    gone = retention.clean_up()
    told: list[str] = []
    asked = {"PATH_INFO": "/health/ready", "REQUEST_METHOD": "GET"}
    health.answer(asked, lambda status, _: told.append(status))
    links = MailedLink.objects.filter(user_id=olga, purpose=LinkPurpose.STAFF_PASSWORD)
    return [StepAsked.objects.get().status, gone, links.count(), *told]


def test_a_worker_whose_clock_is_ahead_lets_nothing_lapse_and_cleans_nothing_up(
    planned: Company,
) -> None:
    assert planned.does(let_time_pass_ahead) == [
        "asked", {}, 1, "503 Service Unavailable",
    ]  # fmt: skip


def begin_behind_time() -> Any:
    set_clock(-1)
    said = []
    try:
        call_command("ready")
    except Exception as error:
        said = [type(error).__name__, str(error)]
    return said


def test_no_server_starts_by_a_clock_that_is_behind(planned: Company) -> None:
    name, sentence = planned.does(begin_behind_time)
    assert name == "ImproperlyConfigured"
    assert "clock is behind the database's" in sentence


def compute_before_the_end() -> Any:
    runs = opened_early()
    approved(runs[0])
    last = runs[1]
    before = status()
    tried = [refused(lambda: computed(last))]
    sql.run("UPDATE commissions_run SET status = 'computed' WHERE id = %s", [last])
    sql.run(
        "UPDATE commissions_run SET status = 'reviewed', reviewed_by_id = %s WHERE id = %s",
        [people("mia")[0], last],
    )
    tried.append(refused(lambda: flow.approve(acting("otto"), last)))
    return [*tried, before == status()]


def test_a_period_that_is_not_over_is_neither_computed_nor_approved(company: Company) -> None:
    company.says("plan", "use", company.plan(), "--from", str(LAST.replace(day=1)))
    computing, approving, unchanged = company.does(compute_before_the_end)
    assert "not over" in computing
    assert "not over" in approving
    assert unchanged


def test_two_people_drop_a_run_and_its_days_are_open_again(planned: Company) -> None:
    planned.says("run", "open", person=STAFF)
    planned.says("run", "compute", person=STAFF)
    drop = ("run", "drop", "1", "--reason", "The clock was wrong")
    for _ in range(2):
        assert "takes two people" in planned.refuses(*drop, person=STAFF)
        assert planned.value("SELECT count(*) FROM commissions_run") == 1
    assert "is gone" in planned.says(*drop, person=APPROVER)
    for table in ("run", "line", "earning", "archivepiece"):
        assert planned.value(f"SELECT count(*) FROM commissions_{table}") == 0
    sold_on = "(SELECT min(business_date) FROM orders_order)"
    assert planned.value(f"SELECT last_day < {sold_on} FROM orders_frozen") is True
    assert "BROKEN" not in planned.says("verify")
    assert "open" in planned.says("run", "open", person=STAFF)


def drop_what_is_needed() -> Any:
    runs = opened_early()
    first, second = runs[0], runs[-1]

    def ask(name: str, run: int) -> str:
        return refused(lambda: flow.drop(acting(name), run, "why"))

    tried = [ask("olga", first)]
    approved(first)
    tried.append(ask("olga", first))
    ask("olga", second)
    before = status()

    def by_hand(statement: str, *values: object) -> object:
        try:
            with transaction.atomic():
                return sql.value(object, statement, values)
        except DatabaseError as error:
            return type(error.__cause__).__name__

    drop = "SELECT commissions_drop_run(%s, %s)"
    by_asking = [by_hand(drop, second, each) for each in (*people("olga", "otto"), None)]
    deleted = by_hand("DELETE FROM commissions_run WHERE id = %s RETURNING id", second)
    return [*tried, by_asking, deleted, before == status()]


def test_what_something_depends_on_is_not_dropped(planned: Company) -> None:
    said = planned.does(drop_what_is_needed)
    depended_on, is_approved, by_asking, deleted, unchanged = said
    assert "drop that one first" in depended_on
    assert "approved" in is_approved
    assert by_asking == [False] * 3
    assert deleted == "InsufficientPrivilege"
    assert unchanged
