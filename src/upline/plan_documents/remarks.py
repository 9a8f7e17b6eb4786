"""What a plan says that its owner may not have meant: warnings, not errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from upline.language import gettext
from upline.language.writing import marks
from upline.plan_documents.bounds import bounds, highest_sum, whole
from upline.plan_documents.errors import all_of
from upline.plan_documents.ladder import falling_steps, is_salary, ranks_sell, tree_word
from upline.plans.bonus import Board, Bonus, FullLevels, Items, Levels, RankAdvancement, Stairstep
from upline.plans.counting import Basis, Customer
from upline.plans.plan import HUNDRED_PERCENT, PERCENT_DECIMALS, Plan
from upline.plans.terms import Charge, Tax


def warnings(plan: Plan) -> list[str]:
    """Every warning, a sentence each."""
    return [
        *(f"{bonus.name}: {said}" for bonus in plan.bonuses for said in _of_bonus(bonus, plan)),
        *_of_the_whole(plan),
    ]


def _of_bonus(bonus: Bonus, plan: Plan) -> Iterator[str]:
    recruiting = for_joining_alone(bonus, plan)
    if recruiting:
        yield gettext("{how}; many countries forbid paying for recruiting.", how=recruiting)
    volume = getattr(bonus, "volume", None)
    if volume is not None and volume.customers == {Customer.MEMBER} and not recruiting:
        yield gettext("pays only on what members buy themselves, not on sales to customers.")
    if isinstance(bonus, Levels) and not bonus.rates.flat:
        share = highest_sum(bonus, len(plan.ranks.steps))
        if share > HUNDRED_PERCENT:
            yield _more_than_all(bonus, percent(share))
    if isinstance(bonus, Stairstep):
        yield from _of_stairstep(bonus, plan)
    if _ends_with_zero(bonus):
        yield gettext("its list ends with 0, which pays nothing.")


def _more_than_all(bonus: Levels, share: str) -> str:
    if bonus.items is Items.EARNINGS:
        return gettext("can pay more than all of what it matches: {share} in sum.", share=share)
    return gettext("can pay more than all of an order: {share} in sum.", share=share)


def _ends_with_zero(bonus: Bonus) -> bool:
    """Shorter lists of a table by class are filled up with zeros, so only the longest tells."""
    if isinstance(bonus, FullLevels):
        return len(bonus.amounts) > 1 and not bonus.amounts[-1]
    if not isinstance(bonus, Levels):
        return False
    table = bonus.rates.table
    return len(table[0]) > 1 and not any(row[-1] for row in table)


def _of_stairstep(bonus: Stairstep, plan: Plan) -> Iterator[str]:
    rates = [row[0] for row in bonus.rates.table] if bonus.rates else []
    if rates != sorted(rates):
        yield gettext("pays a higher class a lower percentage, so members lose when they rise.")
    if plan.ranks.breakaway and bonus.tree != plan.ranks.tree:
        yield gettext(
            "walks up the {tree} tree, while legs break away in the {other} tree: here nobody "
            "breaks away.",
            tree=tree_word(bonus.tree.kind),
            other=tree_word(plan.ranks.tree.kind),
        )


def for_joining_alone(bonus: Bonus, plan: Plan) -> str:
    """How a bonus pays without any sale; empty where it does not."""
    if isinstance(bonus, FullLevels):
        return gettext("pays only for joining: levels fill without any order")
    if isinstance(bonus, (Levels, Board)):
        if bonus.items is Items.JOININGS:
            return gettext("pays only for joining, without any order")
        if is_salary(bonus) and ranks_sell(bonus, plan):
            return ""
        if bonus.items is Items.ACTIVE_MEMBERS:
            if not plan.active.personal_points:
                return gettext("pays only for joining: everyone is active without any order")
            return gettext(
                "pays per person, regardless of sales beyond the points needed to be active"
            )
    if isinstance(bonus, Levels) and bonus.items is Items.EARNINGS:
        matched = [other for other in plan.bonuses if other.name in bonus.of]
        if all(for_joining_alone(other, plan) for other in matched):
            return gettext("matches what is paid only for joining")
    return ""


def _of_the_whole(plan: Plan) -> Iterator[str]:
    pay = [bonus for bonus in plan.bonuses if not isinstance(bonus, RankAdvancement)]
    if pay and all(for_joining_alone(bonus, plan) for bonus in pay):
        yield gettext("No bonus of this plan pays on sales. It pays only for recruiting.")
    total, ceiling = whole(plan), plan.settlement.ceiling
    if total is not None and total.value > HUNDRED_PERCENT:
        yield gettext(
            "All bonuses together can pay {percent} of the turnover.", percent=percent(total.value)
        )
    if ceiling < 0:
        yield from _without_bound(plan)
    yield from _of_deductions(plan)
    yield from falling_steps(plan)


def _without_bound(plan: Plan) -> Iterator[str]:
    found = bounds(plan)
    free = [
        bonus.name
        for bonus in plan.bonuses
        if found[bonus.name] is None and not isinstance(bonus, RankAdvancement)
    ]
    if free:
        yield gettext(
            "Nothing in the plan limits what {bonuses} can pay. Simulate it, or set a ceiling in "
            "[settlement].",
            bonuses=all_of(free),
        )


def _of_deductions(plan: Plan) -> Iterator[str]:
    own = plan.settlement
    rate = _most_taken(own.charges, own.taxes)
    if rate > HUNDRED_PERCENT:
        yield gettext(
            "Charge and tax together can take {percent} of what is earned.", percent=percent(rate)
        )
    for terms in plan.markets:
        charges, taxes = (terms.charges, terms.taxes)
        if charges is None and taxes is None:
            continue
        rate = _most_taken(
            own.charges if charges is None else charges, own.taxes if taxes is None else taxes
        )
        if rate > HUNDRED_PERCENT:
            yield gettext(
                "Charge and tax together can take {percent} of what is earned in {market}.",
                percent=percent(rate),
                market=terms.code,
            )
    on_points = any(_pays_on_points(bonus) for bonus in plan.bonuses)
    if on_points and not plan.point_value:
        yield gettext("A point is worth nothing (`point_value`), and a bonus pays on points.")


def _most_taken(charges: Sequence[Charge], taxes: Sequence[Tax]) -> int:
    """The highest charge and the highest tax together."""
    charge = max((each.rate for each in charges), default=0)
    return charge + max((each.rate for each in taxes), default=0)


def _pays_on_points(bonus: Bonus) -> bool:
    volume, rates = getattr(bonus, "volume", None), getattr(bonus, "rates", None)
    return volume is not None and volume.basis is not Basis.VALUE and not (rates and rates.flat)


def percent(rate: int) -> str:
    """Millionths as an owner writes them: 12.5 %."""
    whole_part, rest = divmod(rate, 10**PERCENT_DECIMALS)
    plain = f"{whole_part}.{rest:0{PERCENT_DECIMALS}}".rstrip("0").rstrip(".")
    return plain.replace(".", marks().decimal) + " %"
