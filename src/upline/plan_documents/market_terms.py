"""What a plan states for markets, in the core's terms: amounts at the spots of the plan's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from upline.language import gettext, ngettext
from upline.plan_documents import bonus_keys
from upline.plan_documents.document import Document
from upline.plan_documents.errors import quoted, unknown
from upline.plan_documents.market_keys import MarketBonusKeys, MarketKeys
from upline.plan_documents.scope import Scope
from upline.plan_documents.settlement import charges_of, must_rise, one_charge, taxes_of
from upline.plans.bonus import Board, Bonus, By, FullLevels, Levels, Pairs, Pool, RankAdvancement
from upline.plans.plan import Plan, Settlement
from upline.plans.terms import MarketTerms, Spot, Stated

Table = tuple[tuple[int, ...], ...]
"""Amounts by row and column."""


def markets_of(said: Document, plan: Plan, scope: Scope) -> tuple[MarketTerms, ...]:
    """What the plan states for each market; what has no sense is noted in the scope's problems."""
    return tuple(
        _terms(code, each, said, plan, scope.at(code)) for code, each in said.markets.items()
    )


def _terms(code: str, said: MarketKeys, whole: Document, plan: Plan, scope: Scope) -> MarketTerms:
    if said.currency == whole.currency and said.decimals != whole.decimals:
        sentence = ngettext(
            "the plan's {currency} has {count} decimal.",
            "the plan's {currency} has {count} decimals.",
            whole.decimals,
            currency=quoted(whole.currency),
        )
        scope.complain(sentence, "decimals")
    amounts = _of_settlement(said, plan.settlement, scope.at("settlement"))
    by_name = dict(zip((each.name for each in whole.bonuses), plan.bonuses, strict=True))
    documents = {each.name: each for each in whole.bonuses}
    for name, stated in said.bonuses.items():
        within = scope.at("bonuses", name)
        if name not in by_name:
            sentence = gettext("there is no bonus {name}", name=quoted(name))
            within.complain(unknown(sentence, name, by_name))
        elif not stated.model_fields_set:
            within.complain(gettext("states nothing."))
        else:
            amounts |= _OfBonus(stated, documents[name], by_name[name], within).amounts()
    settlement = said.settlement
    terms = MarketTerms(
        code, said.currency, said.decimals, amounts,
        charges_of(settlement.service_charge, settlement.service_charges),
        taxes_of(settlement.taxes),
    )  # fmt: skip
    if not amounts and terms.charges is None and terms.taxes is None:
        scope.complain(gettext("states nothing."))
    return terms


def _of_settlement(said: MarketKeys, plan: Settlement, scope: Scope) -> dict[Spot, int]:
    """Minimum and remainder, which belong together; charges and taxes are looked at."""
    stated = said.settlement
    if stated.service_charge is not None and stated.service_charges is not None:
        scope.complain(one_charge(), "service_charges")
    must_rise(stated.service_charges or [], scope, "service_charges")
    must_rise(stated.taxes or [], scope, "taxes")
    minimum, remainder = stated.minimum_payout, stated.remainder
    if minimum is None and remainder is None:
        return {}
    if minimum is None or (remainder is None and plan.remainder):
        scope.complain(gettext("state both `minimum_payout` and `remainder`, or neither."))
    elif (remainder or 0) > minimum:
        scope.complain(gettext("must not be more than `minimum_payout`."), "remainder")
    return {
        Spot("", Stated.MINIMUM): minimum or 0,
        Spot("", Stated.REMAINDER): remainder or 0,
    }


@dataclass(slots=True)
class _OfBonus:
    """The amounts of one bonus: what is `stated` for the market beside what the bonus itself says.
    They must have the same shape, and pay the same classes and levels."""

    stated: MarketBonusKeys
    said: bonus_keys.BonusKeys
    bonus: Bonus
    scope: Scope
    found: dict[Spot, int] = field(default_factory=dict)

    def amounts(self) -> dict[Spot, int]:
        """Each at its spot."""
        for key in sorted(self.stated.model_fields_set):
            if not getattr(self.said, key, None):
                sentence = gettext(
                    "replaces an amount of the bonus itself, which states none under this key."
                )
                self.scope.complain(sentence, key)
            elif key == "caps":
                self._put_caps()
            else:
                self._put_table(key)
        return self.found

    def _put_table(self, key: str) -> None:
        said = getattr(self.stated, key)
        match self.bonus:
            case Levels(rates=own) | Pairs(rates=own):
                by = None if own.by is By.NOTHING else own.by
                theirs = self.scope.rates(self.stated, key, by, flat=True)
                is_alike = theirs.by is own.by
                self._put(Stated.RATES, theirs.table, own.table, key, is_alike=is_alike)
            case FullLevels(amounts=amounts):
                self._put(Stated.AMOUNT, _column(said), _column(amounts), key)
            case RankAdvancement(amounts=amounts) if isinstance(said, dict):
                numbers = self.scope.classes(said, By.RANK, key)[1]
                reached = {number: said[name] for name, number in numbers.items()}
                theirs_of = [reached.get(number, 0) for number in range(len(amounts))]
                self._put(Stated.AMOUNT, _column(theirs_of), _column(amounts), key)
            case Board(pays=pays):
                self._put(Stated.AMOUNT, ((said,),), ((pays,),), key)
            case Pool(cap=cap):
                self._put(Stated.CAP, ((said,),), ((cap,),), key, is_pay=False)
            case _:
                self._complain_of_shape(key)

    def _put(
        self, what: Stated, theirs: Table, own: Table, key: str, *,
        is_alike: bool = True, is_pay: bool = True,
    ) -> None:  # fmt: skip
        if not is_alike or [len(row) for row in theirs] != [len(row) for row in own]:
            self._complain_of_shape(key)
        elif is_pay and any(map(any, theirs)) and _paying(theirs) != _paying(own):
            sentence = gettext(
                "must be 0 where the plan's own amount is 0, and only there: who is paid is the "
                "same in all markets."
            )
            self.scope.complain(sentence, key)
        for row, entries in enumerate(theirs):
            for column, amount in enumerate(entries):
                self.found[Spot(self.bonus.name, what, row, column)] = amount

    def _put_caps(self) -> None:
        caps = self.bonus.caps if isinstance(self.bonus, Pairs) else ()
        within = self.scope.at("caps")
        for per, limit in (self.stated.caps or {}).items():
            numbers = [
                number for number, cap in enumerate(caps) if cap.per == per and not cap.in_pairs
            ]
            if len(numbers) != 1:
                within.complain(_not_one_cap(per, has_several=bool(numbers)), per)
                continue
            (number,) = numbers
            by = caps[number].by
            if isinstance(limit, dict) != (by is not By.NOTHING):
                self._complain_of_shape("caps", per)
                continue
            limits = within.by_class(limit, by, per) if isinstance(limit, dict) else (limit,)
            for row, amount in enumerate(limits):
                self.found[Spot(self.bonus.name, Stated.CAP, number, row)] = amount

    def _complain_of_shape(self, *keys: str) -> None:
        sentence = gettext(
            "must be like what the bonus itself states: the same kind of list or table, with as "
            "many entries."
        )
        self.scope.complain(sentence, *keys)


def _not_one_cap(per: str, *, has_several: bool) -> str:
    """The sentence where a market's cap could be of no cap of the bonus, or of several."""
    if has_several:
        return gettext(
            'the bonus itself has more than one cap of money with per = "{per}".', per=per
        )
    return gettext('the bonus itself has no cap of money with per = "{per}".', per=per)


def _column(amounts: Sequence[int]) -> Table:
    return tuple((amount,) for amount in amounts)


def _paying(table: Table) -> list[list[bool]]:
    return [[amount > 0 for amount in row] for row in table]
