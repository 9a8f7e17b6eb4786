"""The sprite has the icons that templates name, and no other."""

import re
from pathlib import Path

import upline
from upline.design import bundles

SOURCE = Path(upline.__file__).parent
NAMED = re.compile(r'<c-(?:(?:icon|disc)\b[^>]*?\bname|button\b[^>]*?\bicon)="([a-z-]+)"')
# Chosen while a page is made: in notices, first steps, and the portal's menu.
CHOSEN = {
    "users", "users-fill",
    "share-network", "share-network-fill",
    "check-circle", "info", "warning-circle", "circle", "check-circle-fill", "house", "house-fill",
    "user", "user-fill", "wallet", "wallet-fill", "bag", "bag-fill", "receipt", "receipt-fill",
}  # fmt: skip


def test_every_icon_that_a_page_names_is_in_the_sprite_and_no_other() -> None:
    pages = SOURCE.rglob("templates/**/*.html")
    named = {name for page in pages for name in NAMED.findall(page.read_text())}
    drawn = set(re.findall(r'id="([^"]+)"', bundles.bundle("icons.svg").text.decode()))
    assert drawn == named | CHOSEN
