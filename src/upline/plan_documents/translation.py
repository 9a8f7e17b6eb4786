"""A document that has the right shape becomes a plan of the core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from upline.language import gettext
from upline.plan_documents import bonus_keys, keys, kinds
from upline.plan_documents.bonuses import bonus_of
from upline.plan_documents.document import Document
from upline.plan_documents.market_terms import markets_of
from upline.plan_documents.scope import Scope
from upline.plan_documents.settlement import settlement_of
from upline.plans import plan
from upline.plans.bonus import Bonus, Tree, TreeKind
from upline.plans.periods import Every
from upline.plans.plan import Have, Plan


def plan_of(said: Document, indexes: Sequence[int], scope: Scope) -> Plan:
    """The core's plan. `indexes`: where each bonus of the document stands in the file."""
    ranks = _ranks(said.ranks, scope.at("ranks"))
    bonuses = [
        _with_ranks(bonus, bonus_of(bonus, scope.at("bonuses", index)), ranks)
        for index, bonus in zip(indexes, said.bonuses, strict=True)
    ]
    found = Plan(
        name=said.name,
        bonuses=tuple(bonuses),
        packages=tuple(said.packages),
        figures=tuple(said.figures),
        active=_active(said.active, scope.at("active")),
        ranks=ranks,
        settlement=settlement_of(said.settlement, scope.at("settlement")),
        point_value=10**said.decimals if said.point_value is None else said.point_value,
        decimals=said.decimals,
        currency=said.currency,
        week_starts=get_args(keys.Weekday).index(said.week_starts),
    )
    return replace(found, markets=markets_of(said, found, scope.at("markets")))


def _with_ranks(said: bonus_keys.BonusKeys, bonus: Bonus, ranks: plan.Ranks) -> Bonus:
    """A rank advancement that does not say how often is calculated as often as the ranks."""
    if isinstance(said, kinds.RankAdvancementKeys) and "every" not in said.model_fields_set:
        return replace(bonus, every=ranks.every)
    return bonus


def _active(said: keys.ActiveKeys | None, scope: Scope) -> plan.Active:
    if said is None:
        return plan.Active()
    return plan.Active(
        said.personal_points,
        Every(said.every),
        said.periods,
        scope.measured_in(said.measured_in),
    )


def _ranks(said: keys.RanksKeys | None, scope: Scope) -> plan.Ranks:
    if said is None:
        return plan.Ranks()
    return plan.Ranks(
        steps=tuple(_rank(step, scope.at("steps", n)) for n, step in enumerate(said.steps)),
        tree=Tree(TreeKind(said.tree)),
        every=Every(said.every),
        breakaway=scope.rank(said.breakaway, "breakaway"),
        measured_in=scope.measured_in(said.measured_in),
    )


def _rank(said: keys.RankStepKeys, scope: Scope) -> plan.Rank:
    return plan.Rank(
        name=said.name,
        active=said.active,
        personal_points=said.personal_points,
        group_points=said.group_points,
        team_points=said.team_points,
        leg_limit=_leg_limit(said, scope),
        legs=_haves(said.legs, scope, "legs"),
        directs=_haves(said.directs, scope, "directs"),
        customers=said.customers,
        **scope.buyers(said.customers_with_orders),
        periods=said.periods,
    )


def _haves(
    said: Sequence[keys.LegsKeys | keys.Directs], scope: Scope, key: str
) -> tuple[Have, ...]:
    return tuple(
        Have(each.count, scope.rank(each.rank, key, number, "rank"))
        for number, each in enumerate(said)
    )


def _leg_limit(said: keys.RankStepKeys, scope: Scope) -> int:
    """In hundredths of a point; -1 for none. A percentage is of the group (else team) points."""
    if said.leg_limit is None and said.leg_limit_points is None:
        return -1
    key = "leg_limit" if said.leg_limit is not None else "leg_limit_points"
    if said.leg_limit is not None and said.leg_limit_points is not None:
        scope.complain(
            gettext("use only one of `leg_limit` and `leg_limit_points`."), "leg_limit_points"
        )
    asked = said.group_points or said.team_points
    if not asked:
        scope.complain(gettext("limits the legs' points, and this rank asks for none."), key)
    if said.leg_limit_points is not None:
        return said.leg_limit_points
    return asked * (said.leg_limit or 0) // plan.HUNDRED_PERCENT
