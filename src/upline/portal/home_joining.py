"""What Home says of joining: to a member, that the starter pack is not paid yet, and how to pay it;
to a customer, that they can build a team."""

from typing import NamedTuple

from django.urls import NoReverseMatch, reverse

from upline.company import current as company
from upline.markets import current as markets
from upline.markets.current import PayIn
from upline.members.models import MemberKind
from upline.orders.models import OrderKind, OrderStatus
from upline.orders.queries import own
from upline.payments.queries import waiting_for
from upline.portal.visiting import Visit


class JoiningShown(NamedTuple):
    """The order of a starter pack that awaits its payment, '' for none: what is missing, where to
    transfer it (None where it is paid another way), and the page to pay it on."""

    order: str = ""
    amount: str = ""
    bank: PayIn | None = None
    link: str = ""
    may_build: bool = False


def joining_of(visit: Visit) -> JoiningShown:
    """What is to be said on somebody's Home."""
    if visit.caller.kind != MemberKind.MEMBER:
        return JoiningShown(may_build=company.office().join_by_link)
    waiting = own(visit.caller.member_id).filter(
        kind=OrderKind.MEMBERSHIP, status=OrderStatus.AWAITING_PAYMENT
    )
    order = waiting.order_by("-pk").first()
    if order is None:
        return JoiningShown()
    market = markets.current()
    missing = order.total_amount - waiting_for(order.pk)
    bank = markets.pay_in(market) if order.pays_by else None
    return JoiningShown(order.number, market.money(missing), bank, _page_of(order.number))


def _page_of(number: str) -> str:
    try:
        return reverse("order", args=[number])
    except NoReverseMatch:
        return ""
