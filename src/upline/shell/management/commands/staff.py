"""`./upline staff`: invite staff, and help those who are locked out of the office."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.actors import Shell
from upline.base.errors import FieldsWrong, Refusal
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.company.queries import NotFounded, load_company
from upline.flows import staff
from upline.flows.permissions import Right
from upline.members.models import User
from upline.screens import shown
from upline.shell.command import ShellCommand, line

_MEANINGS = {
    "link": "print a link to choose a password, if no mail arrives; it works once",
    "reset-second-factor": "for someone who has lost their app and their recovery codes",
}


class Command(ShellCommand):
    help = (
        "List staff, invite them, and help those who are locked out. Each change is logged and "
        "mailed to all owners."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="WHAT", required=True)
        verbs.add_parser("list", help="list staff by name, with how they sign in")
        invite = verbs.add_parser("invite", help="send someone a link to choose a password")
        invite.add_argument("username")
        invite.add_argument("email", type=line(254))
        grant = verbs.add_parser(
            "grant", help="give a right that fewer than two people have; counts after 24 hours"
        )
        grant.add_argument("username")
        grant.add_argument(
            "right", choices=sorted(set(Right) - {Right.RUN_SERVER}), metavar="RIGHT"
        )
        for verb, meaning in _MEANINGS.items():
            verbs.add_parser(verb, help=meaning).add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        act = getattr(self, f"_{options['verb'].replace('-', '_')}")
        try:
            with company.bound(load_company()):
                act(UnitOfWork(Shell()), options)
        except (Refusal, NotFounded) as error:
            raise CommandError(_sentences(error)) from error

    def _list(self, unit: UnitOfWork, options: dict[str, Any]) -> None:
        found = User.objects.filter(is_staff=True).select_related("second_factor")
        for each in found.order_by("username"):
            words = [each.username, each.email or shown.NOTHING, each.staff_status]
            words += ["owner"] if each.is_superuser else []
            words += ["second factor"] if each.has_second_factor else []
            self.stdout.write("  ".join(words))

    def _invite(self, unit: UnitOfWork, options: dict[str, Any]) -> None:
        staff.invite(unit, options["username"], options["email"])
        self.stdout.write(f"{options['username']} gets a mail with a link to choose a password.")

    def _grant(self, unit: UnitOfWork, options: dict[str, Any]) -> None:
        staff.grant(unit, _found(options).pk, Right(options["right"]))
        self.stdout.write(f"{options['username']} has the right. To confirm others, in 24 hours.")

    def _link(self, unit: UnitOfWork, options: dict[str, Any]) -> None:
        self.stdout.write(staff.make_link(unit, _found(options).pk))

    def _reset_second_factor(self, unit: UnitOfWork, options: dict[str, Any]) -> None:
        staff.reset_second_factor(unit, _found(options).pk)
        self.stdout.write(f"{options['username']} can sign in with the password alone.")


def _found(options: dict[str, Any]) -> User:
    user = User.objects.filter(username__iexact=options["username"], is_staff=True).first()
    if user is None:
        raise FieldsWrong(f"No staff user is named {options['username']}.")
    return user


def _sentences(error: Exception) -> str:
    fields = getattr(error, "fields", {})
    return "\n".join([str(error), *(f"{name}: {text}" for name, text in fields.items())])
