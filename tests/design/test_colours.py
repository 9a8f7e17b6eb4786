"""A company's own accent can be read in both schemes, whatever it chooses."""

import re

from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st

from upline.design import colours

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def contrast(text: str, behind: str) -> float:
    return float(Color(text).contrast(Color(behind)))


@given(COLOUR)
def test_any_colour_becomes_an_accent_that_can_be_read(chosen: str) -> None:
    for found, behind in (
        (colours.light_accent(chosen), ("#f6f5f2", "#ffffff")),
        (colours.dark_accent(chosen), ("#111417", "#191d21")),
    ):
        for each in (*behind, found.soft):
            assert contrast(found.accent, each) >= colours.CONTRAST_MIN
        assert contrast(found.on_accent, found.accent) >= colours.CONTRAST_MIN


def test_a_colour_that_can_be_read_stays_as_it_was_chosen() -> None:
    assert colours.light_accent("#0b6b58").accent == "#0b6b58"


def test_both_schemes_stand_in_one_style_sheet() -> None:
    text = colours.style_sheet("#0b6b58").text.decode()
    assert re.findall(r"--[a-z-]+", text) == ["--accent", "--on-accent", "--accent-soft"]
    assert text.count("light-dark(#") == 3
