"""Somebody who forfeits what a run withholds, while somebody else pays who was released."""

import json
import threading
from typing import Any

from django.db import connection

from commissions.world import acting, approved, money, opened, refused, silent
from support.overlapping import wait_for_other
from upline.base import sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.books import invariants
from upline.commissions import payment, queries, statements, steps
from upline.commissions.models import Run
from upline.flows import commission_run
from upline.members import actions
from upline.members.models import Standing
from upline.members.queries import find_person


def member(username: str) -> int:
    person = find_person(username)
    assert person is not None
    return person.id


def stands(username: str, standing: str) -> None:
    """From now on the member is active, blocked or closed."""
    unit = UnitOfWork(Shell())
    unit.commit(
        lambda: actions.change_standing(unit, member(username), Standing(standing), "a test")
    )


def withheld(username: str, standing: str) -> int:
    """A run that is paid to all but this member, who had this standing; its number."""
    (run_id,) = opened()
    approved(run_id)
    stands(username, standing)
    commission_run.pay(acting("olga"), run_id, silent)
    return run_id


def forfeit(run_id: int, username: str, reason: str = "Closed for good") -> str:
    """The sentence that this is refused with."""
    return refused(lambda: commission_run.forfeit(acting("olga"), run_id, username, reason))


def status(run_id: int) -> str:
    return str(Run.objects.get(pk=run_id).status)


def transfers(run_id: int, username: str) -> int:
    """How many transfers a run made for a member."""
    reference = f"run:{run_id}:{member(username)}"
    return sum(row[1] == reference for row in json.loads(money())[0])


def careless() -> None:
    """The planted fault: both look first and act afterwards, and hold nothing in between."""
    steps.hold = queries.run
    steps._must_be_forfeitable = lambda run, member_id: None
    statements.FORFEIT = statements.FORFEIT.replace("standing = 'closed'", "standing <> ''")
    statements.RELEASE = """
    SELECT member_id FROM commissions_withheld JOIN members_member ON user_id = member_id
    WHERE run_id = %(run)s AND standing = 'active' AND forfeited_at IS NULL
    """


def race(run_id: int, username: str) -> list[Any]:
    """Pay a member who was released, and forfeit what is withheld from them while they are being
    paid. How many were paid, what the forfeiting said, what `./upline verify` says."""
    found, forfeited, said = threading.Event(), threading.Event(), {}
    _pause_in_release(found, forfeited)

    def release() -> None:
        unit = acting("olga")
        said["paid"] = unit.commit(lambda: payment.pay_released(unit, run_id))
        connection.close()

    other = threading.Thread(target=release)
    other.start()
    assert found.wait(30)
    said["forfeited"] = forfeit(run_id, username)
    forfeited.set()
    other.join()
    return [said["paid"], said["forfeited"], sorted(invariants.check())]


def _pause_in_release(found: threading.Event, forfeited: threading.Event) -> None:
    """Who has found whom to pay waits until the other one is done, or has to wait for them."""
    real = sql.rows

    def rows(*asked: Any) -> Any:
        answer = real(*asked)
        if statements.RELEASE in asked:
            found.set()
            wait_for_other(forfeited)
        return answer

    vars(sql)["rows"] = rows
