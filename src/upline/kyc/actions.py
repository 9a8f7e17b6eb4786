from upline.base import audit, clock
from upline.base.edits import ChangedMeanwhile
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company.settings import NeedsKyc
from upline.events import actions as events
from upline.kyc.errors import KycNotVerified
from upline.kyc.models import KycReview, KycStatus
from upline.kyc.queries import is_needed, status_of
from upline.members.models import Member


def review(
    unit: UnitOfWork, member_id: int, status: KycStatus, note: str = "", seen: str | None = None
) -> None:
    """Record the office's decision about a member. `seen` is the status that a page showed before;
    None for a decision that does not rest on one. Raises ChangedMeanwhile."""
    Member.objects.select_for_update(of=["self"], no_key=True).get(pk=member_id)
    before = status_of(member_id)
    if seen is not None and seen != before:
        raise ChangedMeanwhile({"kyc": before})
    KycReview.objects.create(
        member_id=member_id, status=status, note=note, at=clock.now(), actor_id=unit.actor_id
    )
    changes = audit.step("kyc", before, status)
    events.record(
        unit,
        EventKind(f"kyc.{status}"),
        f"member:{member_id}",
        {"member_id": member_id},
        note=note,
        changes=changes,
    )


def require(what: NeedsKyc, member_id: int) -> None:
    """Raises KycNotVerified where the office requires it for this and it is missing."""
    if is_needed(what, member_id):
        raise KycNotVerified()
