from upline.base.errors import Conflict, FieldsWrong, Refusal
from upline.language import lazy


class EPinInvalid(Refusal):
    """One sentence for every cause, so that nobody learns which codes exist."""

    code, status = "1016", 422
    meaning = "Invalid e-pin: unknown, not yours, expired, blocked, used up, or too low"
    sentence = lazy(
        "This e-pin is unknown, not yours, expired, blocked, used up, or lower than the amount."
    )

    def __init__(self) -> None:
        super().__init__(fields={"epin_code": self.sentence})


class OtherCurrency(FieldsWrong):
    sentence = lazy("Some of these e-pins are not in the currency of the member's market.")


class OwnersChanged(Conflict):
    """Somebody else has given e-pins away since a page showed whose they are."""

    sentence = lazy(
        "Some of these e-pins have been given to someone since you opened the "
        "page. Check the owners below and send this again."
    )
