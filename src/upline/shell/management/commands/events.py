"""`./upline events`: what happened, as JSON lines, for a program that goes on from where it was."""

import argparse
import json
from typing import Any

from django.core.management.base import CommandParser

from upline.events.queries import START, Cursor, ReadEvent, cursor_of, read
from upline.shell.command import ShellCommand

_AT_ONCE = 1000


class Command(ShellCommand):
    help = "Print events as JSON lines, the earliest first. Each line has a cursor to go on from."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--after", type=_cursor, default=START, metavar="CURSOR",
            help="only what came after this cursor of an earlier line",
        )  # fmt: skip
        parser.add_argument("--kind", default="", help="only events of this kind: order.completed")
        parser.add_argument("--limit", type=int, help="print at most so many")

    def handle(self, *args: Any, **options: Any) -> None:
        after, remaining = options["after"], options["limit"]
        while found := read(after, _AT_ONCE):
            for event in found:
                if options["kind"] not in ("", event.kind):
                    continue
                if remaining is not None and remaining <= 0:
                    return
                self.stdout.write(_line(event))
                remaining = None if remaining is None else remaining - 1
            after = found[-1].cursor


def _cursor(text: str) -> Cursor:
    try:
        return cursor_of(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} is not a cursor: a cursor is written 812-5"
        ) from None


def _line(event: ReadEvent) -> str:
    return json.dumps(
        {
            "cursor": str(event.cursor),
            "kind": event.kind,
            "subject": event.subject,
            "occurred_at": event.occurred_at.isoformat(),
            "data": event.data,
        }
    )
