"""`./upline demo_company`: what `./upline demo` serves; builds it once and writes demo.json."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from upline import environment
from upline.demo import building, credentials, logins
from upline.demo.events import DayEnds
from upline.demo.joinings import MEMBERS
from upline.shell.command import ShellCommand

_SHOWN_DAYS = (90, 181, 272)


class Command(ShellCommand):
    help = "Build the demo company if there is none, and write its logins to demo.json."

    def handle(self, *args: Any, **options: Any) -> None:
        file = Path(environment.text("DATA_DIR")) / "demo.json"
        try:
            if building.exists():
                self._keep(file)
            else:
                self._build(file)
        except (building.NotADemo, building.PromisesBroken) as error:
            raise CommandError(str(error)) from error

    def _build(self, file: Path) -> None:
        made = building.build(credentials.of_this_installation(), self._show)
        logins.write(file, made.document())
        self.stdout.write(f"The demo company is ready; its logins are in {file}.")

    def _keep(self, file: Path) -> None:
        said = logins.read(file)
        if said is None:
            made = logins.renew(credentials.of_this_installation())
            logins.write(file, made.document())
            self.stdout.write(f"The demo company exists; its logins were written to {file} again.")
            return
        here = logins.at_this_address(said)
        if here != said:
            logins.write(file, here)
        self.stdout.write(f"The demo company exists; its logins are in {file}.")

    def _show(self, day: DayEnds) -> None:
        """One line that is written over on a terminal; elsewhere a line now and then."""
        line = (
            f"Simulating {day.at:%B %Y}: {day.joined} of {MEMBERS} members have joined, "
            f"{day.runs_closed} commission runs are closed"
        )
        if self.stdout.isatty():
            self.stdout.write(f"\033[2K{line}", ending="\n" if day.is_last else "\r")
            self.stdout.flush()
        elif day.is_last or day.number in _SHOWN_DAYS:
            self.stdout.write(line)
