"""`./upline set`: office settings from the shell."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.actors import Shell
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.company.actions import parse_setting
from upline.company.queries import NotFounded, load_company
from upline.company.settings import MONEY, OfficeSettings
from upline.flows import configuring
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
                configuring.change_settings(
                    UnitOfWork(Shell()), **{name: parse_setting(name, value)}
                )
            elif name:
                parse_setting(name, "")
            self._list(name)
        except (Refusal, NotFounded) as error:
            raise CommandError(_sentences(error)) from error

    def _list(self, only: str | None) -> None:
        values = load_company().office.model_dump(mode="json")
        for name, field in OfficeSettings.model_fields.items():
            if only in (None, name):
                self.stdout.write(f"{name} = {_shown(name, values[name])}")
                self.stdout.write(f"    {field.description}")


def _shown(name: str, value: Any) -> str:
    if name in MONEY:
        return company.current().money(value)
    if isinstance(value, bool):
        return "on" if value else "off"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _sentences(error: Exception) -> str:
    fields = getattr(error, "fields", {})
    return "\n".join([str(error), *(f"{name}: {text}" for name, text in fields.items())])
