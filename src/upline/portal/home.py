"""Home: what you have earned so far, and what comes next."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from upline.base import clock
from upline.base.amounts import AmountParts, Money
from upline.company import current as company
from upline.design import moments
from upline.language import gettext, lazy, writing
from upline.markets import current as markets
from upline.orders.models import OrderStatus
from upline.portal import home_cards as cards
from upline.portal.home_joining import joining_of
from upline.portal.money.way import line_of
from upline.portal.visiting import Visit, for_members
from upline.screens import home, shown
from upline.screens.home import Home, Myself, Network

_FIRST_STEPS = timedelta(days=30)


class FirstStep(NamedTuple):
    """One of the first steps of somebody new."""

    said: str
    is_done: bool
    href: str = ""


class Hero(NamedTuple):
    """What stands at the top: the amount, where something was earned, and the headline; what to do
    next below it, and when the amount was worked out."""

    amount: AmountParts | None
    headline: str
    next: str
    as_of: SafeString | str


@for_members
def show(visit: Visit) -> HttpResponse:
    """`/home/`."""
    found, me = home.home_of(visit.caller), visit.me
    steps, network = _first_steps(found, me), found.network
    return visit.page(
        "portal/home.html",
        title=gettext("Home"),
        joining=joining_of(visit),
        greeting=gettext("Hello {name}", name=me.firstname),
        hero=_hero(found, steps),
        notice=cards.unpaid(found.unpaid) if found.unpaid else "",
        steps=steps,
        done=sum(step.is_done for step in steps),
        legs=cards.all_legs(network.legs) if network else [],
        levels=cards.levels(network.levels) if network else [],
        rank=cards.next_rank(network) if network and not steps else None,
        newcomers=[cards.newcomer(each) for each in network.newcomers] if network else [],
        payouts=[line_of(each) for each in found.payouts],
        orders=[cards.order(each) for each in found.orders],
        wallet=markets.parts(Money(found.wallet, found.currency)),
        shopping=shown.money(found.shopping, found.currency) if found.shopping else "",
        next_run=cards.next_run(network) if network else "",
        sponsor=cards.sponsor(found.sponsor) if found.sponsor else None,
        contact=company.office().contact_email,
    )


_PERIODS = {
    "day": lazy("{amount} today"),
    "week": lazy("{amount} this week"),
    "month": lazy("{amount} this month"),
}


def _hero(found: Home, steps: list[FirstStep]) -> Hero:
    """The amount; with none the first step, and once all are done what comes next."""
    network, to_do = found.network, [step.said for step in steps if not step.is_done]
    earned = sum(each.total for each in network.so_far) if network else 0
    next_thing = _next(network) if network else ""
    if network and earned:
        at = max(each.at for each in network.so_far)
        amount = markets.parts(Money(earned, found.currency))
        return Hero(amount, _earned(found, network), next_thing, moments.element(at))
    if to_do:
        return Hero(None, to_do[0], next_thing if network and not steps else "", "")
    if network:
        nothing = gettext("Your commissions appear here as soon as your team buys.")
        return Hero(None, next_thing or nothing, nothing if next_thing else "", "")
    return Hero(None, _of_customer(found), "", "")


def _of_customer(found: Home) -> str:
    if not found.orders:
        return gettext("You have not ordered anything yet.")
    last = found.orders[0]
    told = cards.order(last)
    if last.status == OrderStatus.AWAITING_PAYMENT:
        return gettext("Your order of {amount} is waiting for your payment.", amount=told.amount)
    return gettext("Your last order of {amount}: {status}", amount=told.amount, status=told.status)


def _earned(found: Home, network: Network) -> str:
    parts = [
        str(_PERIODS[each.every]).format(amount=shown.money(each.total, found.currency))
        for each in network.so_far
        if each.total
    ]
    return gettext("You have earned {amounts} so far.", amounts=writing.listed(parts))


def _next(network: Network) -> str:
    """What to do first: become active, else complete the next pair, else reach the next rank."""
    if network.activity and not network.activity.today.active:
        return cards.inactive(network.activity.today)
    for each in network.legs:
        if each.missing:
            return cards.pair_sentence(each.missing)
    rank = cards.next_rank(network)
    return gettext("{missing} to become {rank}", missing=rank.first, rank=rank.name) if rank else ""


def _first_steps(found: Home, me: Myself) -> list[FirstStep]:
    """For a member's first 30 days, until all are done."""
    if clock.now() - me.joined_at > _FIRST_STEPS:
        return []
    steps = list(_steps(found, me))
    return steps if not all(step.is_done for step in steps) else []


def _steps(found: Home, me: Myself) -> Iterator[FirstStep]:
    network = found.network
    if network:
        is_active = network.activity is not None and network.activity.today.active
        yield FirstStep(gettext("Become active with your first order"), is_active)
        yield FirstStep(gettext("Invite your first member"), bool(network.newcomers))
    else:
        yield FirstStep(gettext("Place your first order"), bool(found.orders))
    yield FirstStep(gettext("Confirm your e-mail address"), me.has_confirmed)
    if network:
        said = gettext("Tell us your bank account, so that we can pay you")
        yield FirstStep(said, me.has_bank, reverse("bank"))
