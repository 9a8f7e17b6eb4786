"""`/money/identity/`: whether the company has checked who a member is, and what to do about it."""

from email.utils import parseaddr

from django.conf import settings
from django.http import HttpResponse

from upline.base import countries
from upline.company import current as company
from upline.kyc import queries
from upline.kyc.models import KycStatus
from upline.language import gettext, lazy
from upline.markets import current as markets
from upline.members.models import Member
from upline.portal.visiting import Visit, for_members
from upline.screens import shown

_HEADLINES = {
    queries.NO_REVIEW: lazy("The company has not checked your identity yet."),
    KycStatus.SUBMITTED: lazy("The company is checking your identity."),
    KycStatus.VERIFIED: lazy("The company has checked your identity."),
    KycStatus.REJECTED: lazy("The company could not confirm your identity."),
    KycStatus.EXPIRED: lazy("Your identity check has expired."),
}
_NOT_NEEDED = lazy("You need no identity check for payouts at the moment.")
_WAITING = (queries.NO_REVIEW, KycStatus.REJECTED, KycStatus.EXPIRED)


@for_members
def show(visit: Visit) -> HttpResponse:
    """`/money/identity/`."""
    status = queries.status_of(visit.caller.member_id)
    is_wanted = "payout" in company.office().kyc_needed_for
    member = Member.objects.get(pk=visit.caller.member_id)
    return visit.page(
        "portal/money/identity.html",
        title=gettext("Identity check"),
        headline=_HEADLINES[status] if is_wanted or status == KycStatus.VERIFIED else _NOT_NEEDED,
        is_checking=status == KycStatus.SUBMITTED,
        has_to_act=is_wanted and status in _WAITING,
        seller=markets.current().seller,
        email=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        details=[
            (gettext("Name"), f"{member.firstname} {member.lastname}".strip()),
            (gettext("Date of birth"), shown.day(member.date_of_birth)),
            (gettext("Country"), _country(member)),
        ],
    )


def _country(member: Member) -> str:
    return countries.spoken_name(member.country_id) if member.country_id else shown.NOTHING
