"""A move and a signup at the same moment, in a company of their own."""

import threading
from collections.abc import Callable
from typing import Any

from support.cast import enrol, unique


def broken() -> list[str]:
    """What `./upline verify` would say of the trees."""
    from upline.base import sql
    from upline.books import invariants

    return [str(row[0]) for each in invariants.TREES for row in sql.rows(str(each.breaches))]


def without_lock() -> None:
    """The fault: a move looks and writes while others take places."""
    from upline.genealogy import moving

    moving.lock = lambda: None


def without_second_look() -> None:
    """The fault: what a signup saw before it waited for a place is not looked at again."""
    from upline.genealogy import actions

    actions._must_be_in_team = lambda *_: None


def move_during_signup() -> list[str]:
    """ben moves to erik while somebody takes a place below ben's dan."""
    ids, names = _family()
    before = broken()
    _first(lambda: enrol(names["dan"], unique("gus"), names["dan"], "L"), lambda: _move(ids))
    return _new(before)


def signup_during_move() -> list[str]:
    """anna enrols somebody below dan, who is leaving her team. What breaks, and the refusal."""
    from upline.genealogy.errors import PlacementInvalid

    ids, names = _family()
    before = broken()
    refused: list[str] = []

    def enrol_too_late() -> None:
        try:
            enrol(names["anna"], unique("gus"), names["dan"], "L")
        except PlacementInvalid:
            refused.append("1009")

    _first(lambda: _move(ids), enrol_too_late)
    return [*_new(before), *refused]


def _new(before: list[str]) -> list[str]:
    return [each for each in broken() if each not in before]


def _family() -> tuple[dict[str, int], dict[str, str]]:
    """anna above ben above dan; erik beside them."""
    from support.installation import ROOT_MEMBER

    names = {name: unique(name) for name in ("anna", "ben", "dan", "erik")}
    places = {"anna": (ROOT_MEMBER, "L"), "ben": ("anna", "L"), "dan": ("ben", "L"),
              "erik": (ROOT_MEMBER, "R")}  # fmt: skip
    ids = {}
    for name, (sponsor, side) in places.items():
        ids[name] = enrol(names.get(sponsor, sponsor), names[name], position=side)
    return ids, names


def _move(ids: dict[str, int]) -> None:
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.flows import moving
    from upline.genealogy.moving import MoveRequest

    moving.move(UnitOfWork(Shell()), MoveRequest(ids["ben"], ids["erik"], ids["erik"], 1), "a race")


def _first(holds: Callable[[], Any], comes: Callable[[], Any]) -> None:
    """`comes` begins when `holds` has done everything but commit."""
    from django.db import connection, transaction

    done = threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                holds()
                done.set()
                threading.Event().wait(0.7)
        finally:
            done.set()
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    done.wait(10)
    comes()
    thread.join()
