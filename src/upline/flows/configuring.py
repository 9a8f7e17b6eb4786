"""Changing the company's settings."""

from collections.abc import Mapping

from upline.base.unit import UnitOfWork
from upline.company import actions as company
from upline.flows.permissions import Right, needs


@needs(Right.CHANGE_SETTINGS)
def change_settings(
    unit: UnitOfWork, seen: Mapping[str, object] | None = None, **changes: object
) -> Mapping[str, object]:
    """Change office settings, all or none; `seen` is what a page showed of them. Returns what was
    changed. Raises FieldsWrong, ChangedMeanwhile."""
    return unit.commit(lambda: company.change_settings(unit, seen, **changes))
