from collections.abc import Mapping

from upline.base.errors import Conflict, NotFound, NotPermitted
from upline.language import gettext, lazy
from upline.payouts.models import PayoutStatus


class PayoutsClosed(NotPermitted):
    sentence = lazy("Payouts are currently switched off.")


class PayoutNotFound(NotFound):
    sentence = lazy("You have no payout with this id.")


# The status alone is what programs have been told since the API was published.
_TOLD = {PayoutStatus.RETURNED: lazy("returned")}


class PayoutElsewhere(Conflict):
    """The payout is not in a status that this step begins in."""

    def __init__(self, number: str, status: str) -> None:
        told = _TOLD.get(PayoutStatus(status), PayoutStatus(status).label)
        sentence = gettext("This payout is {status}.", status=told)
        super().__init__(f"{number}: {sentence}", fields={"payout_id": sentence})


class PayoutHeld(Conflict):
    """The payout cannot go on as things are: the sentence says why."""


class NothingToBatch(Conflict):
    """No approved payout can go into a batch. `kept_out` has a sentence for each that stays."""

    def __init__(self, kept_out: Mapping[str, str]) -> None:
        said = [f"{number}: {why}" for number, why in kept_out.items()]
        super().__init__(" ".join([gettext("No approved payout can go into a batch."), *said]))


class NoBankFile(Conflict):
    """The bank file cannot be made: the sentence says why."""
