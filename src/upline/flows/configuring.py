"""Changing the company's settings."""

from collections.abc import Mapping

from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company import actions as company
from upline.flows import two_people
from upline.flows.permissions import Right, needs


@needs(Right.CHANGE_SETTINGS)
def change_settings(
    unit: UnitOfWork, seen: Mapping[str, object] | None = None, **changes: object
) -> Mapping[str, object]:
    """Change office settings, all or none; `seen` is what a page showed of them. Returns what was
    changed. Raises FieldsWrong, ChangedMeanwhile; NeedsSecond where staff would lift what takes
    two people."""

    def change() -> Mapping[str, object]:
        changed = company.change_settings(unit, seen, **changes)
        two_people.note_settings(unit, changed)
        return changed

    step = two_people.Step(
        EventKind.SETTINGS_CHANGED, Right.CHANGE_SETTINGS, {"changes": changes}, subject="company"
    )
    return two_people.commit_or_ask(unit, step, change)
