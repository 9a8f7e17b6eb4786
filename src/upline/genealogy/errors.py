from upline.base.errors import Conflict, Refusal
from upline.language import lazy, ngettext


class SponsorInvalid(Refusal):
    code, status = "1007", 422
    meaning = "Invalid sponsor username: unknown, blocked, or not in your team"
    sentence = lazy("This sponsor is unknown, blocked, or not in your team.")

    def __init__(self) -> None:
        super().__init__(fields={"sponsor_username": self.sentence})


class SideTaken(Refusal):
    code, status = "1008", 422
    meaning = "Position already filled"
    sentence = lazy("This position is taken.")

    def __init__(self) -> None:
        super().__init__(fields={"position": self.sentence})


class PlacementInvalid(Refusal):
    code, status = "1009", 422
    meaning = "Invalid placement: unknown, or not in the sponsor's team"
    sentence = lazy("This placement is unknown, or not in the sponsor's team.")

    def __init__(self, field: str = "placement_username") -> None:
        super().__init__(fields={field: self.sentence})


class PositionsFull(Conflict):
    """The member holds as many positions as the settings allow; `held` is how many."""

    def __init__(self, held: int) -> None:
        super().__init__(
            ngettext(
                "This member holds {count} position, and the setting positions_max allows no more.",
                "This member holds {count} positions, and the setting positions_max allows no "
                "more.",
                held,
            )
        )
