"""`./upline COMMAND …`: finds the command and runs it."""

from __future__ import annotations

import os
import sys

from upline.launch import checks, commands, secret_keys
from upline.launch.arguments import answer, asked
from upline.launch.backup import backup, restore
from upline.launch.demo import demo
from upline.launch.environment import read_settings
from upline.launch.errors import LaunchError, Stopped, stop_on_signals
from upline.launch.plan import plan
from upline.launch.serve import serve

SERVERS = ("demo", "serve")
BACKUPS = {"backup": backup, "restore": restore}


def main(arguments: list[str]) -> int:
    """Run a command and return its exit code; troubles become sentences on stderr."""
    stop_on_signals()
    arguments = asked(arguments)
    try:
        return _run(arguments[0], arguments[1:])
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read the output has seen enough, as in `./upline help | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Stopped as stopped:
        print("\nStopped.", file=sys.stderr)
        return 0 if arguments[0] in SERVERS else 128 + stopped.number


def _run(word: str, rest: list[str]) -> int:
    answered = answer([word, *rest], is_ready=True)
    if answered is not None:
        return answered
    if word == "secrets":
        print(secret_keys.as_lines(secret_keys.new_secrets()), end="", flush=True)
        return 0
    if word == "test":
        return checks.test(rest)
    if word == "plan" and rest[:1] not in (["use"], ["list"]):
        return plan(rest)
    if word == "serve":
        return serve(read_settings(), rest)
    if word in BACKUPS:
        return BACKUPS[word](read_settings(), rest)
    if word == "demo":
        return demo(read_settings())
    return commands.pass_on(word, rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["help"]))
