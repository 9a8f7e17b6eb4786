"""`./upline member`: what staff put right about a member."""

from collections.abc import Callable
from typing import Any, cast

from django.core.management.base import CommandError, CommandParser

from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.company.models import PlanKind
from upline.flows import correcting, moving, opening, placing, upgrading
from upline.flows.opening import PositionRequest
from upline.flows.upgrading import Upgrade
from upline.genealogy import queries as tree
from upline.genealogy.errors import PlacementInvalid
from upline.genealogy.moving import Move, MoveRequest, Stand
from upline.genealogy.queries import SIDE_LETTERS, NamedPosition
from upline.members.queries import find_member
from upline.screens import shown
from upline.shell.command import ShellCommand, day
from upline.shell.people import add_person, signed_in

_FLOWS: dict[str, Callable[..., Any]] = {
    "correct": correcting.correct,
    "move": moving.move,
    "place": placing.place,
    "position": opening.open_position,
    "reopen": opening.reopen_position,
    "upgrade": upgrading.upgrade,
}
_NUMBERS = {name: number for number, name in SIDE_LETTERS.items()}


class Command(ShellCommand):
    help = (
        "Correct the data of a member, move one to another sponsor or place, place one who waits, "
        "open a further position, open a closed one again, or change the membership package."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="WHAT", required=True)
        correct = self._acting(verbs, "correct", "correct an e-mail address, name or date of birth")
        correct.add_argument("--email", help="the correct address")
        correct.add_argument("--firstname")
        correct.add_argument("--lastname")
        correct.add_argument("--date-of-birth", type=day, metavar="DAY")
        correct.add_argument(
            "--verified", action="store_true",
            help="you have verified the new data: mails go to the new address at once",
        )  # fmt: skip

        move = self._acting(verbs, "move", "move a member and everyone below")
        move.add_argument("--sponsor", metavar="USERNAME", help="the new sponsor")
        move.add_argument("--under", metavar="POSITION",
                          help="the position above the new place: a username, or NAME/2 for a "
                          "further position")  # fmt: skip
        move.add_argument(
            "--position",
            type=int,
            default=1,
            metavar="NUMBER",
            help="which of the member's positions moves; the first by default",
        )
        move.add_argument("--side", type=side_of, help="L or R; in a matrix a number")
        _dated(move)

        place = self._acting(verbs, "place", "give a member who waits a place")
        _placed(place)

        further = self._acting(verbs, "position", "open a further position")
        _placed(further)

        reopen = self._acting(verbs, "reopen", "open a position again that a refund has closed")
        reopen.add_argument(
            "--position", type=int, default=1, metavar="NUMBER", help="which; the first by default"
        )

        upgrade = self._acting(verbs, "upgrade", "to another membership package, up or down")
        upgrade.add_argument("--package", required=True, metavar="CODE",
                             help="the office's code of the package, or its name")  # fmt: skip
        _dated(upgrade)

    def _acting(self, verbs: Any, verb: str, meaning: str) -> Any:
        parser = verbs.add_parser(verb, help=meaning)
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="kept in the audit log")
        add_person(parser)
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        verb = options["verb"]
        try:
            unit = signed_in(options["person"], _FLOWS[verb])
            member_id = find_member(options["username"], "username").id
            getattr(self, f"_{verb}")(unit, member_id, options)
        except Refusal as refusal:
            raise CommandError("\n".join(refusal.fields.values()) or refusal.sentence) from refusal

    def _correct(self, unit: UnitOfWork, member_id: int, options: dict[str, Any]) -> None:
        found = {name: options[name] for name in correcting.LABELS if options[name] is not None}
        given = cast("correcting.Corrections", found)
        verified = options["verified"]
        changed = correcting.correct(unit, member_id, given, options["reason"], verified=verified)
        labels = ", ".join(correcting.LABELS[name] for name in changed)
        self.stdout.write(f"Corrected: {labels}. The member gets a mail.")
        if "email" in changed and not verified:
            self.stdout.write(
                "Mails go to the new address once its link is used and the time in which the "
                "change can be undone is over."
            )

    def _move(self, unit: UnitOfWork, member_id: int, options: dict[str, Any]) -> None:
        sponsor, under = options["sponsor"], options["under"]
        sponsor_id = find_member(sponsor, "username").id if sponsor else None
        parent_id = _position(under).id if under else None
        which = options["position"]
        mover_id = _position(f"{options['username']}/{which}").id if which > 1 else None
        day = options["day"]
        wish = MoveRequest(member_id, sponsor_id, parent_id, options["side"], day, mover_id)
        if options["yes"]:
            self._show(options["username"], moving.move(unit, wish, options["reason"]))
            self.stdout.write("Moved.")
        else:
            self._show(options["username"], moving.preview(wish))
            self.stdout.write("Nothing was changed. Add --yes to do it.")

    def _place(self, unit: UnitOfWork, member_id: int, options: dict[str, Any]) -> None:
        placing.place(unit, member_id, options["under"], options["side"], options["reason"])
        self.stdout.write("Placed.")

    def _position(self, unit: UnitOfWork, member_id: int, options: dict[str, Any]) -> None:
        wish = PositionRequest(member_id, options["under"], options["side"])
        opened = opening.open_position(unit, wish, options["reason"])
        self.stdout.write(f"Opened position {opened.name}.")

    def _reopen(self, unit: UnitOfWork, member_id: int, options: dict[str, Any]) -> None:
        position = f"{options['username']}/{options['position']}"
        named = opening.reopen_position(unit, member_id, position, options["reason"])
        self.stdout.write(f"Position {named.name} is open.")

    def _upgrade(self, unit: UnitOfWork, member_id: int, options: dict[str, Any]) -> None:
        wish = upgrading.UpgradeRequest(member_id, options["package"], options["day"])
        if options["yes"]:
            self._show_upgrade(upgrading.upgrade(unit, wish, options["reason"]))
            self.stdout.write("Changed. The member is told by mail.")
        else:
            self._show_upgrade(upgrading.preview(wish))
            self.stdout.write("Nothing was changed. Add --yes to do it.")

    def _show_upgrade(self, made: Upgrade) -> None:
        self.stdout.write(f"Before: {made.before or 'no package'}")
        self.stdout.write(f"After:  {made.after}")
        if made.effects is None:
            self.stdout.write("No plan is in force today.")
        for effect in made.effects or ():
            self.stdout.write(effect)
        if made.effects == []:
            self.stdout.write("The plan in force pays both packages alike.")
        self.stdout.write(f"It counts from {shown.moment(made.since)}.")

    def _show(self, username: str, move: Move) -> None:
        count = "1 member moves" if move.members == 1 else f"{move.members} members move"
        self.stdout.write(f"Before: {_told(move.before)}")
        self.stdout.write(f"After:  {_told(move.after)}")
        self.stdout.write(f"{count}: {username} and everyone below." if move.members else
                          f"{username} and everyone below keep their places.")  # fmt: skip
        self.stdout.write(f"It counts from {shown.moment(move.since)}.")


def _placed(parser: CommandParser) -> None:
    """Where a position is to stand."""
    parser.add_argument(
        "--under",
        required=True,
        metavar="POSITION",
        help="the position above: a username, or NAME/2 for a further one",
    )
    parser.add_argument("--side", required=True, type=side_of, help="L or R")


def _dated(parser: CommandParser) -> None:
    """Whatever counts from a day on, and is shown before it is done."""
    parser.add_argument(
        "--from", dest="day", type=day, metavar="DAY",
        help="from when it counts: a day that no commission run has frozen; else today",
    )  # fmt: skip
    parser.add_argument("--yes", action="store_true", help="do it; else it is only shown")


def side_of(text: str) -> int:
    """An argument that is a side."""
    return _NUMBERS.get(text.upper()) or int(text)


def _position(text: str) -> NamedPosition:
    """The position that an argument names. Raises PlacementInvalid."""
    found = tree.find_position(text)
    if found is None:
        raise PlacementInvalid()
    return found


def _told(stand: Stand) -> str:
    ids = [each for each in (stand.sponsor_id, stand.parent_id) if each]
    names = tree.positions_named(ids)
    side = stand.side
    shown_side = (
        SIDE_LETTERS.get(side or 0) if company.current().plan_kind == PlanKind.BINARY else side
    )
    where = f", {shown_side}" if shown_side else ""
    sponsor = f"sponsor {names[stand.sponsor_id].name}, " if stand.sponsor_id else ""
    return f"{sponsor}below {names[stand.parent_id].name}{where}"
