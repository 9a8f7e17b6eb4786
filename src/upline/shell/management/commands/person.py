"""`./upline person`: give a person all their data, or erase them for good."""

import csv
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.actors import Shell
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.company.queries import NotFounded, load_company
from upline.flows import erasing, exporting
from upline.shell.command import ShellCommand


class Command(ShellCommand):
    help = "Export everything that Upline stores about a member, or erase a member for good."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="WHAT", required=True)
        export = verbs.add_parser("export", help="write all data of a member to a zip file")
        export.add_argument("username")
        export.add_argument("--to", type=Path, required=True, metavar="FILE", help="a new file")
        erase = verbs.add_parser("erase", help="erase a blocked or closed member for good")
        erase.add_argument("username")
        verbs.add_parser("erased", help="list erased members by number; keep it beside the backups")
        again = verbs.add_parser("erase-again", help="erase them again after restoring a backup")
        again.add_argument("file", type=Path, help="the output of `./upline person erased`")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with company.bound(load_company()):
                getattr(self, f"_{options['verb'].replace('-', '_')}")(options)
        except (Refusal, NotFounded) as refusal:
            raise CommandError(str(refusal)) from refusal

    def _export(self, options: dict[str, Any]) -> None:
        target: Path = options["to"]
        if target.exists():
            raise CommandError(f"{target} already exists. Choose a new file.")
        files = exporting.export(UnitOfWork(Shell()), options["username"])
        target.touch(0o600)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        self.stdout.write(f"{target}: {', '.join(files)}. Keep these personal data safe.")

    def _erase(self, options: dict[str, Any]) -> None:
        username = options["username"]
        self.stderr.write(
            f"This deletes for good everything that identifies {username}: names, addresses, bank "
            "data, mails and pictures. Type the username again to confirm."
        )
        if sys.stdin.readline().strip() != username:
            raise CommandError("That was not the username. Nothing was changed.")
        name = erasing.erase(UnitOfWork(Shell()), username)
        self.stdout.write(
            f"{username} was erased and appears in the trees as {name}. Older backups still "
            "contain the person: keep the list that `./upline person erased` prints beside them."
        )

    def _erased(self, options: dict[str, Any]) -> None:
        rows = csv.writer(self.stdout, lineterminator="\n")
        rows.writerow(("number", "joined", "erased"))
        for each in erasing.erasures():
            rows.writerow((each.user_id, each.joined_at.isoformat(), each.erased_at.isoformat()))

    def _erase_again(self, options: dict[str, Any]) -> None:
        for sentence in erasing.again(UnitOfWork(Shell()), _read(options["file"])):
            self.stdout.write(sentence)


def _read(file: Path) -> list[erasing.Erasure]:
    try:
        with file.open(newline="") as opened:
            return [
                erasing.Erasure(
                    int(row["number"]),
                    datetime.fromisoformat(row["joined"]),
                    datetime.fromisoformat(row["erased"]),
                )
                for row in csv.DictReader(opened)
            ]
    except (OSError, ValueError, KeyError) as error:
        raise CommandError(f"{file} is not the output of `./upline person erased`.") from error
