"""`./upline set`: office settings from the shell."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.actors import Shell
from upline.base.amounts import Money
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.company.queries import NotFounded, load_company
from upline.company.settings import IN_CURRENCY, MONEY, SINGLE, OfficeSettings
from upline.flows import configuring
from upline.markets import current as markets
from upline.shell.command import ShellCommand


class Command(ShellCommand):
    help = "List the settings, show one, or change one: ./upline set NAME VALUE"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?")
        parser.add_argument("value", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        name, value = options["name"], options["value"]
        try:
            if name and value is not None:
                wanted = {name: configuring.parse(name, value)}
                configuring.change_settings(UnitOfWork(Shell()), None, **wanted)
            elif name:
                configuring.refuse_unknown(name)
            self._list(name)
        except (Refusal, NotFounded) as error:
            raise CommandError(_sentences(error)) from error

    def _list(self, only: str | None) -> None:
        values = load_company().office.by_name()
        further = configuring.further_amounts()
        for name in SINGLE:
            own = [name, *(each for each in further if each.partition(IN_CURRENCY)[0] == name)]
            if only is None or only in own:
                for each in own if only in (None, name) else [only]:
                    self.stdout.write(f"{each} = {_shown(each, values.get(each))}")
                self.stdout.write(f"    {OfficeSettings.model_fields[name].description}")


def _shown(name: str, value: Any) -> str:
    setting, _, currency = name.partition(IN_CURRENCY)
    if value is None:
        return f"the same as {setting}, at the rate of the day"
    if setting in MONEY:
        return markets.money(Money(value, currency or markets.home().currency))
    if isinstance(value, bool):
        return "on" if value else "off"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _sentences(error: Exception) -> str:
    fields = getattr(error, "fields", {})
    return "\n".join([str(error), *(f"{name}: {text}" for name, text in fields.items())])
