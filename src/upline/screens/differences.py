"""Why a member earned less in a period than in the one before of the same length: computed from
what both runs have stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from upline.base import sql
from upline.commissions import queries
from upline.language import gettext, ngettext, writing
from upline.plans.bonus import Pairs
from upline.plans.counting import Basis
from upline.plans.line_numbers import LineNumber
from upline.screens import bonus_titles, earnings, shown

if TYPE_CHECKING:
    from upline.screens.earnings import Earned

# By bonus: what it paid, how many of its lines, and of how much of what they came from.
_SUMS = """
SELECT bonus, sum(amount)::bigint AS amount, count(DISTINCT source_id) AS sources,
       sum(base)::bigint AS base
FROM commissions_line
WHERE day = %(day)s AND run_id = %(run)s AND member_id = %(member)s GROUP BY bonus
"""
_REFUNDS = """
SELECT DISTINCT found.number FROM commissions_clawback clawback
JOIN orders_order found ON found.id = clawback.order_id
JOIN commissions_line line ON line.day = %(day)s AND line.run_id = clawback.run_id
     AND line.member_id = %(member)s AND line.number = clawback.number
WHERE clawback.run_id = %(run)s ORDER BY 1 LIMIT 4
"""
NAMED_MOST = 3


class _Sum(NamedTuple):
    bonus: int
    amount: int
    sources: int
    base: int


class _Refund(NamedTuple):
    number: str


def period_before(earned: Earned, member_id: int) -> Earned | None:
    """The member's period of the same length before this one; None where there is none, or it was
    in another currency."""
    found = earnings.earned(member_id, earned.id, 40, with_empty=True)
    same = (each for each in found if each.every == earned.every)
    before = next(same, None)
    return before if before and before.currency == earned.currency else None


def why_less(now: Earned, before: Earned, member_id: int, cut: int) -> list[str]:
    """Sentences that say why `now` came to less than `before`, what weighs most in front; none
    where it did not. `cut`: what caps kept back now."""
    if now.total >= before.total:
        return []
    found = _Compared(now, before, member_id)
    reasons = [
        *found.inactive(),
        *found.taken_back(),
        *found.rank(),
        *found.caps(cut),
        *found.bonuses(),
        *found.held(),
        *found.deductions(),
    ]
    reasons.sort(key=lambda each: -each[0])
    return [sentence for _, sentence in reasons]


class _Compared:
    """Both periods of one member. Each reason is a weight in minor units, and a sentence."""

    def __init__(self, now: Earned, before: Earned, member_id: int) -> None:
        self.now, self.before, self.member_id = now, before, member_id
        self.sums, self.sums_before = self._sums(now), self._sums(before)

    def inactive(self) -> list[tuple[int, str]]:
        """Being inactive weighs more than anything else."""
        now = earnings.activity_in(self.now.id, self.member_id)
        before = earnings.activity_in(self.before.id, self.member_id)
        if not now or now.active or not before or not before.active:
            return []
        said = gettext("You were not active this time. {why}", why=now.sentence)
        return [(self.before.total, said)]

    def taken_back(self) -> list[tuple[int, str]]:
        """An order below was returned, and what it had paid was taken back."""
        taken = self.sums.get(_name(LineNumber.TAKEN_BACK))
        if taken is None or taken.amount >= 0:
            return []
        run = queries.run(self.now.id)
        asked = {"day": run.last_day, "run": run.pk, "member": self.member_id}
        numbers = [row.number for row in sql.rows(_Refund, _REFUNDS, asked)]
        more = len(numbers) > NAMED_MOST
        said = ngettext(
            "{amount} was taken back because order {orders} was returned.",
            "{amount} was taken back because orders were returned: {orders}.",
            len(numbers),
            amount=self._money(-taken.amount),
            orders=", ".join(numbers[:NAMED_MOST]) + (" …" if more else ""),
        )
        return [(-taken.amount, said)]

    def rank(self) -> list[tuple[int, str]]:
        """The rank, by which some bonuses pay, is another one."""
        if self.now.rank == self.before.rank or not self.before.rank:
            return []
        said = gettext(
            "You were paid as {rank}, before as {rank_before}.",
            rank=self.now.rank or gettext("no rank"),
            rank_before=self.before.rank,
        )
        return [(0, said)]

    def caps(self, cut: int) -> list[tuple[int, str]]:
        """A cap kept something back."""
        if cut <= 0:
            return []
        said = gettext("A cap of the plan kept back {amount}.", amount=self._money(cut))
        return [(cut, said)]

    def bonuses(self) -> list[tuple[int, str]]:
        """Each bonus that paid less, and whether fewer orders fed it."""
        found = []
        for name in {**self.sums_before, **self.sums}:
            if earnings.is_deduction(name):
                continue
            now, before = self.sums.get(name, _NONE), self.sums_before.get(name, _NONE)
            if now.amount < before.amount:
                found.append((before.amount - now.amount, self._of_bonus(name, now, before)))
        return found

    def held(self) -> list[tuple[int, str]]:
        """Earned, but held for a later run."""
        if self.now.carried >= 0:
            return []
        said = gettext(
            "{amount} is held and paid with a later period.", amount=self._money(-self.now.carried)
        )
        return [(-self.now.carried, said)]

    def deductions(self) -> list[tuple[int, str]]:
        """More was taken off."""
        more = self.now.deductions - self.before.deductions
        if more <= 0:
            return []
        said = gettext("Deductions were {amount} higher.", amount=self._money(more))
        return [(more, said)]

    def _of_bonus(self, name: str, now: _Sum, before: _Sum) -> str:
        told = {
            "bonus": bonus_titles.title(name),
            "amount": self._money(before.amount - now.amount),
            "now": writing.whole(now.sources),
            "before": writing.whole(before.sources),
        }
        if now.sources < before.sources:
            return gettext(
                "{bonus}: {amount} less, because it came from {now} orders or people instead of "
                "{before}.",
                **told,
            )
        if self._is_of_points(name) and now.base < before.base:
            matched = {"now": shown.points(now.base), "before": shown.points(before.base)}
            return gettext(
                "{bonus}: {amount} less, because your pairs matched {now} points instead of "
                "{before}.",
                **{**told, **matched},
            )
        return gettext("{bonus}: {amount} less.", **told)

    def _is_of_points(self, name: str) -> bool:
        """Whether a bonus matches points in pairs."""
        bonuses = queries.plan_of(queries.run(self.now.id).plan).bonuses
        return any(
            isinstance(each, Pairs) and each.name == name and each.volume.basis is not Basis.VALUE
            for each in bonuses
        )

    def _sums(self, of: Earned) -> dict[str, _Sum]:
        run = queries.run(of.id)
        asked = {"day": run.last_day, "run": run.pk, "member": self.member_id}
        bonuses = queries.plan_of(run.plan).bonuses
        return {
            bonuses[row.bonus].name if row.bonus >= 0 else _name(row.bonus): row
            for row in sql.rows(_Sum, _SUMS, asked)
        }

    def _money(self, amount: int) -> str:
        return shown.money(amount, self.now.currency)


_NONE = _Sum(0, 0, 0, 0)


def _name(number: int) -> str:
    return earnings.NAMES[-1 - number]
