from collections.abc import Iterable

from upline.company import current as company
from upline.company.settings import NeedsKyc
from upline.kyc.models import KycReview, KycStatus

NO_REVIEW = "none"


def status_of(member_id: int) -> str:
    """The status of the member's latest review; NO_REVIEW without one."""
    latest = KycReview.objects.filter(member_id=member_id).order_by("-id").first()
    return latest.status if latest else NO_REVIEW


def is_needed(what: NeedsKyc, member_id: int) -> bool:
    """Whether the office wants a member verified for this who is not."""
    return what in company.office().kyc_needed_for and status_of(member_id) != KycStatus.VERIFIED


def verified_among(member_ids: Iterable[int]) -> set[int]:
    """Those of these members whose latest review verified them."""
    reviews = KycReview.objects.filter(member_id__in=list(member_ids))
    latest = reviews.order_by("member_id", "-id").distinct("member_id")
    return {each.member_id for each in latest if each.status == KycStatus.VERIFIED}
