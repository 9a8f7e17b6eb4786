"""`./upline verify`: proves the invariants of ledger, trees and orders."""

from typing import Any

from upline.books import invariants
from upline.shell.command import ShellCommand


class Command(ShellCommand):
    help = "Prove that ledger, trees, orders and runs are consistent. Exits with 1 if they are not."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = invariants.check()
        for invariant in invariants.ALL:
            breaches = broken.get(invariant.promise, [])
            self.stdout.write(f"{'BROKEN' if breaches else 'ok    '}  {invariant.promise}")
            for breach in breaches:
                self.stdout.write(f"          {breach}")
        if broken:
            raise SystemExit(1)
