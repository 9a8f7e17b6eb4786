"""Checking that what must always hold does hold."""

from upline.base import audit
from upline.base.audit import AuditEvent
from upline.base.unit import UnitOfWork
from upline.books import invariants
from upline.flows.permissions import Right, needs


@needs(Right.VIEW_TRANSFERS)
def verify(unit: UnitOfWork) -> dict[str, list[str]]:
    """Prove the invariants of ledger, trees and orders; that they were checked is recorded.

    Returns what breaks each broken promise; empty where all hold."""
    broken = invariants.check()
    unit.commit(
        lambda: audit.record(unit, AuditEvent.LEDGER_VERIFY, "company", broken=sorted(broken))
    )
    return broken
