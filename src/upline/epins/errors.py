from upline.base.errors import Refusal


class EPinInvalid(Refusal):
    """One sentence for every cause, so that nobody learns which codes exist."""

    code, status = "1016", 422
    sentence = (
        "This e-pin is unknown, not yours, expired, blocked, used up, or lower than the amount."
    )

    def __init__(self) -> None:
        super().__init__(fields={"epin_code": self.sentence})
