"""`./upline unlock`: let a person try again after too many wrong passwords."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.actors import Shell
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.flows import signing_in
from upline.shell.command import ShellCommand


class Command(ShellCommand):
    help = "Let a member or staff user try again after too many wrong passwords."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"]
        try:
            signing_in.unlock(UnitOfWork(Shell()), username)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{username} can try again now.")
