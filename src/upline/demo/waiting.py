"""What waits for the office when the demo opens, besides last month's run: identity checks,
payouts, members without a place, and orders whose bank transfer has arrived."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from upline.demo import events as happens
from upline.demo import showing
from upline.demo.events import StoryEvent
from upline.demo.joinings import Calendar, Recruit
from upline.demo.lives import Life
from upline.kyc.models import KycStatus

PAYOUTS, HOLDING_DAYS = 5, 14
_LONG_THERE = timedelta(days=45)
_BY_TRANSFER = ((("T-140", 1), ("T-120", 2)), (("C-340", 1),))


def events(lives: list[Life], calendar: Calendar) -> Iterator[StoryEvent]:
    """All of it, in the last days of the year. Marc's payout is among those that wait."""
    end = calendar.last_moment
    known = [life.recruit for life in lives if _is_ordinary(life.recruit, end)]
    yield from _identity_checks(known, end)
    yield from _orders(known, end)
    first_to_wait = lives[-showing.WAITING].recruit.joined_at
    marc = showing.MARC.username
    yield happens.HoldingTankOpens(first_to_wait, marc, HOLDING_DAYS)
    paid_out = [life.who for life in lives if life.paid_out_from and not life.recruit.is_seat]
    asking = tuple(sorted(paid_out, key=lambda who: who != marc))
    yield happens.PayoutsWait(end - timedelta(hours=5), marc, asking, PAYOUTS)


def _is_ordinary(recruit: Recruit, end: datetime) -> bool:
    """Somebody who is no visitor's, has been there for a while, and was never blocked."""
    return (
        recruit.temperament in {"quiet", "steady", "busy"}
        and not recruit.is_named
        and not recruit.person.is_swiss
        and recruit.blocked_at is None
        and recruit.joined_at < end - _LONG_THERE
    )


def _identity_checks(known: list[Recruit], end: datetime) -> Iterator[StoryEvent]:
    anna = showing.ANNA.username
    yield happens.IsReviewed(end - timedelta(hours=30), anna, KycStatus.SUBMITTED, "Passport")
    other = known[-1].username
    at = end - timedelta(hours=52)
    yield happens.IsReviewed(at, other, KycStatus.SUBMITTED, "Identity card, both sides")


def _orders(known: list[Recruit], end: datetime) -> Iterator[StoryEvent]:
    """Two of them; the third is Lea's."""
    for number, (recruit, wares) in enumerate(zip(known, _BY_TRANSFER, strict=False)):
        person, at = recruit.person, end - timedelta(hours=34 + 9 * number)
        yield happens.AddsAddress(
            at - timedelta(minutes=5), person.username, person, person.name, person.street
        )
        yield happens.Buys(at, person.username, f"{person.username}/transfer", wares, "transfer")
