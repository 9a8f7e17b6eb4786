"""What a member of the demo company does after joining: profile, purchases, reviews."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from upline.catalog.models import PackageKind
from upline.demo import banking, catalogue
from upline.demo import events as happens
from upline.demo.events import StoryEvent
from upline.demo.joinings import Calendar, Recruit
from upline.demo.showing import MARC
from upline.kyc.models import KycStatus

# How orders are paid: of all ways, and of those left to the people whom demo.json names, who
# end the year without anything unpaid.
_WAYS = {"wallet": 46, "epin": 16, "paid_in": 16, "approved": 9, "later": 6, "lapses": 5,
         "cancelled": 2}  # fmt: skip
_WAYS_AT_ONCE = {"wallet": 60, "epin": 20, "paid_in": 20}
_REASONS = ("Arrived broken", "Sent by mistake", "Did not like the colour", "Lost on its way")
# Refunded how many days later at most, and at least: some within the week that the order counts
# in, some weeks after its commissions were paid.
_REFUNDED_AFTER = ((2, 1), (2, 1), (12, 2), (40, 20), (40, 20))
_WITH_A_BANK = 0.6
_WITH_A_PICTURE = 0.8
# What is asked for later than this before the year's end, nobody would look at any more.
_PAYOUT_TAKES = timedelta(days=30)
# Whoever joined in the year's last weeks has not sent a passport yet, so that none waits.
_REVIEW_TAKES = timedelta(days=40)
_FRIENDS = ("c/o Mrs Example", "Reception", "Neighbour, first floor")


class Life:
    """One member's events, in no order yet."""

    def __init__(self, recruit: Recruit, calendar: Calendar, choose: Random) -> None:
        self.recruit, self.calendar, self.choose = recruit, calendar, choose
        self.who = recruit.username
        self.paid_out_from: datetime | None = None

    def events(self) -> Iterator[StoryEvent]:
        """All that happens before the year is over, joining included."""
        lived = [*self._joining(), *self._standing()]
        if self.recruit.temperament != "dormant":
            lived += [*self._profile(), *self._review(), *self._purchases(), *self._shop()]
            lived += self._payouts()
        return (event for event in lived if event.at < self.calendar.last_moment)

    def _after(self, moment: datetime, days: float, minutes_least: int = 2) -> datetime:
        """Some moment up to `days` later, at a waking hour where that is another day."""
        later = moment + timedelta(
            minutes=minutes_least, seconds=self.choose.randrange(round(days * 86_400) + 1)
        )
        if later.date() != moment.date() and not 7 <= later.hour < 23:
            later += timedelta(hours=9)
        return later

    def _joining(self) -> Iterator[StoryEvent]:
        recruit = self.recruit
        yield happens.Joins(
            recruit.joined_at, self.who, recruit.person, recruit.caller, recruit.sponsor,
            recruit.placement, recruit.leg, recruit.package, recruit.payment_method,
        )  # fmt: skip
        for opening in recruit.further:
            yield happens.OpensPosition(
                opening.at, self.who, opening.name, opening.placement, opening.leg
            )
        if recruit.payment_method == "free_join":
            yield from self._pays_free_join()
        if recruit.part.waits:
            yield self._picture(recruit.joined_at)

    def _picture(self, since: datetime) -> StoryEvent:
        return happens.ShowsPicture(self._after(since, 0.1), self.who, self.recruit.portrait)

    def _pays_free_join(self) -> Iterator[StoryEvent]:
        paid_at = self._after(self.recruit.joined_at, 20, 30)
        way = self.choose.random()
        if not self._may_act(paid_at):
            return
        if way < 0.4 or self.recruit.is_across:
            yield happens.OrderIsApproved(paid_at, self.who, self.who)
        elif way < 0.6 and self.recruit.temperament != "dormant":
            yield happens.PaysOrder(paid_at, self.who, self.who)

    def _standing(self) -> Iterator[StoryEvent]:
        recruit = self.recruit
        if recruit.blocked_at:
            reason = self.choose.choice(("Sold below the agreed prices", "Asked us to, by letter"))
            yield happens.IsBlocked(recruit.blocked_at, self.who, reason)
        if recruit.unblocked_at:
            yield happens.IsUnblocked(recruit.unblocked_at, self.who, "Cleared up by telephone")

    def _may_act(self, at: datetime) -> bool:
        """Now and for the three days that things may take."""
        return all(self.recruit.may_act(at + timedelta(days=days)) for days in range(4))

    def _profile(self) -> Iterator[StoryEvent]:
        choose, person = self.choose, self.recruit.person
        is_seat, is_shown = self.recruit.is_seat, self.recruit.is_shown
        at = self._after(self.recruit.joined_at, 3, 4)
        if not self._may_act(at):
            return
        if self.recruit.is_named or choose.random() < 0.85:
            # Anna has not told the company her bank account yet: one of her first steps.
            may_be_paid = not is_shown or person == MARC
            with_bank = is_seat or person == MARC or choose.random() < _WITH_A_BANK
            with_bank = with_bank and may_be_paid
            yield happens.FillsInProfile(at, self.who, person, with_bank)
            if with_bank and banking.has_iban(person):
                self.paid_out_from = at
        if self.recruit.is_named or choose.random() < _WITH_A_PICTURE:
            yield self._picture(at)
        moved_at = self._after(at, 90)
        if choose.random() < 0.03 and self._may_act(moved_at):
            email = f"{self.who}@mail.example.com"
            yield happens.ChangesEmail(moved_at, self.who, person, email)

    def _review(self) -> Iterator[StoryEvent]:
        choose = self.choose
        too_late = self.recruit.joined_at > self.calendar.last_moment - _REVIEW_TAKES
        if choose.random() > 0.45 or too_late or self.recruit.is_shown:
            return
        at = self._after(self.recruit.joined_at, 25, 60)
        yield happens.IsReviewed(at, self.who, KycStatus.SUBMITTED, "Passport")
        at = self._after(at, 3, 60)
        if choose.random() < 0.12:
            yield happens.IsReviewed(at, self.who, KycStatus.REJECTED, "The copy cannot be read")
            at = self._after(at, 8, 600)
            yield happens.IsReviewed(at, self.who, KycStatus.SUBMITTED, "Passport, scanned again")
            at = self._after(at, 3, 60)
        yield happens.IsReviewed(at, self.who, KycStatus.VERIFIED, "")
        if choose.random() < 0.12:
            at = self._after(at, 60, 60)
            yield happens.IsReviewed(at, self.who, KycStatus.EXPIRED, "Identity card out of date")

    def _purchases(self) -> Iterator[StoryEvent]:
        if self.recruit.is_named:
            yield from self._addresses(self.recruit.joined_at + timedelta(minutes=30))
        at = self._gap(self.recruit.joined_at + timedelta(hours=1))
        number = 0
        while at < self.calendar.last_moment:
            if self._may_act(at):
                if number == 0 and not self.recruit.is_named:
                    yield from self._addresses(at - timedelta(minutes=4))
                number += 1
                yield from self._purchase(at, f"{self.who}/{number}")
            at = self._gap(at)

    def _gap(self, since: datetime) -> datetime:
        """The moment of the next purchase, never on the same day."""
        days = 1 + self.choose.expovariate(self.recruit.orders_in_a_month / 30)
        day = ((since + timedelta(days=days)).date() - self.calendar.first_day).days
        return self.calendar.waking(day, self.choose)

    def _addresses(self, at: datetime) -> Iterator[StoryEvent]:
        person = self.recruit.person
        yield happens.AddsAddress(at, self.who, person, person.name, person.street)
        if self.choose.random() < 0.15:
            other = self.choose.choice(_FRIENDS)
            yield happens.AddsAddress(
                at + timedelta(seconds=50), self.who, person, person.name,
                f"{other}, {person.street}",
            )  # fmt: skip

    def _purchase(self, at: datetime, key: str) -> Iterator[StoryEvent]:
        choose = self.choose
        ways = _WAYS_AT_ONCE if self.recruit.is_named else _WAYS
        way = choose.choices(list(ways), list(ways.values()))[0]
        made_way = way if way in _WAYS_AT_ONCE else "later"
        yield happens.Buys(at, self.who, key, self._wares(), made_way)
        if way == "approved":
            yield happens.OrderIsApproved(self._after(at, 0.5, 60), self.who, key)
        elif way == "later":
            yield happens.PaysOrder(self._after(at, 0.2, 5), self.who, key)
        elif way == "cancelled":
            yield happens.CancelsOrder(self._after(at, 0.2, 5), self.who, key)
        elif self.recruit.is_named:
            return
        elif way in _WAYS_AT_ONCE and choose.random() < self._sends_back():
            most, least = choose.choice(_REFUNDED_AFTER)
            yield happens.OrderIsRefunded(
                self._after(at, most, least * 1440), self.who, key, choose.random() < 0.5,
                choose.choice(_REASONS),
            )  # fmt: skip
        elif choose.random() < 0.04:
            yield from self._forgotten_payment(at + timedelta(days=1))

    def _sends_back(self) -> float:
        """How likely an order is refunded. Swiss parcels cross a border."""
        return 0.3 if self.recruit.person.is_swiss else 0.15

    def _forgotten_payment(self, at: datetime) -> Iterator[StoryEvent]:
        """Paid in and left; half an hour later it goes back, or with the day's end."""
        yield happens.PaysInAndForgets(at, self.who, self.choose.randrange(1000, 8000, 500))
        yield happens.TimePasses(at + timedelta(minutes=31), self.who)

    def _wares(self) -> tuple[tuple[str, int], ...]:
        codes, shares = catalogue.popular(PackageKind.CART)
        busy = self.recruit.temperament in {"busy", "leader"}
        count = self.choose.choices((1, 2, 3, 4), (2, 3, 3, 2) if busy else (6, 3, 1, 0))[0]
        chosen = sorted({self.choose.choices(codes, shares)[0] for _ in range(count)})
        most = (1, 2, 4) if busy else (1, 1, 2)
        return tuple((code, self.choose.randint(1, self.choose.choice(most))) for code in chosen)

    def _payouts(self) -> Iterator[StoryEvent]:
        """Whom a SEPA transfer reaches asks for money every month or two."""
        if self.paid_out_from is None:
            return
        at = self._month_or_two(self.paid_out_from)
        while at < self.calendar.last_moment - _PAYOUT_TAKES:
            if self._may_act(at):
                yield happens.AsksForPayout(at, self.who)
            at = self._month_or_two(at)

    def _month_or_two(self, since: datetime) -> datetime:
        day = (since.date() - self.calendar.first_day).days
        return self.calendar.waking(day + self.choose.randrange(25, 60), self.choose)

    def _shop(self) -> Iterator[StoryEvent]:
        """Some have customers of their own, who buy in the company's web shop."""
        if self.choose.random() > 0.25:
            return
        at = self._gap(self.recruit.joined_at)
        number = 0
        while at < self.calendar.last_moment:
            if self._may_act(at):
                number += 1
                amount = self.choose.randrange(1490, 18_000, 50)
                yield happens.SellsInShop(
                    at, self.who, f"W-{self.who}-{number}", amount,
                    self.choose.randint(1, 4), amount * 6 // 10,
                )  # fmt: skip
            at = self._gap(at)
