from upline.base.errors import FieldsWrong, NotFound, NotPermitted, Refusal


class PlanWrong(FieldsWrong):
    """The plan cannot be put in force. `lines` says everything that is wrong."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class PlanTooEarly(FieldsWrong):
    """Days that a run has frozen keep their plan."""


class NoPlan(FieldsWrong):
    sentence = "No plan is in force: ./upline plan use FILE --from DATE"


class RunNotFound(NotFound):
    sentence = "This run does not exist. `./upline run list` shows all runs."


class RunState(FieldsWrong):
    """The run is not at the step before this one."""


class SamePerson(NotPermitted):
    sentence = "A run must be approved by someone other than the person who opened or reviewed it."


class PeriodNotOver(FieldsWrong):
    """Orders of the run's days still come in."""


class CannotDrop(FieldsWrong):
    """Something depends on the run."""


class AskedBySamePerson(NotPermitted):
    sentence = "You asked to drop this run. Another person has to agree."


class OrdersChanged(FieldsWrong):
    sentence = (
        "An order of this period has been refunded since the run was computed. "
        "Compute and review it again."
    )


class RunBusy(Refusal):
    code, status = "1109", 409
    sentence = "Someone else is working on this run."


class NotWithheld(FieldsWrong):
    """The run withholds nothing from this member that could be forfeited."""


class NotClosed(FieldsWrong):
    """What is withheld from a member who may come back is kept for them."""


class CannotCompute(FieldsWrong):
    """The company's data do not allow it. Says which."""
