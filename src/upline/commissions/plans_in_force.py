"""A plan put in force from a day on."""

import hashlib
from collections.abc import Iterator
from datetime import date

from upline.base import clock
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package, PackageKind
from upline.commissions import queries
from upline.commissions.errors import (
    PlanTooEarly,
    PlanWrong,
)
from upline.commissions.models import PlanVersion
from upline.company import current as company
from upline.company.models import PlanKind
from upline.events import actions as events
from upline.language import gettext
from upline.markets import current as markets
from upline.orders import actions as orders
from upline.plan_documents import PlanErrors, parse
from upline.plans.bonus import Pairs
from upline.plans.plan import Plan


def use_plan(unit: UnitOfWork, text: str, name: str, since: date) -> PlanVersion:
    """Put a plan in force from a day on; `name` is its file's. One that nothing has used and
    that begins on the same day is replaced. Raises PlanWrong with every sentence, PlanTooEarly."""
    try:
        plan = parse(text, name)
    except PlanErrors as errors:
        raise PlanWrong(list(errors.sentences)) from errors
    packages = _packages(plan, name)
    orders.hold_books()
    frozen = queries.last_frozen_day()
    if frozen is not None and since <= frozen:
        raise PlanTooEarly(
            gettext(
                "Runs are open up to {frozen}: a plan can be in force from a later day on.",
                frozen=frozen,
            )
        )
    PlanVersion.objects.filter(since=since).delete()
    digest = hashlib.sha256(text.encode())
    made = PlanVersion.objects.create(
        since=since,
        name=plan.name,
        text=text,
        digest=digest.digest(),
        packages=packages,
        put_at=clock.now(),
        put_by_id=unit.actor_id,
    )
    facts = {"name": plan.name, "since": str(since), "digest": digest.hexdigest()}
    data = {"since": str(since), "digest": digest.hexdigest()}
    events.record(unit, EventKind.PLAN_PUT_IN_FORCE, f"plan:{made.pk}", data, **facts)
    return made


def _of_markets(plan: Plan, name: str) -> Iterator[str]:
    """What this company cannot do of what the plan states for markets."""
    home, *abroad = markets.all_markets().values()
    known = {market.code: market for market in abroad}
    for terms in plan.markets:
        market = known.get(terms.code)
        if terms.code == home.code:
            yield gettext(
                "{name}: {code} is the home market: the plan's own amounts are for it.",
                name=name, code=terms.code,
            )  # fmt: skip
        elif market is None:
            yield gettext('{name}: the company has no market "{code}".', name=name, code=terms.code)
        elif (market.currency, market.exponent) != (terms.currency, terms.decimals):
            yield gettext(
                "{name}: amounts for {code} are in {currency} with {decimals} decimals, and the "
                "market sells in {theirs} with {exponent}.",
                name=name, code=terms.code, currency=terms.currency, decimals=terms.decimals,
                theirs=market.currency, exponent=market.exponent,
            )  # fmt: skip


def _packages(plan: Plan, name: str) -> list[list[int]]:
    """The catalogue's ids of each package that the plan names. Raises PlanWrong for all that
    this company cannot do."""
    facts = company.current()
    wrong = []
    if plan.decimals != facts.plan_exponent:
        wrong.append(
            gettext(
                "{name}: money has {decimals} decimals here, the company's {currency} has "
                "{exponent}.",
                name=name,
                decimals=plan.decimals,
                currency=facts.plan_currency,
                exponent=facts.plan_exponent,
            )
        )
    if facts.plan_kind != PlanKind.BINARY and any(isinstance(each, Pairs) for each in plan.bonuses):
        wrong.append(
            gettext(
                "{name}: pairs need a binary company, and this one is {plan_kind}.",
                name=name,
                plan_kind=facts.plan_kind,
            )
        )
    wrong += _of_markets(plan, name)
    named = company.office().order_figures
    for figure in plan.figures:
        if figure not in named:
            wrong.append(
                gettext(
                    '{name}: the company has no figure "{figure}" of order lines (setting '
                    "`order_figures`).",
                    name=name,
                    figure=figure,
                )
            )
    found: dict[str, list[int]] = {package: [] for package in plan.packages}
    sold = Package.objects.filter(kind=PackageKind.MEMBERSHIP, name__in=plan.packages).order_by(
        "pk"
    )
    for package in sold:
        found[package.name].append(package.pk)
    wrong += [
        gettext(
            '{name}: the catalogue has no membership package "{package}".',
            name=name,
            package=package,
        )
        for package, ids in found.items()
        if not ids
    ]
    if wrong:
        raise PlanWrong(wrong)
    return list(found.values())
