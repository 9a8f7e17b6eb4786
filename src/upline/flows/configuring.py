"""Changing the company's settings."""

from collections.abc import Mapping

from upline.base.errors import FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.commissions import queries as plans
from upline.company import actions as company
from upline.flows import two_people
from upline.flows.permissions import Right, needs
from upline.language import gettext


@needs(Right.CHANGE_SETTINGS)
def change_settings(
    unit: UnitOfWork, seen: Mapping[str, object] | None = None, **changes: object
) -> Mapping[str, object]:
    """Change office settings, all or none; `seen` is what a page showed of them. Returns what was
    changed. Raises FieldsWrong, ChangedMeanwhile; NeedsSecond where staff would lift what takes
    two people."""

    _check_rank(changes.get("positions_rank"))

    def change() -> Mapping[str, object]:
        changed = company.change_settings(unit, seen, **changes)
        two_people.note_settings(unit, changed)
        return changed

    step = two_people.Step(
        EventKind.SETTINGS_CHANGED, Right.CHANGE_SETTINGS, {"changes": changes}, subject="company"
    )
    return two_people.commit_or_ask(unit, step, change)


def _check_rank(wanted: object) -> None:
    """Positions are sold by a rank of the plan in force, where one is. Raises FieldsWrong."""
    plan = plans.in_force()
    names = [step.name for step in plan.plan.ranks.steps] if plan else []
    if wanted and plan and wanted not in names:
        sentence = gettext("The plan in force has no rank {rank}.", rank=wanted)
        raise FieldsWrong(fields={"positions_rank": sentence})
