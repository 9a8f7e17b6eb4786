"""What the commands of the shell share: help with their own options, errors as sentences."""

import argparse
import re
import sys
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NoReturn

from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    DjangoHelpFormatter,
)

from upline.base import letters


class _OwnOptions(DjangoHelpFormatter):
    """Leaves out what every command of Django's takes, such as --settings."""

    def _reordered_actions(self, actions: Iterable[argparse.Action]) -> list[argparse.Action]:
        return [each for each in actions if not self.show_last.intersection(each.option_strings)]


class _Parser(CommandParser):
    """Says in one sentence which argument is wrong, and where the right ones are listed."""

    def error(self, message: str) -> NoReturn:
        """End the program with the sentence. Raises CommandError where a program calls."""
        told = message
        for pattern, said in _PLAINLY:
            told = re.sub(pattern, said, told)
        sentence = f"{self.prog}: {told}. `{self.prog} --help` lists its arguments."
        if not self.called_from_command_line:
            raise CommandError(sentence)
        self.exit(2, f"{sentence}\n")


# What argparse says of a wrong argument, and how people say it.
_PLAINLY = (
    (r"^the following arguments are required: (.*)$", r"missing: \1"),
    (r"^unrecognized arguments: (.*)$", r"unknown: \1"),
    (r"^argument ", ""),
    (r"invalid int value: '(.*)'$", r"'\1' is not a whole number"),
    (r"invalid choice: ('.*') \(choose from (.*)\)$", r"\1 is not one of \2"),
    (r"expected one argument$", "a value is missing"),
)


class ShellCommand(BaseCommand):
    """A command of Upline's."""

    # Django's checks are about code, and import every page first: `./upline test` runs them.
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The parser, with help that shows the command's own options."""
        parser = _Parser(
            prog=f"./upline {subcommand}",
            description=self.help or None,
            formatter_class=_OwnOptions,
            called_from_command_line=getattr(self, "_called_from_command_line", None),
            parents=[BaseCommand().create_parser(prog_name, subcommand, add_help=False)],
            **kwargs,
        )
        self.add_arguments(parser)
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        """Run it; a CommandError ends in its sentence, without the error's name."""
        try:
            _check_typed(argv[2:])
            # With --traceback, Django leaves the error to us.
            super().run_from_argv([*argv[:2], "--traceback", *argv[2:]])
        except CommandError as error:
            self.stderr.write(str(error))
            sys.exit(error.returncode)


def _check_typed(words: list[str]) -> None:
    """Raises CommandError where an argument holds what nobody types: half of a letter, a tab."""
    for word in words:
        if not letters.is_typed(word):
            raise CommandError(f"{word!r}: {letters.NOT_ALLOWED}")


def line(most: int) -> Callable[[str], str]:
    """An argument that is a line of text that a reader sees, of up to `most` characters."""

    def read(text: str) -> str:
        try:
            seen = letters.cleaned(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
        if not 1 <= len(seen) <= most:
            raise argparse.ArgumentTypeError(f"This must have 1 to {most} characters.")
        return seen

    return read


def name(most: int) -> Callable[[str], str]:
    """An argument that is the name of a person or a thing."""

    def read(text: str) -> str:
        seen = line(most)(text)
        if not letters.has_letter(seen):
            raise argparse.ArgumentTypeError(letters.NOT_SEEN)
        return seen

    return read


def day(text: str) -> date:
    """An argument that is a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} is not a day: a day is written yyyy-mm-dd"
        ) from None
