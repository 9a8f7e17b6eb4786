"""`./upline refund`: refunds of what was paid outside, which staff send themselves."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.errors import Refusal
from upline.flows import refunding
from upline.orders.models import RefundToSend
from upline.screens import shown
from upline.shell.command import ShellCommand, line
from upline.shell.people import add_person, signed_in


class Command(ShellCommand):
    help = "List the refunds of orders paid outside, and mark them as sent."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="WHAT", required=True)
        listed = verbs.add_parser("list", help="list refunds to send, newest first")
        listed.add_argument("--all", action="store_true", help="include refunds already sent")
        sent = verbs.add_parser("sent", help="mark the money of a refund as sent")
        sent.add_argument("refund", type=int, help="its number in the list")
        sent.add_argument("--note", required=True, type=line(300), help="how it was sent")
        add_person(sent)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "list":
            self._list(with_sent=options["all"])
            return
        try:
            unit = signed_in(options["person"], refunding.mark_refund_sent)
            refunding.mark_refund_sent(unit, options["refund"], options["note"])
        except RefundToSend.DoesNotExist as error:
            raise CommandError(f"Refund {options['refund']} does not exist.") from error
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Refund {options['refund']} is marked as sent.")

    def _list(self, *, with_sent: bool) -> None:
        found = RefundToSend.objects.select_related("refund__order__member__user")
        shown_ones = list(found if with_sent else found.filter(sent_at=None))
        for each in shown_ones:
            order = each.refund.order
            status = f"sent {shown.moment(each.sent_at)}" if each.sent_at else "not sent yet"
            words = [
                each.pk,
                shown.money(each.amount, order.currency),
                order.number,
                order.member,
                status,
            ]
            self.stdout.write("  ".join(map(str, words)))
        if not shown_ones:
            self.stdout.write("There are no refunds to send.")
