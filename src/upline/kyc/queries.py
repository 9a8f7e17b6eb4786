from collections.abc import Iterable

from upline.kyc.models import KycReview, KycStatus

NO_REVIEW = "none"


def status_of(member_id: int) -> str:
    """The status of the member's latest review; NO_REVIEW without one."""
    latest = KycReview.objects.filter(member_id=member_id).order_by("-id").first()
    return latest.status if latest else NO_REVIEW


def verified_among(member_ids: Iterable[int]) -> set[int]:
    """Those of these members whose latest review verified them."""
    reviews = KycReview.objects.filter(member_id__in=list(member_ids))
    latest = reviews.order_by("member_id", "-id").distinct("member_id")
    return {each.member_id for each in latest if each.status == KycStatus.VERIFIED}
