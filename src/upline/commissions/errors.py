from upline.base.errors import Conflict, FieldsWrong, NotFound, NotPermitted
from upline.language import lazy


class PlanWrong(FieldsWrong):
    """The plan cannot be put in force. `lines` says everything that is wrong."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class PlanTooEarly(FieldsWrong):
    """Days that a run has frozen keep their plan."""


class NoPlan(Conflict):
    sentence = lazy("No plan is in force: ./upline plan use FILE --from DATE")


class RunNotFound(NotFound):
    sentence = lazy("This run does not exist. `./upline run list` shows all runs.")


class RunState(Conflict):
    """The run is not at the step before this one."""


class SamePerson(NotPermitted):
    sentence = lazy(
        "A run must be approved by someone other than the person who opened or reviewed it."
    )


class PeriodNotOver(Conflict):
    """Orders of the run's days still come in."""


class CannotDrop(Conflict):
    """Something depends on the run."""


class OrdersChanged(Conflict):
    sentence = lazy(
        "An order of this period has been refunded since the run was computed. "
        "Compute and review it again."
    )


class MemberMoved(Conflict):
    sentence = lazy(
        "A member of this run has moved to a market with another currency since the run was "
        "computed. Compute and review it again."
    )


class RunBusy(Conflict):
    sentence = lazy("Someone else is working on this run.")


class NotWithheld(Conflict):
    """The run withholds nothing from this member that could be forfeited."""


class NotClosed(Conflict):
    """What is withheld from a member who may come back is kept for them."""


class CannotCompute(Conflict):
    """The company's data do not allow it. Says which."""


class NoRate(CannotCompute):
    """A market that the run meets has no exchange rate on its last day."""
