"""Whether a member is active for a period, and what is missing, in figures and in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from upline.base.amounts import POINT_DECIMALS, grouped
from upline.language import gettext
from upline.language.writing import day
from upline.plans import activity
from upline.plans.counting import figure_of
from upline.plans.periods import Period, date_of
from upline.plans.plan import Plan


class Reason(StrEnum):
    """Why somebody is not active: own points are missing, the membership is blocked or ended, or it
    was refunded, which closes the first position."""

    NONE = ""
    POINTS = "points"
    STOPPED = "stopped"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class MemberActivity:
    """Whether one member is active for a period. `wanted` and `reached` are own points in
    hundredths, of the orders from the day `counts_from` to the period's end; 0 is wanted where the
    plan asks for none. `figure`: the further figure that the plan asks for, '' for points."""

    period: Period
    counts_from: int
    wanted: int
    reached: int
    active: bool
    stopped: bool
    figure: str = ""
    refunded: bool = False

    @property
    def missing(self) -> int:
        """The points that are still missing, in hundredths."""
        return max(self.wanted - self.reached, 0)

    @property
    def reason(self) -> Reason:
        """Why the member is not active; NONE for one who is."""
        if self.active:
            return Reason.NONE
        if self.stopped:
            return Reason.STOPPED
        return Reason.REFUNDED if self.refunded else Reason.POINTS

    @property
    def sentence(self) -> str:
        """`Not active, because 20.00 own points are missing: 0.00 of 20.00 from … to …`."""
        if self.stopped:
            return gettext("Not active, because the membership is blocked or ended.")
        if self.refunded:
            return gettext("Not active, because the order of the membership was refunded.")
        if not self.wanted:
            return gettext("Active: the plan asks for no points.")
        reached, wanted, missing = (
            grouped(figure, POINT_DECIMALS) for figure in (self.reached, self.wanted, self.missing)
        )
        first, last = (day(date_of(each)) for each in (self.counts_from, self.period.last_day))
        if self.active:
            return self._active(reached=reached, wanted=wanted, first=first, last=last)
        if self.figure:
            return gettext(
                "Not active, because {missing} own {figure} are missing: {reached} of {wanted} "
                "from {first} to {last}.",
                figure=self.figure,
                missing=missing,
                reached=reached,
                wanted=wanted,
                first=first,
                last=last,
            )
        return gettext(
            "Not active, because {missing} own points are missing: {reached} of {wanted} from "
            "{first} to {last}.",
            missing=missing,
            reached=reached,
            wanted=wanted,
            first=first,
            last=last,
        )

    def _active(self, **parts: str) -> str:
        if self.figure:
            return gettext(
                "Active: {reached} own {figure} ({wanted} needed) from {first} to {last}.",
                figure=self.figure,
                **parts,
            )
        return gettext(
            "Active: {reached} own points ({wanted} needed) from {first} to {last}.", **parts
        )


def judged(
    plan: Plan, period: Period, reached: int, *, stopped: bool, refunded: bool = False
) -> MemberActivity:
    """A member with so many own points, judged by the plan's rule as a run does. `stopped`: the
    membership is blocked or ended. `refunded`: its order was refunded, so that the first position
    is closed."""
    enough = activity.is_enough(plan.active, reached) and not (stopped or refunded)
    wanted, first_day = plan.active.personal_points, activity.counts_from(plan, period.last_day)
    return MemberActivity(
        period, first_day, wanted, reached, enough, stopped,
        figure_of(plan.active.measured_in), refunded,
    )  # fmt: skip
