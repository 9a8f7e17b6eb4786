"""docs/third-party.md: each copied file is there, unchanged, and no other is."""

import hashlib
import re

from support.installation import ROOT

VENDOR = ROOT / "src/upline/site/static/vendor"


def test_every_copied_file_is_the_one_that_the_page_names() -> None:
    page = (ROOT / "docs/third-party.md").read_text()
    named = dict(re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", page, re.M))
    found = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file()
    }
    assert found == named
    assert all((folder / "LICENSE.txt").is_file() for folder in VENDOR.iterdir())
