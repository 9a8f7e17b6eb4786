"""`./upline plan`: compensation plans checked, tried and simulated, without a database.

`python -m upline.shell.plan_commands WORD …`. Nothing here knows of Django; what a trial and a
simulation need is imported only when one is asked for.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from upline.language import gettext, ngettext
from upline.language.current import bound
from upline.plan_documents import PlanErrors, find, read, ready, warnings
from upline.plan_documents.schema import as_text
from upline.plan_documents.summary import summary
from upline.shell.languages import HELP, installed_language

WORDS = {
    "check": "check plans, and show the most they can pay",
    "try": "show what a plan pays for given members and orders",
    "simulate": "simulate what a plan would cost a company of any size",
    "schema": "print the JSON Schema of plan files",
}
ELSEWHERE = {"try": "upline.trials.command", "simulate": "upline.simulation.command"}
BROKEN_PIPE = 141
INTERRUPTED = 130


def main(words: list[str]) -> int:
    """Run one word and return its exit code."""
    word = words[0] if words else ""
    arguments = _parser(word).parse_args(words)
    if arguments.word == "schema":
        print(as_text(), end="")
        return 0
    with bound(arguments.language):
        if arguments.word == "check":
            return max([_check(each) for each in arguments.plans])
        return int(importlib.import_module(ELSEWHERE[word]).run(arguments))


def _parser(word: str) -> argparse.ArgumentParser:
    """The parser; a trial or a simulation adds its own arguments, only where it is asked for."""
    parser = argparse.ArgumentParser(
        "./upline plan",
        description="Compensation plans, without a database.",
        epilog=f"Ready-made plans: {', '.join(ready())}. With the company's database: "
        "`./upline plan use FILE --from DATE` puts one in force, `./upline plan list` shows them.",
    )
    parsers = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    for name, says in WORDS.items():
        sub = parsers.add_parser(name, help=says, description=f"{says[0].upper()}{says[1:]}.")
        if name == "check":
            sub.add_argument("plans", nargs="+", metavar="PLAN", help="a file or a ready-made plan")
        elif name == word and name in ELSEWHERE:
            importlib.import_module(ELSEWHERE[name]).add_arguments(sub)
        if name != "schema":
            sub.add_argument(
                "--language", type=installed_language, default="en", metavar="TAG",
                help=HELP,
            )  # fmt: skip
    return parser


def _check(word: str) -> int:
    """Print what a plan says and the warnings; 1 where it has errors."""
    try:
        path = find(word)
        plan = read(path)
    except PlanErrors as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{plan.name} ({path.name if path in ready().values() else path})\n")
    print("\n".join(summary(plan)))
    said = warnings(plan)
    if said:
        print("\n" + gettext("Warnings:"), *said, sep="\n  ")
    print(f"\n{_how_many(said)}")
    return 0


def _how_many(said: list[str]) -> str:
    if not said:
        return gettext("No errors, no warnings.")
    return ngettext("No errors, {count} warning.", "No errors, {count} warnings.", len(said))


def _run_as_program() -> int:
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Who read the output has seen enough, as in `./upline plan check binary | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE


if __name__ == "__main__":
    sys.exit(_run_as_program())
