"""Django's commands, which end in a sentence, not in a traceback, where the environment is
wrong, the database is away or not ready, or Ctrl-C is pressed."""

from __future__ import annotations

import importlib
import os
import sys


def sentence_for(error: Exception) -> str | None:
    """What a person is told; None for what is a mistake of ours.

    By name, since the launcher does not import what it launches."""
    name, cause = type(error).__name__, type(error.__cause__).__name__
    if name == "ImproperlyConfigured":
        return str(error)
    if cause == "UndefinedTable":
        return "The database is not ready for this version. Run ./upline migrate."
    if name == "OperationalError":
        return f"The database cannot be reached: {error}".strip()
    return None


def judge(word: str, rest: list[str]) -> None:
    """End the program where a command does not take these arguments; do nothing else."""
    management = importlib.import_module("django.core.management")
    command = management.load_command_class(management.get_commands()[word], word)
    command._called_from_command_line = True  # as Django does, so that it ends in a sentence
    command.create_parser("upline", word).parse_args(rest)


if __name__ == "__main__":
    try:
        if sys.argv[1:2] == ["--judge"]:
            importlib.import_module("django").setup()
            judge(sys.argv[2], sys.argv[3:])
            sys.exit()
        management = importlib.import_module("django.core.management")
        try:
            management.execute_from_command_line(["upline", *sys.argv[1:]])
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        # Who read the output has seen enough, as in `./upline verify | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as error:
        sentence = sentence_for(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        sys.exit(os.EX_CONFIG)
