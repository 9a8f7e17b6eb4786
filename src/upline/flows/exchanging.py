"""Exchanges: money out of one currency and into another, at a rate that is stored.

They happen only when staff have exchanged money of the company at its bank, and when a member moves
to a market with another currency. No payment is made in two currencies."""

from upline.base.amounts import RATE, Money, converted
from upline.base.errors import FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.events import actions as events
from upline.flows import two_people
from upline.flows.permissions import Right, needs
from upline.language import gettext
from upline.markets import current as markets
from upline.markets.queries import MarketFacts
from upline.payments import actions as payments
from upline.wallet import actions as wallet
from upline.wallet import queries
from upline.wallet.actions import BelongsTo, ExchangeSide
from upline.wallet.models import AccountKind
from upline.wallet.queries import account_of, company_account

# What a member takes along to another currency.
_CARRIED = (AccountKind.WALLET, AccountKind.PURCHASE, AccountKind.OWED)


@needs(Right.ADJUST_WALLETS)
def exchange_company(
    unit: UnitOfWork, sold: Money, bought_currency: str, rate: int, reason: str
) -> Money:
    """Record that the company's bank has exchanged `sold` for another currency. `rate` is how much
    1.00 of what was sold is worth in it, in millionths. Returns what was bought. Raises
    FieldsWrong; NeedsSecond where it takes two people."""
    if not reason.strip():
        raise FieldsWrong(fields={"reason": gettext("Enter a reason.")})
    bought = bought_for(sold, bought_currency, rate)
    value = bought if bought.currency == company.current().plan_currency else sold

    def exchange() -> Money:
        out_of = company_account(AccountKind.EXCHANGE, sold.currency)
        into = company_account(AccountKind.EXCHANGE, bought.currency)
        wallet.exchange(
            ExchangeSide(out_of, company_account(AccountKind.OUTSIDE, sold.currency), sold.minor),
            ExchangeSide(company_account(AccountKind.OUTSIDE, bought.currency), into, bought.minor),
            rate,
            BelongsTo(),
            note=reason,
        )
        events.record(
            unit,
            EventKind.WALLET_EXCHANGED,
            "company",
            {
                "sold": sold.minor,
                "sold_currency": sold.currency,
                "bought": bought.minor,
                "bought_currency": bought.currency,
                "rate": rate,
            },
            amount=value.minor,
            currency=value.currency,
            reason=reason,
            sold=markets.money(sold),
            bought=markets.money(bought),
            rate=rate,
        )
        return bought

    step = two_people.Step(
        EventKind.WALLET_EXCHANGED,
        Right.ADJUST_WALLETS,
        {"minor": sold.minor, "currency": sold.currency, "bought_currency": bought_currency,
         "rate": rate, "reason": reason},
        what=f"{EventKind.WALLET_EXCHANGED} {sold.minor} {sold.currency} {bought_currency} {rate}",
        reason=reason,
    )  # fmt: skip
    return two_people.commit_amount(unit, step, exchange, lambda _: [value])


def bought_for(sold: Money, currency: str, rate: int) -> Money:
    """What an amount comes to in another currency. Raises FieldsWrong where one of the two is not
    the currency of a market, both are the same, or it comes to nothing. Needs no right: it changes
    nothing."""
    for code in (sold.currency, currency):
        if code not in markets.currencies():
            raise FieldsWrong(gettext("No market is in {code}.", code=code))
    if sold.currency == currency:
        raise FieldsWrong(gettext("Choose two different currencies."))
    decimals = markets.decimals_of(sold.currency), markets.decimals_of(currency)
    bought = converted(sold.minor, decimals[0], rate, decimals[1])
    if sold.minor <= 0 or rate <= 0 or bought <= 0:
        raise FieldsWrong(gettext("Both amounts must be above zero."))
    return Money(bought, currency)


def rate_between(before: MarketFacts, after: MarketFacts) -> int | None:
    """How much one unit of a market's currency is worth today in another market's, in millionths,
    by the rates of both to the plan currency; None where one has no rate yet. Needs no right: it
    changes nothing."""
    sold, bought = markets.per_plan_unit(before), markets.per_plan_unit(after)
    if not sold or not bought:
        return None
    return (2 * bought * RATE + sold) // (2 * sold)


def carry_over(
    unit: UnitOfWork, member_id: int, before: str, after: str, rate: int, reason: str
) -> list[tuple[Money, Money]]:
    """Inside the transaction that has moved a member to a market with another currency: what the
    member holds and owes goes into it, at a rate in millionths; unused payments first go back to
    where they came from. Returns each amount with what it became; what comes to less than the
    smallest unit stays. Needs no right: it is part of a change that asked for its own."""
    wallet.open_accounts(member_id)
    payments.give_back_all(member_id)
    done: list[tuple[Money, Money]] = []
    wallet.lock(account_of(member_id, kind, code) for kind in _CARRIED for code in (before, after))
    held = queries.balances(member_id, before)
    for kind in _CARRIED:
        decimals = markets.decimals_of(before), markets.decimals_of(after)
        bought = converted(held[kind], decimals[0], rate, decimals[1])
        if not bought:
            continue
        out_of = company_account(AccountKind.EXCHANGE, before)
        into = company_account(AccountKind.EXCHANGE, after)
        wallet.exchange(
            ExchangeSide(account_of(member_id, kind, before), out_of, held[kind]),
            ExchangeSide(into, account_of(member_id, kind, after), bought),
            rate,
            BelongsTo(member_id),
            note=reason,
        )
        done.append((Money(held[kind], before), Money(bought, after)))
    return done
