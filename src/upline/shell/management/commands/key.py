"""`./upline key`: the api keys of programs that may call the API."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.actors import Shell
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.company.actions import PERMISSIONS
from upline.company.models import ApiClient
from upline.flows import api_keys
from upline.shell.command import ShellCommand, name


class Command(ShellCommand):
    help = "Create an api key (shown only once), list the keys, or revoke one."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="WHAT", required=True)
        create = verbs.add_parser("create", help="create a key; it is shown only once")
        create.add_argument("name", type=name(100))
        create.add_argument("--permission", action="append", default=[], choices=PERMISSIONS)
        verbs.add_parser("list", help="list the keys by name")
        revoke = verbs.add_parser("revoke", help="revoke a key")
        revoke.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _create(self, options: dict[str, Any]) -> None:
        self.stdout.write(
            api_keys.create_key(UnitOfWork(Shell()), options["name"], options["permission"])
        )

    def _list(self, options: dict[str, Any]) -> None:
        found = ApiClient.objects.order_by("name")
        if not found:
            self.stdout.write("There are no api keys yet. `./upline key create NAME` creates one.")
        for client in found:
            status = "revoked" if client.revoked_at else "live"
            permissions = " ".join(client.permissions)
            self.stdout.write(
                f"{client.name}  …{client.last_four}  {status}  {permissions}".rstrip()
            )

    def _revoke(self, options: dict[str, Any]) -> None:
        if not ApiClient.objects.filter(name=options["name"], revoked_at=None).exists():
            raise CommandError(f"No active api key is named {options['name']}.")
        api_keys.revoke_key(UnitOfWork(Shell()), options["name"])
        self.stdout.write(f"{options['name']} is revoked.")
