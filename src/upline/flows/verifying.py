"""Decisions on whether a member has proved who they are (KYC)."""

from collections.abc import Mapping

from upline.base.errors import Conflict
from upline.base.unit import UnitOfWork
from upline.flows.permissions import Right, needs
from upline.kyc import actions as kyc
from upline.kyc.models import KycStatus
from upline.language import gettext
from upline.members.models import Member
from upline.members.person import profile


@needs(Right.DECIDE_KYC)
def review_kyc(
    unit: UnitOfWork,
    member_id: int,
    status: KycStatus,
    note: str = "",
    seen: str | None = None,
    identity: Mapping[str, object] | None = None,
) -> None:
    """Record the decision on who a member is: verified, rejected, expired, submitted; `seen` is
    the status that a page showed before, `identity` who it said that they are (`identity_of`).
    Raises ChangedMeanwhile; Conflict where nobody has checked who they say they are now."""

    unit.refuse_own(member_id)

    def decide() -> None:
        kyc.review(unit, member_id, status, note, seen)
        if identity is not None and identity != profile.identity_of(
            Member.objects.get(pk=member_id)
        ):
            raise Conflict(
                gettext(
                    "The name, date of birth or country of this member has changed since you "
                    "opened the page. Open it again and check them anew."
                )
            )

    unit.commit(decide)
