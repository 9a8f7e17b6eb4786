"""What may be said after `./upline`, told and judged before anything is made or installed.

Standard library only: the script reads this file with the Python that it was started with.
"""

from __future__ import annotations

import argparse
import ast
import sys
import tomllib
from pathlib import Path
from typing import NoReturn

PROJECT = Path(__file__).resolve().parents[3]
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
    "backup": "back up the whole database into one encrypted file (--to, --check)",
    "demo": "start a demo company: everything from a fresh clone to a running server",
    "help": "show this list",
    "migrate": "update the database to this version",
    "restore": "restore a backup into an empty database",
    "secrets": "print a new pair of secrets for an environment file",
    "serve": "start the web server and the worker (--web-only, --worker-only)",
    "test": "run every check; --checks leaves out the tests, other arguments go to pytest alone",
}
MORE = {
    "demo": "The first start takes two to four minutes and about 1 GB of disk. Use PORT=9000 to "
    "choose another port and DATA_DIR=/some/folder to choose another folder than ./var. To reset "
    "the demo, delete that folder.",
    "test": "Arguments go to pytest: `./upline test tests/api -k wallet`.",
}
SETTINGS = """Settings, in the environment:
  PORT                8000; if it is taken, the demo uses the next free port
  DATA_DIR            ./var; the database, the secrets, the demo's logins
  DATABASE_URL        your own PostgreSQL instead of the private one
  DATABASE_OWNER_URL  the role for migrations; DATABASE_URL if it is not set
  UPLINE_BASE_URL     the public address, such as https://office.example.com
  SMTP_URL            the mail server, such as smtps://user:password@host; without it
                      the demo sends no mail
  UPLINE_BIND         127.0.0.1; the address to listen on
  UPLINE_WEB_WORKERS  web processes; one per core by default, at most 4
  UPLINE_USER         nobody; the user of the private database if you are root
  UPLINE_WEB_USER     upline or daemon; the user of web server and worker if you are root"""


class _LauncherParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and where the right arguments are listed."""
        self.exit(2, f"{self.prog}: {message}. `{self.prog} --help` lists its arguments.\n")


def parser(word: str) -> argparse.ArgumentParser:
    """The arguments of one of the launcher's own commands."""
    about = f"{OUR_OWN[word][0].upper()}{OUR_OWN[word][1:]}."
    made = _LauncherParser(f"./upline {word}", description=about, epilog=MORE.get(word))
    if word == "serve":
        choice = made.add_mutually_exclusive_group()
        choice.add_argument("--web-only", action="store_true", help="start only the web server")
        choice.add_argument("--worker-only", action="store_true", help="start only the worker")
    elif word == "backup":
        choice = made.add_mutually_exclusive_group()
        help_of_to = "a new file; by default its name is the time"
        choice.add_argument("--to", type=Path, metavar="FILE", help=help_of_to)
        choice.add_argument(
            "--check", type=Path, metavar="FILE", help="prove that a backup is complete"
        )
    elif word == "restore":
        made.add_argument("file", type=Path, metavar="FILE")
    elif word == "test":
        made.usage = "./upline test [--checks | ARGUMENTS OF PYTEST]"
    return made


def answer(words: list[str], *, is_ready: bool) -> int | None:
    """Answer what needs no environment, and return the exit code; None where work is to be done.

    `is_ready`: the environment is there, so that Django and the plan commands tell their own
    options. Ends the program where the arguments are wrong.
    """
    word, rest = words[0], words[1:]
    if word in ("-h", "--help", "help"):
        return _tell(overview())
    if word in ("-V", "--version", "version"):
        return _tell(f"Upline {version()}")
    if word not in {*own_commands(), *OUR_OWN, *DJANGOS}:
        print(f"Unknown command `{word}`.\n\n{overview()}", file=sys.stderr)
        return 2
    asks_for_help = bool({"-h", "--help"}.intersection(rest))
    if word in OUR_OWN and word != "migrate":
        if asks_for_help:
            return _tell(parser(word).format_help())
        if word != "test":
            parser(word).parse_args(rest)
    elif asks_for_help and not is_ready:
        return _tell(_line(word))
    return None


def asked(words: list[str]) -> list[str]:
    """`help run` asks for what `run --help` shows."""
    is_help = words[:1] in (["help"], ["-h"], ["--help"])
    return [words[1], "--help"] if is_help and len(words) > 1 else words


def _tell(text: str) -> int:
    print(text, flush=True)
    return 0


def _line(word: str) -> str:
    """What is known of a command without the environment."""
    said = {**own_commands(), **OUR_OWN}.get(word, "a command of Django's")
    return (
        f"./upline {word}: {said}.\n"
        "Its options are shown once Upline's environment is made, as `./upline demo` makes it."
    )


def version() -> str:
    """The version, as pyproject.toml has it."""
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def overview() -> str:
    """Every command with one line, and the settings."""
    lines = {**own_commands(), **OUR_OWN}
    words = [f"  ./upline {word:<14} {line}" for word, line in sorted(lines.items())]
    also = f"Django's: {', '.join(DJANGOS)}."
    each = "`./upline COMMAND --help` shows the arguments of a command, `--version` the version."
    about = "Upline, the open back office for network marketing."
    return "\n".join([about, "", *words, "", also, each, "", SETTINGS])


def own_commands() -> dict[str, str]:
    """Upline's commands with the first line of what each file says of itself."""
    files = (PROJECT / "src" / "upline").glob("*/management/commands/[a-z]*.py")
    return {file.stem: _first_line(file) for file in files}


def _first_line(file: Path) -> str:
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    line = said.partition("\n")[0]
    return line.removeprefix(f"`./upline {file.stem}`: ").rstrip(".")
