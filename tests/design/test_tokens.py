"""The values that pages are made of stand in one file, and every text can be read."""

import re
from pathlib import Path

import pytest
from coloraide import Color

import upline.design

HERE = Path(upline.design.__file__).parent
PAGES = ("design", "portal", "showroom", "site")
SHEETS = [
    *HERE.glob("css/**/*.css"),
    *(each for name in PAGES for each in HERE.parent.glob(f"{name}/static/{name}/*.css")),
]
COMMENT = re.compile(r"/\*.*?\*/", re.S)
LITERAL = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|(?<![\w-])\d*\.?\d+px\b")
TOKEN = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
TOKENS = {
    name: (light, dark)
    for name, light, dark in TOKEN.findall((HERE / "css/tokens.css").read_text())
}
STATES = ("accent", "good", "warn", "bad", "info")
# What is written on what. 4.5 and 3 are WCAG 2.2, 1.4.3 and 1.4.11 (AA).
READ = [
    *(
        (text, behind, 4.5)
        for text in ("text", "muted")
        for behind in ("page", "surface", "sunken")
    ),
    *((state, "surface", 4.5) for state in STATES),
    *((state, f"{state}-soft", 4.5) for state in STATES),
    ("on-accent", "accent", 4.5),
    ("control-line", "surface", 3.0),
    ("control-line", "page", 3.0),
]


@pytest.mark.parametrize(("text", "behind", "least"), READ)
def test_every_text_stands_out_from_what_is_behind_it(text: str, behind: str, least: float) -> None:
    for scheme in (0, 1):
        contrast = Color(TOKENS[text][scheme]).contrast(Color(TOKENS[behind][scheme]))
        assert contrast >= least, f"{text} on {behind}, {('light', 'dark')[scheme]}"


def test_no_style_sheet_names_a_colour_or_a_pixel_but_the_tokens() -> None:
    found = {
        sheet.name: LITERAL.findall(COMMENT.sub("", sheet.read_text()))
        for sheet in SHEETS
        if sheet.name not in ("tokens.css", "fonts.css")
    }
    assert {name: literals for name, literals in found.items() if literals} == {}
    assert "button.css" in found


def test_every_token_that_a_style_sheet_uses_is_there() -> None:
    text = "".join(COMMENT.sub("", sheet.read_text()) for sheet in SHEETS)
    named = set(re.findall(r"^ *--([a-z0-9-]+):", text, re.M))
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", text))
    assert used - named == set()


def test_each_class_has_its_looks_from_one_component() -> None:
    """Two that choose the same name would spoil each other's looks, whichever comes last."""
    found: dict[str, set[str]] = {}
    for sheet in HERE.glob("css/components/*.css"):
        for selectors in re.findall(r"([^{}]+)\{", COMMENT.sub("", sheet.read_text())):
            for name in re.findall(r"(?:^|,)\s*\.([\w-]+)\s*(?=,|$)", selectors.strip()):
                found.setdefault(name, set()).add(sheet.name)
    assert {name: sheets for name, sheets in found.items() if len(sheets) > 1} == {}
    assert "button" in found
