"""What can happen in the demo company's year. Each event knows its moment and whom it is about;
orders are named by keys, since their numbers are random."""

from dataclasses import dataclass
from datetime import date, datetime

from upline.demo.people import DemoPerson
from upline.kyc.models import KycStatus
from upline.members.models import MemberKind


@dataclass(frozen=True)
class StoryEvent:
    at: datetime
    who: str


@dataclass(frozen=True)
class MarketOpens(StoryEvent):
    """The office opens the second market: prices, taxes, settings."""


@dataclass(frozen=True)
class RateBegins(StoryEvent):
    """From this day on a euro is worth so many millionths of a franc."""

    per_unit: int


@dataclass(frozen=True)
class Joins(StoryEvent):
    """`placement` '' asks for spill-over, `leg` '' for the sponsor's preferred one. The
    membership order's key is the username."""

    person: DemoPerson
    caller: str
    sponsor: str
    placement: str
    leg: str
    package: str
    payment_method: str


@dataclass(frozen=True)
class RegistersCustomer(StoryEvent):
    """The office registers a customer, who only buys, below a member."""

    person: DemoPerson
    sponsor: str
    kind: MemberKind


@dataclass(frozen=True)
class OpensPosition(StoryEvent):
    """A further position, opened by the office; `name` is `anna/2`."""

    name: str
    placement: str
    leg: str


@dataclass(frozen=True)
class FillsInProfile(StoryEvent):
    person: DemoPerson
    with_bank: bool


@dataclass(frozen=True)
class ChangesEmail(StoryEvent):
    person: DemoPerson
    email: str


@dataclass(frozen=True)
class ShowsPicture(StoryEvent):
    """`portrait` names the picture."""

    portrait: str


@dataclass(frozen=True)
class AddsAddress(StoryEvent):
    """The member's own address, or one to send presents to (`name` and `street` differ)."""

    person: DemoPerson
    name: str
    street: str


@dataclass(frozen=True)
class Buys(StoryEvent):
    """`wares`: package codes and quantities. `way`: wallet, epin (in the checkout); paid_in
    (paid before it); later (nothing is paid yet); transfer (waits for a bank transfer)."""

    key: str
    wares: tuple[tuple[str, int], ...]
    way: str


@dataclass(frozen=True)
class FillsCart(StoryEvent):
    """Puts wares in the cart and leaves them there."""

    wares: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class PaysOrder(StoryEvent):
    """The member pays in from the wallet and completes an order that awaits payment."""

    key: str


@dataclass(frozen=True)
class CancelsOrder(StoryEvent):
    key: str


@dataclass(frozen=True)
class OrderIsApproved(StoryEvent):
    """The office has found the bank transfer for it."""

    key: str


@dataclass(frozen=True)
class OrderIsRefunded(StoryEvent):
    """All of it, or one piece of the first line."""

    key: str
    whole: bool
    reason: str


@dataclass(frozen=True)
class SellsInShop(StoryEvent):
    """A sale that the web shop reports: cents, pieces, hundredths of a point."""

    shop_order: str
    amount: int
    quantity: int
    points: int


@dataclass(frozen=True)
class PaysInAndForgets(StoryEvent):
    """A payment that no order uses: it goes back."""

    amount: int


@dataclass(frozen=True)
class IsBlocked(StoryEvent):
    reason: str


@dataclass(frozen=True)
class IsUnblocked(StoryEvent):
    reason: str


@dataclass(frozen=True)
class IsReviewed(StoryEvent):
    """`status`: submitted, verified, rejected, expired."""

    status: KycStatus
    note: str


@dataclass(frozen=True)
class GetsEPins(StoryEvent):
    """A batch from the office; `days` until it expires."""

    amount: int
    quantity: int
    days: int
    note: str


@dataclass(frozen=True)
class EPinIsBlocked(StoryEvent):
    """The owner has lost the newest one."""


@dataclass(frozen=True)
class RunsAreOpened(StoryEvent):
    """The worker opens a commission run for each period that has ended."""


@dataclass(frozen=True)
class RunGoesOn(StoryEvent):
    """`step`: compute (the worker), review, pay, close (the owner), approve (the approver). The
    run is named by the length of its period, week or month, and the last day."""

    step: str
    every: str
    last_day: date


@dataclass(frozen=True)
class AsksForPayout(StoryEvent):
    """Of what the member earned, as far as it is still there."""


@dataclass(frozen=True)
class PayoutsWait(StoryEvent):
    """These ask, one after the other, until so many payouts wait for the office."""

    asking: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class HoldingTankOpens(StoryEvent):
    """From now on, whoever joins without a place waits for one so many days."""

    days: int


@dataclass(frozen=True)
class PayoutsAreLookedAt(StoryEvent):
    """The approver approves what was asked for; where `declines`, all but the first."""

    declines: bool


@dataclass(frozen=True)
class PayoutsAreBatched(StoryEvent):
    """What was approved goes to the bank."""


@dataclass(frozen=True)
class BatchIsSettled(StoryEvent):
    """The banks have paid what is on its way; where `fails`, all but the first payout of each
    batch that has several."""

    fails: bool


@dataclass(frozen=True)
class TimePasses(StoryEvent):
    """Housekeeping: payments go back, orders lapse."""


@dataclass(frozen=True)
class DayEnds(TimePasses):
    """The last one of a day: which of the year's it was, from 0, how many have joined, and how
    many commission runs are closed."""

    number: int
    joined: int
    runs_closed: int
    is_last: bool
