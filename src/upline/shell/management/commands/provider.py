"""`./upline provider`: the secrets with which payment providers sign what they say."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.actors import Shell
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.flows import provider_secrets
from upline.payments.models import ProviderSecret
from upline.shell.command import ShellCommand


class Command(ShellCommand):
    help = "Make a secret for a payment provider (shown only once), list the secrets, or end one."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="WHAT", required=True)
        add = verbs.add_parser("add", help="make a secret for a provider; it is shown only once")
        add.add_argument("code", help="your code for the provider, e.g. acme_pay")
        verbs.add_parser("list", help="list the providers and their secrets")
        end = verbs.add_parser("end", help="take no more messages signed with a secret")
        end.add_argument("code")
        end.add_argument("last_four", help="the last four characters of the secret")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _add(self, options: dict[str, Any]) -> None:
        self.stdout.write(provider_secrets.add(UnitOfWork(Shell()), options["code"]))

    def _list(self, options: dict[str, Any]) -> None:
        found = ProviderSecret.objects.order_by("provider", "pk")
        if not found:
            self.stdout.write("There are no secrets yet. `./upline provider add CODE` makes one.")
        for each in found:
            self.stdout.write(f"{each.provider}  …{each.last_four}  {each.status}")

    def _end(self, options: dict[str, Any]) -> None:
        provider_secrets.end(UnitOfWork(Shell()), options["code"], options["last_four"])
        self.stdout.write(f"The secret …{options['last_four']} of {options['code']} has ended.")
