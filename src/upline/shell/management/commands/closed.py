"""`./upline closed`: money on accounts of members who have left."""

from functools import partial
from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.errors import Refusal
from upline.flows import closed_accounts as flow
from upline.screens import shown
from upline.shell.command import ShellCommand, line
from upline.shell.people import add_person, signed_in
from upline.wallet import queries
from upline.wallet.models import Account


class Command(ShellCommand):
    help = "List what members who have left hold or owe; record it as paid, forfeit or waive it."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="WHAT", required=True)
        verbs.add_parser("list", help="the accounts that hold something, and the debts")
        pay = self._acting(verbs, "pay", "the whole balance was sent to the member")
        pay.add_argument("--note", required=True, type=line(300), help="how it was sent")
        forfeit = self._acting(verbs, "forfeit", "the company keeps the whole balance")
        forfeit.add_argument("--reason", required=True, type=line(300), help="kept for good")
        waive = self._acting(verbs, "waive", "the company gives up what the member owes")
        waive.add_argument("--reason", required=True, type=line(300), help="given up for good")

    def _acting(self, verbs: Any, verb: str, meaning: str) -> Any:
        parser = verbs.add_parser(verb, help=meaning)
        parser.add_argument("account", type=int, help="its number in the list")
        add_person(parser)
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        verb = options["verb"]
        if verb == "list":
            self._list()
            return
        try:
            unit, account = signed_in(options["person"], flow.pay), options["account"]
            money = partial(shown.money, currency=_currency(account))
            if verb == "waive":
                waived = flow.waive(unit, account, options["reason"])
                self.stdout.write(f"{money(waived)} is no longer owed.")
                return
            if verb == "pay":
                made = flow.pay(unit, account, options["note"])
                self.stdout.write(f"{money(made.rest)} is recorded as paid.")
            else:
                made = flow.forfeit(unit, account, options["reason"])
                self.stdout.write(f"The company keeps {money(made.rest)}.")
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        if made.debt:
            self.stdout.write(f"{money(made.debt)} paid what the member owed.")

    def _list(self) -> None:
        found = [*queries.of_the_closed(), *queries.debts_of_the_closed()]
        for account in found:
            words = [account.pk, account, shown.money(account.balance, account.currency)]
            self.stdout.write("  ".join(map(str, words)))
        if not found:
            self.stdout.write("No member who has left holds or owes anything.")


def _currency(account_id: int) -> str:
    """The currency of an account; '' where there is none with this number."""
    return Account.objects.filter(pk=account_id).values_list("currency", flat=True).first() or ""
