"""Children that compute or pay a run and are killed at random moments; what is left then.

What is compiled is loaded once, before the children are made."""

import hashlib
import json
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connections

from commissions.world import acting, balances, money, noon, refund, sell, silent
from support.cast import enrol
from upline.base import sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.books import invariants
from upline.commissions import payment, queries, statements, steps
from upline.commissions.models import Run
from upline.flows import adjusting, commission_run, configuring, opening
from upline.members.queries import find_person
from upline.orders.models import Order


def child(work: Callable[[], Any]) -> int:
    """A process that does this and ends; its number."""
    connections.close_all()
    number = os.fork()
    if number > 0:
        return number
    try:
        work()
        os._exit(0)
    except BaseException as error:
        print(type(error).__name__, error, flush=True)
        os._exit(1)


def send_back(day: date) -> None:
    """Every fifth order is refunded on this day; who earned by it has spent all."""
    for name, (held,) in balances("wallet").items():
        person = find_person(name)
        if held and person is not None:
            with noon(day):
                adjusting.debit_wallet(acting("olga"), person.id, held, "spent")
    sold = Order.objects.filter(kind="outside", status="complete").order_by("id")
    for number in sold.values_list("number", flat=True)[5::5]:
        refund(number, day)


def open_position(username: str, day: date) -> None:
    """A second position at somebody's right, and below it two who have bought on this day."""
    person = find_person(username)
    assert person is not None
    configuring.change_settings(UnitOfWork(Shell()), positions_max=2)
    with noon(day):
        wish = opening.PositionRequest(person.id, username, 2)
        second = opening.open_position(acting("olga"), wish, "a second business centre")
        for name, side in (("nina", "L"), ("nora", "R")):
            enrol(username, name, username, side, second.id)
    for name in ("nina", "nora"):
        sell(name, day, 9_000, 7_000)


def end(number: int) -> int:
    """Wait for a child; its exit code, below zero for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def killed_again_and_again(work: Callable[[], Any], kills: int, seed: int, longest: float) -> int:
    """Let children do this and kill each at a random moment, `longest` seconds after its start at
    the latest at first; then one that is left alone. Returns how many were killed in the midst."""

    random.seed(seed)
    hit = 0
    for _ in range(kills):
        number = child(work)
        time.sleep(random.random() * longest)
        os.kill(number, signal.SIGKILL)
        was_killed = end(number) < 0
        hit += was_killed
        longest *= 1.05 if was_killed else 0.6
    assert end(child(work)) == 0
    return hit


def compute(run_id: int) -> None:
    commission_run.compute(acting("olga"), run_id, silent)


def stored() -> str:
    """All that a run came to, as one hash."""
    whole = hashlib.sha256()
    for table, order in (
        ("commissions_line", "run_id, number"),
        ("commissions_earning", "run_id, member_id"),
        ("commissions_runmarket", "run_id, market_id"),
        ("commissions_archivepiece", "run_id, part, number"),
    ):
        without_id = "to_jsonb(t) - 'id'"
        for row in sql.values(object, f"SELECT {without_id} FROM {table} t ORDER BY {order}"):
            whole.update(repr(row).encode())
    run = Run.objects.latest("pk")
    hashes = [bytes(each or b"").hex() for each in (run.inputs_hash, run.outputs_hash)]
    return f"{whole.hexdigest()} {[*hashes, run.paid, run.lines, str(run.status)]}"


def in_chunks_of(number: int) -> None:
    payment.CHUNK = number


def pay(run_id: int) -> None:
    commission_run.pay(acting("olga"), run_id, silent)


def pay_carelessly(run_id: int, meet: Callable[[], object]) -> None:
    """The planted fault: the cursor moves in a transaction of its own, after the chunk's, and
    nobody holds the run meanwhile. Nobody moves it before another has paid its chunk too."""
    move, statements.MOVE_CURSOR = statements.MOVE_CURSOR, "SELECT %(run)s::bigint, %(last)s"
    steps.hold = queries.run
    while True:
        after = {"run": run_id, "after": queries.run(run_id).cursor, "most": payment.CHUNK}
        try:
            chunk_paid = UnitOfWork(Shell()).commit(
                lambda: payment.pay_chunk(acting("olga"), run_id)
            )
        finally:
            meet()
        if not chunk_paid.members:
            break
        chunk = sql.one(statements.Chunk, statements.CHUNK, after)
        assert chunk is not None
        sql.run(move, {"run": run_id, "last": chunk.last})
    UnitOfWork(Shell()).commit(lambda: payment.finish(acting("olga"), run_id))


def two_at_once(work: Callable[[], Any]) -> list[int]:
    """Two children that do the same at the same moment; their exit codes."""
    meet = meeting()

    def begin() -> None:
        meet()
        work()

    numbers = [child(begin), child(begin)]
    return [end(number) for number in numbers]


def meeting() -> Callable[[], None]:
    """A place where the first child to come waits for another; later ones wait for nobody."""
    came = multiprocessing.Value("i", 0)

    def meet() -> None:
        with came.get_lock():
            came.value += 1
        deadline = time.monotonic() + 30
        while came.value < 2 and time.monotonic() < deadline:
            time.sleep(0.005)

    return meet


def seen() -> str:
    """What was paid, and what `./upline verify` says of it."""
    return json.dumps([money(), sorted(invariants.check())])
