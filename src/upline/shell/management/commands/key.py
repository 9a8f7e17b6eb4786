"""`./upline key`: the api keys of programs that may call the API."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.actors import Shell
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.company.models import ApiClient
from upline.flows import api_keys
from upline.flows.permissions import DEFAULT_SCOPES, SCOPES, Right
from upline.shell.command import ShellCommand, name

DEFAULT = "default"


class Command(ShellCommand):
    help = "Create an api key (shown only once), list the keys, or revoke one."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="WHAT", required=True)
        create = verbs.add_parser("create", help="create a key; it is shown only once")
        create.add_argument("name", type=name(100))
        create.add_argument(
            "--scope",
            action="append",
            default=[],
            choices=(DEFAULT, *SCOPES),
            help=f"what the key can do; {DEFAULT} is everything but {Right.REPORT_ORDERS}, and "
            "also what a key can do without this. Repeat it for more",
        )
        verbs.add_parser("list", help="list the keys by name")
        revoke = verbs.add_parser("revoke", help="revoke a key")
        revoke.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _create(self, options: dict[str, Any]) -> None:
        named = options["scope"] or [DEFAULT]
        scopes = {*named} - {DEFAULT} | {*(DEFAULT_SCOPES if DEFAULT in named else ())}
        self.stdout.write(api_keys.create_key(UnitOfWork(Shell()), options["name"], scopes))

    def _list(self, options: dict[str, Any]) -> None:
        found = ApiClient.objects.order_by("name")
        if not found:
            self.stdout.write("There are no api keys yet. `./upline key create NAME` creates one.")
        for client in found:
            status = "revoked" if client.revoked_at else "live"
            scopes = " ".join(client.scopes)
            self.stdout.write(f"{client.name}  …{client.last_four}  {status}  {scopes}")

    def _revoke(self, options: dict[str, Any]) -> None:
        if not ApiClient.objects.filter(name=options["name"], revoked_at=None).exists():
            raise CommandError(f"No active api key is named {options['name']}.")
        api_keys.revoke_key(UnitOfWork(Shell()), options["name"])
        self.stdout.write(f"{options['name']} is revoked.")
