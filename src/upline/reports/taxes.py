"""Tax totals: what each member was paid in a year, what of it was taxed and withheld, and when it
exceeded the threshold that held then.

All money is counted on the day that it was paid. The plan counts a run in the year of its last
day; so what a run of December pays in January is in the new year here, as tax offices count it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

from upline.base import sql
from upline.commissions import queries as commissions
from upline.commissions.errors import NoPlan
from upline.commissions.periods import InForce
from upline.company import current as company
from upline.language import gettext, lazy
from upline.language.writing import day
from upline.markets import current as markets
from upline.markets.queries import MarketFacts, rate_on
from upline.members.person.identity import Identity, identities
from upline.papers import Paper, Sentence, Table, percents, texts
from upline.plans.in_force import in_force
from upline.plans.line_numbers import LineNumber
from upline.plans.periods import date_of, day_of
from upline.plans.plan import PERCENT_DECIMALS, Plan
from upline.plans.terms import Tax
from upline.reports import statements
from upline.reports.days import Days
from upline.reports.snapshot import amount, in_currencies, snapshot, titled
from upline.reports.statements import PaidRun, Taxed
from upline.wallet.models import AccountKind

TAX_LINES = LineNumber.TAX
"""The number of the bonus that lines of tax carry."""


_SUMMED = ("gross", "charge", "taxable", "tax", "paid")
_MEANING = lazy(
    "Gross is what a member earned before service charge and tax, less what was taken back. "
    "Money counts on the day it was paid. Taxable is the amount that the tax is a percentage of. "
    "Threshold exceeded is the day on which a payment first brought the gross of this period above "
    "the yearly threshold of its run."
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A tax of a plan with the days on which it held; `until` None: it still does."""

    plan: str
    tax: Tax
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class TaxedMembers:
    """What runs paid in one currency: the members, and what the ledger's accounts say."""

    currency: str
    members: list[Taxed]
    ledger: dict[AccountKind, int]


def tax_totals(days: Days, member_id: int | None = None) -> Paper:
    """Every member whom runs paid in these days, or one, each currency on its own; below it that
    the ledger agrees."""
    versions = _versions()
    with snapshot():
        asked = days.parameters(company.current().plan_currency)
        runs = sql.rows(statements.PaidRun, statements.PAID_RUNS, asked)
        found = [
            _in_currency(currency, days, versions, runs, member_id)
            for currency in markets.currencies()
        ]
    first = min([days.first, *(run.last_day for run in runs)])
    blocks: list[Sentence | Table] = [Sentence(str(_MEANING))]
    blocks += _all_rules(versions, first, days.last)
    blocks += [_members(each) for each in found]
    blocks.append(_identities([row for each in found for row in each.members]))
    if member_id is None:
        blocks += [_agreement(each) for each in found]
    return Paper(
        title=gettext("Tax totals"),
        subtitle=f"{company.current().name}, {days}",
        facts=[in_currencies(), (gettext("Runs that paid"), _named(runs)), *_earlier(runs, days)],
        blocks=blocks,
    )


def _in_currency(
    currency: str,
    days: Days,
    versions: Sequence[InForce],
    runs: Sequence[PaidRun],
    member_id: int | None,
) -> TaxedMembers:
    asked = days.parameters(currency)
    members = sql.rows(
        Taxed, statements.TAXES, _parameters(currency, days, versions, runs, member_id)
    )
    ledger = {
        AccountKind(row.kind): row.came
        for row in sql.rows(statements.AccountSum, statements.LEDGER, asked)
    }
    return TaxedMembers(currency, members, ledger)


def _versions() -> list[InForce]:
    try:
        return commissions.versions()
    except NoPlan:
        return []


def _parameters(
    currency: str,
    days: Days,
    versions: Sequence[InForce],
    runs: Sequence[PaidRun],
    member_id: int | None,
) -> dict[str, Any]:
    """What TAXES asks for: the thresholds of runs that have some, by market, and the days of their
    lines."""
    plans = {version.version_id: version.plan for version in versions}
    known = [
        (run.id, market.id, threshold)
        for run in runs
        for market in markets.all_markets().values()
        if market.currency == currency
        and (threshold := _threshold(plans[run.plan_id], market, run.last_day)) is not None
    ]
    return {
        **days.parameters(currency),
        "member": member_id,
        "runs": [number for number, _, _ in known],
        "markets": [market for _, market, _ in known],
        "thresholds": [threshold for _, _, threshold in known],
        "tax": TAX_LINES,
        "lines_from": min((run.last_day for run in runs), default=days.first),
        "lines_to": max((run.last_day for run in runs), default=days.first),
    }


def _threshold(plan: Plan, market: MarketFacts, on: date) -> int | None:
    """The yearly threshold of a market on a day, in minor units of its currency; None without a
    tax."""
    own = _own_taxes(plan, market.code)
    tax = in_force(plan.settlement.taxes if own is None else own, day_of(on))
    if tax is None:
        return None
    return threshold_in(market.currency, tax.threshold, on) if own is None else tax.threshold


def _own_taxes(plan: Plan, code: str) -> Sequence[Tax] | None:
    """What a plan states for a market in place of its own taxes."""
    return next((terms.taxes for terms in plan.markets if terms.code == code), None)


def _all_rules(versions: Sequence[InForce], first: date, last: date) -> Iterator[Table]:
    """The taxes that held on some of these days: those of the plans, and those of markets."""
    currency = company.current().plan_currency
    title = gettext("Tax rates, by the last day of a run")
    in_plans = [(each, each.plan.settlement.taxes) for each in versions]
    yield _rules(in_plans, titled(title, currency), currency, first, last)
    for market in markets.all_markets().values():
        found = [(each, _own_taxes(each.plan, market.code)) for each in versions]
        own = [(each, taxes) for each, taxes in found if taxes is not None]
        if own:
            in_market = gettext(
                "Tax rates in {market}, by the last day of a run", market=market.code
            )
            in_market = titled(in_market, market.currency)
            yield _rules(own, in_market, market.currency, first, last)


def _rules(
    stated: Sequence[tuple[InForce, Sequence[Tax]]], title: str, currency: str, first: date,
    last: date,
) -> Table:  # fmt: skip
    """The taxes of these versions that held on some of these days, in turn."""
    rules = [
        rule
        for version, taxes in stated
        for rule in _rules_of(version, taxes)
        if rule.since <= last and (rule.until is None or rule.until >= first)
    ]
    # Two decimals, as most percentages have, where they suffice.
    decimals = PERCENT_DECIMALS if any(rule.tax.rate % 100 for rule in rules) else 2
    unit = 10 ** (PERCENT_DECIMALS - decimals)
    rows = [
        (day(rule.since), _day_or_none(rule.until), rule.tax.rate // unit, rule.tax.threshold,
         rule.plan)
        for rule in rules
    ]  # fmt: skip
    columns = [
        texts(gettext("From")),
        texts(gettext("To")),
        percents(gettext("Tax"), decimals),
        amount(currency)(gettext("Above in a year")),
        texts(gettext("Plan")),
    ]
    return Table(columns, rows, title=title)


def _day_or_none(of: date | None) -> str:
    return day(of) if of else ""


def _rules_of(version: InForce, stated: Sequence[Tax]) -> Iterator[Rule]:
    """Taxes of a version, each until the next or the version's end."""
    taxes = sorted(stated, key=lambda tax: tax.from_day)
    for tax, following in zip_longest(taxes, taxes[1:]):
        end = date_of(following.from_day) - timedelta(days=1) if following else None
        since = max(date_of(tax.from_day), version.since)
        until = min((each for each in (end, version.until) if each), default=None)
        if until is None or since <= until:
            yield Rule(version.plan.name, tax, since, until)


def _members(found: TaxedMembers) -> Table:
    rows = [
        (row.username, row.gross, row.charge, row.taxable, row.tax, row.paid,
         _day_or_none(row.exceeded_on))
        for row in found.members
    ]  # fmt: skip
    sums = (sum(getattr(row, name) for row in found.members) for name in _SUMMED)
    sum_of = amount(found.currency)
    columns = [
        texts(gettext("Member")), sum_of(gettext("Gross")), sum_of(gettext("Service charge")),
        sum_of(gettext("Taxable")), sum_of(gettext("Tax withheld")), sum_of(gettext("Paid")),
        texts(gettext("Threshold exceeded")),
    ]  # fmt: skip
    totals = (gettext("Total"), *sums, "")
    return Table(columns, rows, title=titled(gettext("Members"), found.currency), totals=totals)


def _identities(found: Sequence[Taxed]) -> Table:
    """Who the members are to the tax office, as they stand in the books today."""
    named = {row.member_id: row.username for row in found}
    known = identities(list(named))
    nobody = Identity()
    rows = [
        (username, person.name, person.address, person.tax_number)
        for member_id, username in named.items()
        for person in [known.get(member_id, nobody)]
    ]
    columns = [
        texts(gettext("Member")),
        texts(gettext("Name")),
        texts(gettext("Address")),
        texts(gettext("Tax number")),
    ]
    return Table(columns, rows, title=gettext("Names and addresses"))


def _agreement(found: TaxedMembers) -> Table:
    """The sums beside what the ledger's accounts moved in the same days."""
    rows, ledger, sum_of = [], found.ledger, amount(found.currency)
    for label, listed, account in (
        (
            gettext("Gross: paid from commissions"),
            "gross",
            -ledger.get(AccountKind.COMMISSIONS, 0),
        ),
        (
            gettext("Tax: paid into tax_withheld"),
            "tax",
            ledger.get(AccountKind.TAX_WITHHELD, 0),
        ),
    ):
        total = sum(getattr(row, listed) for row in found.members)
        rows.append((label, total, account, account - total))
    columns = [
        texts(gettext("Account")),
        sum_of(gettext("This list")),
        sum_of(gettext("Ledger")),
        sum_of(gettext("Difference")),
    ]
    return Table(columns, rows, title=titled(gettext("Proof"), found.currency))


def _named(runs: Sequence[PaidRun]) -> str:
    return ", ".join(str(run.id) for run in runs) or gettext("none")


def _earlier(runs: Sequence[PaidRun], days: Days) -> list[tuple[str, str]]:
    """Which runs the plan counts in the year before."""
    before = [run for run in runs if run.last_day < days.first]
    return [(gettext("For earlier periods"), _named(before))] if before else []


def threshold_in(currency: str, threshold: int, on: date) -> int:
    """A yearly threshold of the plan, in minor units of another currency: at the rate of this day,
    rounded down."""
    plan = company.current()
    if currency == plan.plan_currency:
        return threshold
    rates = (rate_on(each.id, on) for each in markets.all_markets().values()
             if each.currency == currency)  # fmt: skip
    rate = next((each.per_unit for each in rates if each), 0)
    scale: int = 10 ** (plan.plan_exponent + 6)
    whole: int = threshold * rate * 10 ** markets.decimals_of(currency)
    return whole // scale
