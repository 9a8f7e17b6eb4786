"""The words that Django's commands answer: Upline's own, and the useful ones of Django."""

from __future__ import annotations

import os

from upline.launch import programs, secret_keys
from upline.launch.database import require_secrets, surroundings
from upline.launch.environment import read_settings
from upline.launch.processes import run_to_end


def pass_on(word: str, rest: list[str]) -> int:
    """Run a Django command with its database; asked for help, it needs none."""
    if {"-h", "--help"}.intersection(rest):
        return run_to_end(programs.django(word, *rest), _nowhere(), uses_terminal=True)
    settings = read_settings()
    if not settings.data_dir.exists() and (refused := _judge(word, rest)):
        return refused
    require_secrets(settings)
    with surroundings(settings, server_user=settings.server_user) as around:
        environment = around.environment
        if word != "migrate":
            environment = programs.as_application(environment, word)
        return run_to_end(programs.django(word, *rest), environment, uses_terminal=True)


def _judge(word: str, rest: list[str]) -> int:
    """The exit code for wrong arguments, told before a folder and a database are made; else 0."""
    return run_to_end(programs.django("--judge", word, *rest), _nowhere())


def _nowhere() -> dict[str, str]:
    """An environment that is complete and leads to nothing."""
    kept = ("PATH", "PYTHONPATH", "PYTHONUTF8", "COLUMNS", "TERM")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        **secret_keys.new_secrets(),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1/nothing",
        "DJANGO_SETTINGS_MODULE": "upline.settings",
    }
