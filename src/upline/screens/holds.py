"""Why members' payouts wait: a change through which the account could have been taken over, or
an identity that has to be verified again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from upline.company import current as company
from upline.kyc import queries as kyc
from upline.language import gettext
from upline.members.security import protection


@dataclass(frozen=True)
class Hold:
    """`sentence` says why; `until` is None where no time is set."""

    sentence: str
    until: datetime | None = None


def hold_of(member_id: int) -> Hold | None:
    """Why a member's payouts wait now; None where they do not."""
    return holds_of([member_id]).get(member_id)


def holds_of(member_ids: Iterable[int]) -> dict[int, Hold]:
    """The same of several members, by their ids; those whose payouts do not wait are left out."""
    ids = set(member_ids)
    held = {
        member_id: Hold(running.sentence, running.until)
        for member_id, running in protection.running_of(ids).items()
    }
    if "payout" in company.office().kyc_needed_for:
        unverified = ids - held.keys() - kyc.verified_among(ids)
        held |= dict.fromkeys(unverified, Hold(gettext("Held until the member is verified (KYC).")))
    return held
