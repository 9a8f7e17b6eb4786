"""Whoever reads events gets each once and none left out, whatever commits meanwhile."""

import io
import itertools
import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

import psycopg
import pytest
from django.core.management import CommandError, call_command

from support.cast import unique
from support.installation import Installation, wait_for
from support.other_company import does_in, found_in
from upline.base import sql
from upline.base.actors import Shell
from upline.base.event_kinds import EventKind
from upline.base.sql import Connection
from upline.base.unit import UnitOfWork
from upline.events import actions as events
from upline.events.models import Event
from upline.events.queries import START, Cursor, ReadEvent, cursor_of, read

Read = Callable[[Cursor, int], list[ReadEvent]]
WRITE = """
INSERT INTO events_event (kind, subject, data, occurred_at)
VALUES ('order.cancelled', %s, '{"member_id": 0}', now())
"""
WRITERS = 8
OF_EACH = 40


class WrittenRow(NamedTuple):
    id: int
    transaction: int
    subject: str
    occurred_at: datetime


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """These events tell of orders that do not exist."""
    yield
    sql.run("DELETE FROM events_event WHERE subject LIKE 'order:raced%%'")


# Planted faults: readers that go by the highest id alone, that do not stop before what still runs,
# and that stop there but go by ids.
FAULTY = {
    "by id": "id > %(id)s ORDER BY id",
    "without stopping": "(transaction, id) > (%(transaction)s, %(id)s) ORDER BY transaction, id",
    "by id, stopping": "id > %(id)s AND transaction < events_settled() ORDER BY id",
}


def faulty(condition: str) -> Read:
    def read_wrongly(after: Cursor, limit: int) -> list[ReadEvent]:
        rows = sql.rows(
            WrittenRow,
            f"""SELECT id, transaction, subject, occurred_at FROM events_event
                WHERE {condition} LIMIT %(limit)s""",
            {**after._asdict(), "limit": limit},
        )
        kind = EventKind.ORDER_CANCELLED
        return [
            ReadEvent(Cursor(row.transaction, row.id), kind, row.subject, {}, row.occurred_at)
            for row in rows
        ]

    return read_wrongly


def newest(reader: Read) -> Cursor:
    """The cursor after all that there is now."""
    after = START
    while found := reader(after, 1000):
        after = found[-1].cursor
    return after


def interleavings() -> list[str]:
    """Each order in which two transactions, `a` and `b`, can begin, write and end: `ababab`."""
    return sorted({"".join(each) for each in itertools.permutations("aaabbb")})


def lost_of(reader: Read, order: str, url: str) -> list[str]:
    """Subjects that a reader, who looks after every step, does not get exactly once."""
    name, got = unique("raced"), list[str]()
    after = newest(reader)
    with psycopg.connect(url) as a, psycopg.connect(url) as b:
        steps = {"a": _steps(a, f"order:{name}-a"), "b": _steps(b, f"order:{name}-b")}
        for each in order:
            next(steps[each], None)
            after = _read_on(reader, after, got)
    wait_for(lambda: newest(read) >= _last(name))
    _read_on(reader, after, got)
    expected = {f"order:{name}-a", f"order:{name}-b"}
    return [subject for subject in expected if got.count(subject) != 1]


def _steps(connection: Connection, subject: str) -> Iterator[None]:
    connection.execute("SELECT pg_current_xact_id()")
    yield
    connection.execute(WRITE, [subject])
    yield
    connection.commit()
    yield


def _read_on(reader: Read, after: Cursor, got: list[str]) -> Cursor:
    for event in reader(after, 100):
        after = event.cursor
        got.append(event.subject)
    return after


def _last(name: str) -> Cursor:
    row = sql.one(
        Cursor,
        "SELECT transaction, id FROM events_event WHERE subject LIKE %s "
        "ORDER BY transaction DESC, id DESC LIMIT 1",
        [f"order:{name}%"],
    )
    assert row is not None
    return row


def test_however_two_transactions_meet_a_reader_gets_both(installation: Installation) -> None:
    url = installation.postgres.app_url
    assert [order for order in interleavings() if lost_of(read, order, url)] == []


@pytest.mark.parametrize("condition", FAULTY.values(), ids=FAULTY)
def test_another_reader_would_lose_some(condition: str, installation: Installation) -> None:
    url = installation.postgres.app_url
    assert [order for order in interleavings() if lost_of(faulty(condition), order, url)] != []


def test_many_who_write_at_once_lose_nothing(installation: Installation) -> None:
    name, after, got = unique("raced"), newest(read), list[str]()
    threads = [
        threading.Thread(target=write_some, args=(installation.postgres.app_url, f"{name}-{each}"))
        for each in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        after = _read_on(read, after, got)
    wait_for(lambda: newest(read) >= _last(name))
    for _ in range(WRITERS * OF_EACH):
        after = _read_on(read, after, got)
    ours = [subject for subject in got if subject.startswith(f"order:{name}")]
    assert len(ours) == len(set(ours)) == WRITERS * OF_EACH


def write_some(url: str, name: str) -> None:
    with psycopg.connect(url) as connection:
        for number in range(OF_EACH):
            connection.execute(WRITE, [f"order:{name}-{number}"])
            if number % 3 == 0:
                connection.execute("SELECT pg_sleep(0.003)")
            connection.commit()


def test_what_is_rolled_back_has_no_event() -> None:
    name = unique("raced")

    def change() -> None:
        events.write(EventKind.ORDER_CANCELLED, f"order:{name}", member_id=0)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        UnitOfWork(Shell()).commit(change)
    assert (
        sql.number("SELECT count(*) FROM events_event WHERE subject = %s", [f"order:{name}"]) == 0
    )


def test_data_that_the_kind_does_not_name_are_not_written() -> None:
    before = Event.objects.count()
    with pytest.raises(ValueError, match=r"order\.cancelled"):
        events.write(EventKind.ORDER_CANCELLED, "order:raced", member_id=0, name="Anna")
    assert Event.objects.count() == before


def test_an_event_is_never_changed_not_even_by_the_owner(installation: Installation) -> None:
    events.write(EventKind.ORDER_CANCELLED, f"order:{unique('raced')}", member_id=0)
    urls = (installation.postgres.app_url, installation.postgres.owner_url)
    for url in urls:
        with psycopg.connect(url) as connection, pytest.raises(psycopg.Error):
            connection.execute("UPDATE events_event SET kind = 'order.placed'")


def read_after_the_restore() -> list[list[str]]:
    """The last two events, and those that come after the first of these."""
    call_command("migrate", verbosity=0)
    call_command("migrate", verbosity=0)
    events.write(EventKind.ORDER_CANCELLED, "order:after", member_id=0)
    found = read(START, 1000)
    after = read(found[-2].cursor, 10)
    return [[event.subject for event in found][-2:], [event.subject for event in after]]


def test_after_a_restore_on_a_server_that_counts_from_less_a_cursor_still_works(
    installation: Installation,
) -> None:
    environment, _ = found_in(installation, "upline_restored", "unilevel")
    with psycopg.connect(environment["DATABASE_OWNER_URL"]) as owner:
        # What the server that was backed up had written, with the number of its transaction.
        owner.execute(
            """INSERT INTO events_event (kind, subject, data, occurred_at, transaction)
               VALUES ('order.cancelled', 'order:before', '{"member_id": 0}', now(), 9000000000)"""
        )
    try:
        both, after = does_in(environment, read_after_the_restore)
    finally:
        installation.postgres.drop_database("upline_restored")
    assert both == ["order:before", "order:after"]
    assert after == ["order:after"]


# --- ./upline events ------------------------------------------------------------------------------


def printed(*words: str) -> list[dict[str, object]]:
    said = io.StringIO()
    call_command("events", *words, stdout=said)
    return [json.loads(line) for line in said.getvalue().splitlines()]


def test_the_command_prints_json_lines_and_goes_on_from_a_cursor() -> None:
    name, before = unique("raced"), str(newest(read))
    for number in range(3):
        events.write(EventKind.ORDER_CANCELLED, f"order:{name}-{number}", member_id=0)
    wait_for(lambda: newest(read) >= _last(name))
    lines = printed("--after", before)
    ours = [line for line in lines if str(line["subject"]).startswith(f"order:{name}")]
    assert [line["subject"] for line in ours] == [f"order:{name}-{number}" for number in range(3)]
    assert ours[0].keys() == {"cursor", "kind", "subject", "occurred_at", "data"}
    rest = printed("--after", str(ours[0]["cursor"]), "--kind", "order.cancelled", "--limit", "1")
    assert [line["subject"] for line in rest] == [f"order:{name}-1"]
    assert cursor_of(str(rest[0]["cursor"])) > cursor_of(before)


@pytest.mark.parametrize("cursor", ["", "abc", "5", "5-", "5-x"])
def test_what_is_no_cursor_is_refused_in_a_sentence(cursor: str) -> None:
    with pytest.raises(CommandError, match="is not a cursor: a cursor is written 812-5"):
        printed("--after", cursor)
