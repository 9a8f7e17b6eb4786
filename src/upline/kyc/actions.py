from upline.base import audit, clock
from upline.base.unit import Unit
from upline.kyc.models import KycReview


def review(unit: Unit, member_id: int, state: str, note: str = "") -> None:
    """Record the office's decision about a member."""
    KycReview.objects.create(
        member_id=member_id, state=state, note=note, at=clock.now(), actor_id=unit.actor_id
    )
    audit.record(unit, f"kyc.{state}", f"user:{member_id}", note=note)
