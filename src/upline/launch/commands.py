"""The words that Django's commands answer: Upline's own, and the useful ones of Django."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from upline.launch import programs
from upline.launch.database import require_secrets, surroundings
from upline.launch.environment import PROJECT, read_settings
from upline.launch.processes import run_to_end

DJANGOS = (
    "check",
    "clearsessions",
    "collectstatic",
    "dbshell",
    "diffsettings",
    "makemessages",
    "makemigrations",
    "procrastinate",
    "shell",
    "showmigrations",
)
OUR_OWN = {
    "demo": "a demo company, from a fresh clone to a running server",
    "test": "every check; with arguments only pytest with these",
    "serve": "the web server and the worker (--web-only, --worker-only)",
    "migrate": "bring the database up to this version",
    "backup": "the whole database as one sealed file (--to FILE, --check FILE)",
    "restore": "bring a backup into an empty database",
    "secrets": "print a fresh pair of secrets for an environment file",
    "help": "this list",
}
SETTINGS = """Settings, in the environment:
  PORT                8000; the demo takes the next free one where it is taken
  DATA_DIR            ./var; the database, the secrets, the demo's logins
  DATABASE_URL        a PostgreSQL of yours instead of the private one
  DATABASE_OWNER_URL  the role for migrations there; DATABASE_URL where it is not set
  UPLINE_BASE_URL     the public address, such as https://office.example.com
  UPLINE_BIND         127.0.0.1; the address to listen on
  UPLINE_WEB_WORKERS  web processes, at first one per core, 4 at most
  UPLINE_USER         nobody; the user of the private database where you are root
  UPLINE_WEB_USER     upline or daemon; the user of web server and worker where you are root"""


def pass_on(word: str, rest: list[str]) -> int:
    """Run a Django command with its database; an unknown word gets the list (exit 2)."""
    if word not in {*own_commands(), *DJANGOS, "migrate"}:
        print(f"There is no command `{word}`.\n\n{overview()}", file=sys.stderr)
        return 2
    settings = read_settings()
    require_secrets(settings)
    with surroundings(settings, server_user=settings.server_user) as around:
        environment = around.environment
        if word != "migrate":
            environment = programs.as_application(environment, word)
        return run_to_end(programs.django(word, *rest), environment, uses_terminal=True)


def overview() -> str:
    """Every command with one line, and the settings."""
    lines = {**OUR_OWN, **own_commands()}
    words = [f"  ./upline {word:<14} {line}" for word, line in sorted(lines.items())]
    also = f"Django's: {', '.join(DJANGOS)}."
    return "\n".join(["Commands:", *words, "", also, "", SETTINGS])


def own_commands() -> dict[str, str]:
    """Upline's commands with the first line of what each file says of itself."""
    files = (PROJECT / "src" / "upline").glob("*/management/commands/[a-z]*.py")
    return {file.stem: _first_line(file) for file in files}


def _first_line(file: Path) -> str:
    said = ast.get_docstring(ast.parse(file.read_text())) or ""
    line = said.partition("\n")[0]
    return line.removeprefix(f"`./upline {file.stem}`: ").rstrip(".")
