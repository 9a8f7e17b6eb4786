"""Changes by hand of what takes an entry of the audit log."""

from collections.abc import Iterator
from contextlib import contextmanager

STAFF_RIGHTS, STAFF = "staff.rights_changed", "staff.invited"
PACKAGE, PLAN = "package.changed", "plan.put_in_force"
TAX, RATE = "market.tax_rate_added", "market.rate_added"


@contextmanager
def logged(event: str) -> Iterator[None]:
    """What is changed inside stands in the audit log as this event; else the database refuses."""
    from django.db import transaction

    from upline.base import audit
    from upline.base.actors import Shell
    from upline.base.audit import AuditEvent
    from upline.base.event_kinds import EventKind
    from upline.base.unit import UnitOfWork

    with transaction.atomic():
        yield
        kind = AuditEvent(event) if event in set(AuditEvent) else EventKind(event)
        audit.record(UnitOfWork(Shell()), kind, "by hand")
