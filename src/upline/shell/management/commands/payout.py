"""`./upline payout`: payouts, from the list of what waits to the file for the bank."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.flows import paying_out
from upline.payouts.models import Payout, PayoutStatus
from upline.screens import shown
from upline.shell.command import ShellCommand, line
from upline.shell.files import keep
from upline.shell.people import add_person, signed_in

_FLOWS: dict[str, Callable[..., Any]] = {
    "approve": paying_out.approve,
    "decline": paying_out.decline,
    "batch": paying_out.make_batch,
    "file": paying_out.bank_file,
    "paid": paying_out.mark_paid,
    "failed": paying_out.mark_failed,
    "returned": paying_out.mark_returned,
}


class Command(ShellCommand):
    help = "List payouts, approve or decline them, batch them for the bank, record the result."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="WHAT", required=True)
        listed = verbs.add_parser("list", help="list payouts, newest first")
        listed.add_argument(
            "--status", choices=PayoutStatus.values, help="only payouts in this status"
        )
        self._acting(verbs, "approve", "let a payout go into the next batch").add_argument("payout")
        declined = self._acting(verbs, "decline", "do not pay it; the money goes back")
        declined.add_argument("payout")
        declined.add_argument(
            "--reason", required=True, type=line(300), help="the member will read it"
        )
        self._acting(verbs, "batch", "put all approved payouts into a batch")
        file = self._acting(verbs, "file", "write the file for the bank")
        file.add_argument("batch", type=int)
        file.add_argument("--kind", choices=("csv", "sepa"), default="csv")
        file.add_argument("--to", type=Path, help="a new file; printed by default")
        paid = self._acting(verbs, "paid", "the bank has paid")
        failed = self._acting(verbs, "failed", "the bank has not paid; the money goes back")
        failed.add_argument(
            "--reason", required=True, type=line(300), help="the member will read it"
        )
        for each in (paid, failed):
            which = each.add_mutually_exclusive_group(required=True)
            which.add_argument("payout", nargs="?")
            which.add_argument("--batch", type=int, help="all payouts that are still in this batch")

        returned = self._acting(verbs, "returned", "the bank has returned a paid payout")
        returned.add_argument("payout")
        returned.add_argument("--reason", required=True, help="the member will read it")

    def _acting(self, verbs: Any, verb: str, meaning: str) -> Any:
        parser = verbs.add_parser(verb, help=meaning)
        add_person(parser)
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        verb = options["verb"]
        try:
            if verb == "list":
                self._list(options["status"])
                return
            unit = signed_in(options["person"], _FLOWS[verb])
            getattr(self, f"_{verb}")(unit, options)
        except Refusal as refusal:
            raise CommandError(_sentences(refusal)) from refusal

    def _list(self, status: str | None) -> None:
        found = Payout.objects.select_related("member__user").defer("bank_sealed")
        chosen = found.filter(status=status) if status else found
        if not chosen:
            self.stdout.write(
                "No payouts have this status." if status else "There are no payouts yet."
            )
        for each in chosen:
            words = [
                each.number,
                shown.words(each.status),
                shown.money(each.amount, each.currency),
                each.member,
            ]
            batch = f"batch {each.batch_id}" if each.batch_id else ""
            said = [*map(str, words), batch, each.reason or each.kept_out]
            self.stdout.write("  ".join(filter(None, said)))

    def _approve(self, unit: UnitOfWork, options: dict[str, Any]) -> None:
        paying_out.approve(unit, options["payout"])
        self.stdout.write(f"{options['payout']} is approved.")

    def _decline(self, unit: UnitOfWork, options: dict[str, Any]) -> None:
        paying_out.decline(unit, options["payout"], options["reason"])
        self.stdout.write(f"{options['payout']} is declined; the money is back in the wallet.")

    def _batch(self, unit: UnitOfWork, options: dict[str, Any]) -> None:
        made = paying_out.make_batch(unit)
        for number, why in made.kept_out.items():
            self.stdout.write(f"{number} stays out: {why}")
        payouts = "1 payout" if made.quantity == 1 else f"{made.quantity} payouts"
        self.stdout.write(f"Batch {made.id}: {payouts}, {shown.money(made.amount, made.currency)}.")

    def _file(self, unit: UnitOfWork, options: dict[str, Any]) -> None:
        content = paying_out.bank_file(unit, options["batch"], options["kind"])
        if options["to"] is None:
            self.stdout.write(content.decode(), ending="")
            return
        keep(content, options["to"])
        self.stdout.write(f"It is in {options['to']}.")

    def _paid(self, unit: UnitOfWork, options: dict[str, Any]) -> None:
        if options["payout"]:
            paying_out.mark_paid(unit, options["payout"])
            self.stdout.write(f"{options['payout']} is paid.")
            return
        number = paying_out.mark_batch_paid(unit, options["batch"])
        self.stdout.write(f"{number} of batch {options['batch']} are paid.")

    def _failed(self, unit: UnitOfWork, options: dict[str, Any]) -> None:
        if options["payout"]:
            paying_out.mark_failed(unit, options["payout"], options["reason"])
            self.stdout.write(f"{options['payout']} has failed; the money is back in the wallet.")
            return
        number = paying_out.mark_batch_failed(unit, options["batch"], options["reason"])
        self.stdout.write(f"{number} of batch {options['batch']} have failed.")

    def _returned(self, unit: UnitOfWork, options: dict[str, Any]) -> None:
        paying_out.mark_returned(unit, options["payout"], options["reason"])
        self.stdout.write(f"{options['payout']} is returned; the money is back in the wallet.")


def _sentences(refusal: Refusal) -> str:
    others = [text for text in refusal.fields.values() if text not in refusal.sentence]
    return "\n".join([refusal.sentence, *others])
