"""`./upline init`: set the company up, once."""

from typing import Any
from zoneinfo import available_timezones

import pycountry
from babel.numbers import get_currency_precision
from django.core.management.base import CommandError, CommandParser

from upline.base import told_time
from upline.base.actors import Shell
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.company.models import PlanKind
from upline.flows.founding import Founding, found_company
from upline.shell.command import ShellCommand, line, name
from upline.shell.people import ask_password

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


DECIMALS = (0, 2, 3)


def own_decimals(currency: str) -> int:
    """How many decimals amounts in a currency have, as people write them: JPY none, KWD three."""
    usual = get_currency_precision(currency)
    return usual if usual in DECIMALS else 2


class Command(ShellCommand):
    help = "Set up the company, once. These settings cannot be changed after the first member."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, type=name(100), help="the company's name")
        parser.add_argument("--currency", required=True, help="ISO 4217, e.g. EUR")
        parser.add_argument("--decimals", type=int, choices=DECIMALS,
                            help="of an amount; the currency's own if left out")  # fmt: skip
        parser.add_argument("--time-zone", required=True, help="e.g. Europe/Berlin")
        parser.add_argument("--first-weekday", default="monday", choices=WEEKDAYS)
        parser.add_argument("--plan", required=True, choices=PlanKind.values)
        parser.add_argument("--width", type=int, help="for a matrix: from 2 to 100")
        parser.add_argument("--root", required=True, help="the first member's username")
        parser.add_argument("--root-email", required=True, type=line(254))
        parser.add_argument("--staff", required=True, help="the first staff user's username")
        parser.add_argument(
            "--staff-email", default="", help="the address that changes of staff are mailed to"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._check(options)
        decimals = options["decimals"]
        if decimals is None:
            decimals = own_decimals(options["currency"].upper())
        founding = Founding(
            name=options["name"],
            currency=options["currency"].upper(),
            exponent=decimals,
            time_zone=options["time_zone"],
            first_weekday=WEEKDAYS.index(options["first_weekday"]) + 1,
            plan_kind=PlanKind(options["plan"]),
            matrix_width=options["width"] if options["plan"] == PlanKind.MATRIX else None,
            root_username=options["root"],
            root_password=ask_password(f"Password of the first member, {options['root']}"),
            root_email=options["root_email"],
            staff_username=options["staff"],
            staff_password=ask_password(f"Password of the staff user, {options['staff']}"),
            staff_email=options["staff_email"],
        )
        try:
            found_company(UnitOfWork(Shell()), founding)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        told_time.end()
        self.stdout.write(f"{founding.name} is set up. Next: ./upline key create NAME")

    def _check(self, options: dict[str, Any]) -> None:
        if options["time_zone"] not in available_timezones():
            raise CommandError(f"The time zone {options['time_zone']} does not exist.")
        if pycountry.currencies.get(alpha_3=options["currency"].upper()) is None:
            raise CommandError("--currency is an ISO 4217 code of three letters, e.g. EUR.")
        if options["plan"] == PlanKind.MATRIX and not 2 <= (options["width"] or 0) <= 100:
            raise CommandError("A matrix needs --width from 2 to 100.")
