"""`./upline exchange`: money of the company, exchanged at its bank for another currency."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.amounts import Money, NotAnAmount, as_read
from upline.base.errors import Refusal
from upline.flows import exchanging
from upline.markets import current as markets
from upline.shell.command import ShellCommand, line
from upline.shell.people import add_person, signed_in

_RATE_DECIMALS = 6


class Command(ShellCommand):
    help = "Record that the company's bank has exchanged money for another currency."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("amount", help="what was sold, e.g. 1000.00")
        parser.add_argument("sold", metavar="FROM", help="its currency, e.g. EUR")
        parser.add_argument("bought", metavar="TO", help="the currency that was bought")
        parser.add_argument("--rate", required=True, help="what 1.00 of FROM is worth in TO")
        parser.add_argument("--reason", required=True, type=line(300), help="kept for good")
        add_person(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        sold_currency, bought_currency = options["sold"].upper(), options["bought"].upper()
        if sold_currency not in markets.currencies():
            raise CommandError(f"No market is in {sold_currency}.")
        try:
            minor = as_read(options["amount"], markets.decimals_of(sold_currency))
            rate = as_read(options["rate"], _RATE_DECIMALS)
        except NotAnAmount as error:
            raise CommandError(str(error)) from error
        sold = Money(minor, sold_currency)
        try:
            unit = signed_in(options["person"], exchanging.exchange_company)
            bought = exchanging.exchange_company(
                unit, sold, bought_currency, rate, options["reason"]
            )
        except Refusal as refusal:
            said = " ".join([refusal.sentence, *refusal.fields.values()])
            raise CommandError(said) from refusal
        self.stdout.write(f"{markets.money(sold)} was exchanged for {markets.money(bought)}.")
