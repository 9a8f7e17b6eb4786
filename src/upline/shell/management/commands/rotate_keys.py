"""`./upline rotate_keys`: seal with the newest master key what older ones sealed."""

from typing import Any

from django.core.management.base import CommandError

from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows.rotating import DoesNotOpen, rotate_master_keys
from upline.shell.command import ShellCommand


class Command(ShellCommand):
    help = "Encrypt everything with the first of UPLINE_MASTER_KEYS. Then you can remove old keys."

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        try:
            for done in rotate_master_keys(UnitOfWork(Shell())):
                self.stderr.write(f"{done} sealed anew")
        except DoesNotOpen as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Done: {done} sealed by the newest key. You can now remove older keys.")
