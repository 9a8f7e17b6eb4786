"""docs/third-party.md: each copied file is there, unchanged, and no other is."""

import hashlib
import re

from support.installation import ROOT

VENDORS = [*ROOT.glob("src/upline/*/static/vendor"), ROOT / "tests/support/vendor"]


def test_every_copied_file_is_the_one_that_the_page_names() -> None:
    page = (ROOT / "docs/third-party.md").read_text()
    named = dict(re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", page, re.M))
    found = {
        str(path.relative_to(vendor)): hashlib.sha256(path.read_bytes()).hexdigest()
        for vendor in VENDORS
        for path in vendor.rglob("*")
        if path.is_file()
    }
    assert found == named
    folders = [folder for vendor in VENDORS for folder in vendor.iterdir()]
    assert all(list(folder.glob("LICENSE*")) for folder in folders)
