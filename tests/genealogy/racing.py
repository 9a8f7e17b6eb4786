"""A move and a signup, or two openings of positions, at the same moment, in a company of their
own."""

from collections.abc import Callable
from typing import Any

from support.cast import enrol, unique
from support.installation import ROOT_MEMBER
from support.overlapping import first
from support.wares import put_on_sale
from upline.base import sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.books.tree_promises import IN_TREES
from upline.flows import configuring, order_decisions, order_entry
from upline.flows import moving as flow
from upline.genealogy import actions, moving
from upline.genealogy.errors import PlacementInvalid
from upline.genealogy.models import Position
from upline.genealogy.moving import MoveRequest
from upline.genealogy.queries import positions_of


def with_fault(race: str, fault: str) -> Any:
    """A race by its name, with a fault planted where one is named."""
    if fault:
        globals()[fault]()
    return globals()[race]()


def broken() -> list[str]:
    """What `./upline verify` would say of the trees."""
    return [told for each in IN_TREES for told in each.found()]


def without_lock() -> None:
    """The fault: a move looks and writes while others take places."""
    moving.lock = lambda: None


def without_second_look() -> None:
    """The fault: what a signup saw before it waited for a place is not looked at again."""
    actions._must_be_in_team = lambda *_: None


def move_during_signup() -> list[str]:
    """ben moves to erik while somebody takes a place below ben's dan."""
    ids, names = _family()
    before = broken()
    first(lambda: enrol(names["dan"], unique("gus"), names["dan"], "L"), lambda: _move(ids))
    return _new(before)


def signup_during_move() -> list[str]:
    """anna enrols somebody below dan, who is leaving her team. What breaks, and the refusal."""
    ids, names = _family()
    before = broken()
    refused: list[str] = []

    def enrol_too_late() -> None:
        try:
            enrol(names["anna"], unique("gus"), names["dan"], "L")
        except PlacementInvalid:
            refused.append("1009")

    first(lambda: _move(ids), enrol_too_late)
    return [*_new(before), *refused]


def without_turns() -> None:
    """The fault: positions of one member are counted while another one is opened."""

    vars(actions)["sql"] = _Unlocked("FOR NO KEY UPDATE")


def without_held_end() -> None:
    """The fault: the end of a leg is read, and not held."""
    vars(actions)["sql"] = _Unlocked("FOR UPDATE")


class _Unlocked:
    """What `sql` does, but for one kind of lock."""

    def __init__(self, lock: str) -> None:
        self.lock = lock

    def __getattr__(self, name: str) -> Any:
        return getattr(sql, name)

    def run(self, statement: str, parameters: Any = ()) -> Any:
        return sql.run(statement.replace(self.lock, ""), parameters)

    def number(self, statement: str, parameters: Any = ()) -> int:
        return sql.number(statement.replace(self.lock, ""), parameters)


def two_openings() -> list[str]:
    """erik, who may hold two positions, gets one on his left and one on his right at once. What
    breaks, how many he holds then, and how the other was refused."""
    ids, _ = _family()
    before = broken()
    configuring.change_settings(UnitOfWork(Shell()), positions_max=2)
    refused: list[str] = []

    def open_too_late() -> None:
        try:
            _committed(lambda: actions.open_position(ids["erik"], ids["erik"], 2))
        except Exception as error:
            refused.append(type(error).__name__)

    first(lambda: actions.open_position(ids["erik"], ids["erik"], 1), open_too_late)
    return [*_new(before), str(len(positions_of(ids["erik"]))), *refused]


def two_payments() -> list[str]:
    """dan and ben above him have ordered a position at the same free place, and both orders are
    paid at once. What breaks, then below which position each stands, dan's first."""
    ids, names = _family()
    before, code = broken(), unique("C-centre")
    configuring.change_settings(UnitOfWork(Shell()), positions_max=3)
    put_on_sale(code, 10_000, kind="cart", name="Centre", opens_position=True)
    of_dan, of_ben = (
        order_entry.enter(UnitOfWork(Shell()), ids[buyer], {code: 1}, names["dan"], 1)
        for buyer in ("dan", "ben")
    )

    def pay(number: str) -> None:
        order_decisions.record_payment(UnitOfWork(Shell()), number, 10_000, unique("bank"))

    first(lambda: pay(of_dan), lambda: pay(of_ben))
    stand = [Position.objects.get(member_id=ids[buyer], number=2) for buyer in ("dan", "ben")]
    above = [each.parent.name for each in stand if each.parent]
    known = {name: who for who, name in names.items()}
    return [*_new(before), *("/".join([known[n.split("/")[0]], *n.split("/")[1:]]) for n in above)]


def _committed(work: Callable[[], Any]) -> None:
    UnitOfWork(Shell()).commit(work)


def _new(before: list[str]) -> list[str]:
    return [each for each in broken() if each not in before]


def _family() -> tuple[dict[str, int], dict[str, str]]:
    """anna above ben above dan; erik beside them."""
    names = {name: unique(name) for name in ("anna", "ben", "dan", "erik")}
    places = {"anna": (ROOT_MEMBER, "L"), "ben": ("anna", "L"), "dan": ("ben", "L"),
              "erik": (ROOT_MEMBER, "R")}  # fmt: skip
    ids = {}
    for name, (sponsor, side) in places.items():
        ids[name] = enrol(names.get(sponsor, sponsor), names[name], position=side)
    return ids, names


def _move(ids: dict[str, int]) -> None:
    flow.move(UnitOfWork(Shell()), MoveRequest(ids["ben"], ids["erik"], ids["erik"], 1), "a race")
