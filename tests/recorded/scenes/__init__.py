"""The requests that are recorded, scene by scene; each scene is a file of answers.

Scenes build on each other: what a member bought in one is there in the next. Add requests at the
end of a scene, and record anew."""

from recorded.company import Company
from recorded.scenes import (
    earning,
    entering,
    frame,
    goods,
    limits,
    ordering,
    other_trees,
    paying,
    paying_out,
    profiles,
    signing_up,
)
from recorded.scenes.frame import every_call_was_answered

__all__ = ["every_call_was_answered", "play"]


def play(company: Company) -> None:
    """All scenes in their order."""
    for scene in (
        entering, goods, profiles, paying, ordering, signing_up, earning, paying_out, frame,
        other_trees, limits,
    ):  # fmt: skip
        company.recorder.begin(scene.__name__.rpartition(".")[2])
        scene.play(company)
    assert company.problems() == {}
