"""Style sheets and icons are kept for good by browsers, and never show an old look."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from support.installation import Installation


def linked(installation: Installation, name: str) -> str:
    """The address of a bundle, as the front page has it; empty where it has none."""
    page = httpx.get(installation.base_url).text
    found = re.search(rf"/design/\w+/{re.escape(name)}", page)
    return installation.base_url + found[0] if found else ""


@pytest.mark.parametrize("name", ["upline.css", "icons.svg"])
def test_a_browser_may_keep_it_for_good(installation: Installation, name: str) -> None:
    answer = httpx.get(linked(installation, name))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    plain = httpx.get(linked(installation, name), headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.text == answer.text


def test_a_page_of_an_older_version_gets_the_look_of_today_and_does_not_keep_it(
    installation: Installation,
) -> None:
    answer = httpx.get(f"{installation.base_url}/design/0123456789abcdef/upline.css")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text == httpx.get(linked(installation, "upline.css")).text


def test_there_is_no_other_file(installation: Installation) -> None:
    for name in ("tokens.css", "..%2Fsettings.py", "brand.css"):
        assert httpx.get(f"{installation.base_url}/design/x/{name}").status_code == 404


def test_the_company_s_own_colour_is_on_its_pages(
    installation: Installation, office_sets: Callable[..., Any]
) -> None:
    assert linked(installation, "brand.css") == ""
    office_sets(accent_colour="#7c3aed")
    first = linked(installation, "brand.css")
    assert "--accent: light-dark(#7c3aed," in httpx.get(first).text
    office_sets(accent_colour="#ffff00")
    assert linked(installation, "brand.css") != first
    assert httpx.get(first).headers["Cache-Control"] == "no-store"


def test_fonts_and_other_copies_are_kept_for_good(installation: Installation) -> None:
    css = httpx.get(linked(installation, "upline.css")).text
    fonts = re.findall(r'url\("([^"]+)"\)', css)
    assert fonts
    for font in fonts:
        answer = httpx.get(installation.base_url + font)
        assert answer.content[:4] == b"wOF2"
        assert "immutable" in answer.headers["Cache-Control"]
