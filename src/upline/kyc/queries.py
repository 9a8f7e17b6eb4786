from upline.company import queries as company
from upline.company.settings import NeedsKyc
from upline.kyc.errors import KycNotVerified
from upline.kyc.models import KycReview


def state_of(member_id: int) -> str:
    """none, submitted, verified, rejected or expired."""
    latest = KycReview.objects.filter(member_id=member_id).order_by("-id").first()
    return latest.state if latest else "none"


def require(what: NeedsKyc, member_id: int) -> None:
    """Raises KycNotVerified where the office requires it for this and it is missing."""
    if what in company.office().kyc_needed_for and state_of(member_id) != "verified":
        raise KycNotVerified()
