"""Staff move a member to another market, whose currency and price list hold from then on.

Nothing of the member may be open or unpaid in the currency before: nobody would know in which one
to close it. Money is exchanged at the rate of the day; where no rate is known, it must be paid out
or spent first."""

from dataclasses import dataclass
from typing import NamedTuple

from upline.base import audit, sql
from upline.base.amounts import Money
from upline.base.errors import Conflict, FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.cart import actions as cart
from upline.events import actions as events
from upline.flows import exchanging, two_people
from upline.flows.permissions import Right, needs
from upline.language import gettext
from upline.markets import current as markets
from upline.markets.queries import MarketFacts
from upline.members import actions as members
from upline.members.models import Member, Standing
from upline.members.queries import market_of
from upline.wallet import actions as wallet


@dataclass(frozen=True)
class MarketMove:
    """A move that keeps all rules."""

    member_id: int
    before: MarketFacts
    after: MarketFacts


class _Open(NamedTuple):
    """How much of a member is open, or holds money of another currency than the new one."""

    orders: int
    payouts: int
    money: int
    epins: int
    runs: int


_OPEN = """
SELECT (SELECT count(*) FROM orders_order
        WHERE member_id = %(member)s AND status = 'awaiting_payment') AS orders,
       (SELECT count(*) FROM payouts_payout WHERE member_id = %(member)s
          AND status IN ('requested', 'approved', 'in_batch')) AS payouts,
       (SELECT count(*) FROM wallet_account
        WHERE member_id = %(member)s AND balance > 0) AS money,
       (SELECT count(*) FROM epins_epin
        WHERE owner_id = %(member)s AND balance > 0) AS epins,
       (SELECT count(*) FROM commissions_earning earning JOIN commissions_run run ON run.id = run_id
        WHERE earning.member_id = %(member)s AND earning.total <> 0
          AND run.status NOT IN ('paid', 'closed'))
       + (SELECT count(*) FROM commissions_run WHERE status = 'open') AS runs
"""


def preview(member_id: int, market_id: int) -> MarketMove:
    """What a move would do now; nothing is changed. Raises what `move` does."""
    return _prepare(member_id, market_of(member_id).id, market_id)


@needs(Right.MOVE_TO_MARKETS)
def move(unit: UnitOfWork, member_id: int, market_id: int, reason: str) -> MarketMove:
    """Move a member to another market. Their cart is emptied: its prices are those of the market
    before. Raises Conflict where something is open or holds money, FieldsWrong without a reason;
    NeedsSecond where so much money is exchanged that it takes two people."""
    if not reason.strip():
        raise FieldsWrong(fields={"reason": gettext("Enter a reason.")})
    unit.refuse_own(member_id)

    def make() -> tuple[MarketMove, Money]:
        before_id = members.hold_alone(member_id)
        made = _prepare(member_id, before_id, market_id)
        cart.clear(member_id)
        members.change_market(member_id, market_id)
        carried = _carry_money_over(unit, made, reason)
        changes = audit.step("market", made.before.name, made.after.name)
        about = f"user:{member_id}"
        data = {"member_id": member_id, "market_id": market_id}
        events.record(
            unit, EventKind.MEMBER_MARKET_CHANGED, about, data,
            amount=carried.minor, currency=carried.currency, changes=changes, reason=reason,
        )  # fmt: skip
        return made, carried

    step = two_people.Step(
        EventKind.MEMBER_MARKET_CHANGED,
        Right.MOVE_TO_MARKETS,
        {"member_id": member_id, "market_id": market_id, "reason": reason},
        what=f"{EventKind.MEMBER_MARKET_CHANGED} {member_id} {market_id}",
        person_id=member_id,
        reason=reason,
    )
    made, _ = two_people.commit_amount(unit, step, make, lambda made: [made[1]])
    return made


def _carry_money_over(unit: UnitOfWork, made: MarketMove, reason: str) -> Money:
    """Returns what came of it in the new currency."""
    before, after = made.before, made.after
    rate = exchanging.rate_between(before, after)
    if before.currency == after.currency or rate is None:
        wallet.open_accounts(made.member_id)
        return Money(0, after.currency)
    done = exchanging.carry_over(
        unit, made.member_id, before.currency, after.currency, rate, reason
    )
    return Money(sum(bought.minor for _, bought in done), after.currency)


def _prepare(member_id: int, before_id: int, market_id: int) -> MarketMove:
    member = Member.objects.get(pk=member_id)
    before, after = markets.market(before_id), markets.market(market_id)
    if member.standing == Standing.CLOSED:
        raise Conflict(gettext("This member is closed."))
    if before == after:
        raise Conflict(gettext("The member belongs to {name} already.", name=after.name))
    if member.country_id and member.country_id in before.countries:
        raise Conflict(
            gettext(
                "The member's address is in a country of {name}. Change the address first.",
                name=before.name,
            )
        )
    found = _what_is_open(member_id, before, after)
    if found:
        raise Conflict(
            gettext("This member still has {what}. Settle that first.", what=", ".join(found))
        )
    return MarketMove(member_id, before, after)


def _what_is_open(member_id: int, before: MarketFacts, after: MarketFacts) -> list[str]:
    row = sql.one(_Open, _OPEN, {"member": member_id})
    assert row is not None, "it has no FROM that could be empty"
    parts = [
        (row.orders, gettext("orders that await payment")),
        (row.payouts, gettext("open payouts")),
        (row.runs, gettext("earnings of runs that are not computed or not paid")),
    ]
    if before.currency != after.currency:
        is_known = exchanging.rate_between(before, after) is not None
        parts += [
            (
                0 if is_known else row.money,
                gettext("money or debts in {currency}", currency=before.currency),
            ),
            (row.epins, gettext("e-pins in {currency}", currency=before.currency)),
        ]
    return [words for number, words in parts if number]
