"""`./upline jobs`: what the worker failed to do, and what waits for it."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.actors import Shell
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.flows import jobs
from upline.shell.command import ShellCommand


class Command(ShellCommand):
    help = "Count the worker's jobs, list failed ones, or start one again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", type=int, metavar="NUMBER", help="start a failed job again")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["again"] is not None:
            self._again(options["again"])
            return
        counts = jobs.counts()
        said = ", ".join(f"{number} {status}" for status, number in counts.items())
        self.stdout.write(f"Jobs: {said or 'none'}.")
        for job in jobs.failed():
            arguments = " ".join(f"{name}={value}" for name, value in job.args.items())
            self.stdout.write(f"{job.id:>8}  {job.at:%Y-%m-%d %H:%M} UTC  {job.name}  {arguments}")

    def _again(self, job_id: int) -> None:
        try:
            jobs.try_again(UnitOfWork(Shell()), job_id)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Job {job_id} waits for a worker again.")
