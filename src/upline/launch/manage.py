"""`python -m django …` that ends in a sentence, not in a traceback, where the environment is
wrong, the database is away or not ready, or Ctrl-C is pressed."""

from __future__ import annotations

import os
import runpy
import sys


def sentence_for(error: Exception) -> str | None:
    """What a person is told; None for what is a mistake of ours.

    By name, since the launcher does not import what it launches."""
    name, cause = type(error).__name__, type(error.__cause__).__name__
    if name == "ImproperlyConfigured":
        return str(error)
    if cause == "UndefinedTable":
        return "The database is not ready for this version: run ./upline migrate."
    if name == "OperationalError":
        return f"The database cannot be reached: {error}".strip()
    return None


if __name__ == "__main__":
    try:
        runpy.run_module("django", run_name="__main__", alter_sys=True)
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
