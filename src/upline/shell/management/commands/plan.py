"""`./upline plan`: check, try and simulate a plan; `use` puts it in force, `list` shows what is."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.actors import Shell
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.commissions.models import PlanVersion
from upline.company.queries import NotFounded
from upline.flows import commission_run
from upline.plan_documents import PlanErrors, find
from upline.shell.command import ShellCommand, day
from upline.shell.people import add_person, signed_in


class Command(ShellCommand):
    help = "Put a plan in force from a day on, or list the plans in force."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="WHAT", required=True)
        use = verbs.add_parser("use", help="put a plan in force")
        use.add_argument("file", help="a file or a ready-made plan")
        use.add_argument("--from", dest="since", required=True, metavar="DATE", type=day)
        add_person(use, required=False)
        verbs.add_parser("list", help="list the plans by the day from which they are in force")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except PlanErrors as errors:
            raise CommandError("\n".join(errors.sentences)) from errors
        except (Refusal, NotFounded) as error:
            raise CommandError(str(error)) from error

    def _use(self, options: dict[str, Any]) -> None:
        path = find(options["file"])
        text = _text(path)
        unit = signed_in(options["person"]) if options["person"] else UnitOfWork(Shell())
        made = commission_run.use_plan(unit, text, str(path), options["since"])
        self.stdout.write(f"{made.name} is in force from {made.since}.")

    def _list(self, options: dict[str, Any]) -> None:
        found = PlanVersion.objects.order_by("since")
        if not found:
            self.stdout.write(
                "No plan is in force yet. `./upline plan use FILE --from DATE` puts one in force."
            )
        for version in found:
            digest = bytes(version.digest).hex()[:12]
            runs = version.runs.count()
            self.stdout.write(f"{version.since}  {digest}  {runs:>5} runs  {version.name}")


def _text(path: Path) -> str:
    """What stands in the file. Raises CommandError."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path}: cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path}: is not UTF-8 text.") from error
