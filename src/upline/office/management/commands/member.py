"""`./upline member`: what staff put right about a member."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.errors import Refusal
from upline.base.shell import ShellCommand, day
from upline.base.unit import Unit
from upline.flows import correcting
from upline.members.queries import find_member
from upline.office.management.people import signed_in

_PERMISSIONS = {"correct": "members.change_member"}


class Command(ShellCommand):
    help = "Correct the data of a member."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        correct = self._acting(verbs, "correct", "put right an e-mail address, name or birthday")
        correct.add_argument("--email", help="the right address")
        correct.add_argument("--firstname")
        correct.add_argument("--lastname")
        correct.add_argument("--date-of-birth", type=day, metavar="DAY")
        correct.add_argument(
            "--verified", action="store_true",
            help="you have checked the new data: mails go to the new address at once",
        )  # fmt: skip

    def _acting(self, verbs: Any, verb: str, meaning: str) -> Any:
        parser = verbs.add_parser(verb, help=meaning)
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="kept in the audit log")
        parser.add_argument("--as", dest="person", required=True, metavar="USERNAME",
                            help="who does it; the password is asked")  # fmt: skip
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        verb = options["verb"]
        try:
            unit = signed_in(options["person"], _PERMISSIONS[verb])
            member_id = find_member(options["username"], "username").id
            getattr(self, f"_{verb}")(unit, member_id, options)
        except Refusal as refusal:
            raise CommandError("\n".join(refusal.fields.values()) or refusal.sentence) from refusal

    def _correct(self, unit: Unit, member_id: int, options: dict[str, Any]) -> None:
        given = {name: options[name] for name in correcting.LABELS if options[name] is not None}
        verified = options["verified"]
        changed = correcting.correct(unit, member_id, given, options["reason"], verified=verified)
        labels = ", ".join(correcting.LABELS[name] for name in changed)
        self.stdout.write(f"Corrected: {labels}. The member is told by mail.")
        if "email" in changed and not verified:
            self.stdout.write(
                "Mails go to the new address once its link is used and the time of the change is "
                "over."
            )
