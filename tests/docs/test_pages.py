"""What the pages name exists, and what they list is complete."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import upline
import upline.urls
from support.installation import ROOT
from upline.api.describe import codes
from upline.company.settings import SINGLE

# Files that every domain has, which a page may mean wherever they are.
OF_EACH_DOMAIN = {
    "models.py", "actions.py", "queries.py", "statements.py", "errors.py", "current.py",
}  # fmt: skip
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text())
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_named_exists(page: Path) -> None:
    """By its way from the root or from src/upline; without one where a file in the same folder was
    named before in the paragraph."""
    bases = [ROOT, ROOT / "src" / "upline"]
    missing = []
    for paragraph in re.split(r"\n\n|\n(?=[|-])", without_blocks(page.read_text())):
        folders = [*bases]
        for name in re.findall(r"`([a-z_0-9]+(?:/[a-z_0-9]+)*\.(?:py|sql|conf))`", paragraph):
            found = [base / name for base in folders if (base / name).exists()]
            missing += [] if found or name in OF_EACH_DOMAIN else [name]
            folders += [path.parent for path in found]
    if page.parent.name == "how-to":  # files that the page says to create
        missing = [name for name in missing if f"Create\n`{name}`" not in page.read_text()]
        missing = [name for name in missing if f"Create `{name}`" not in page.read_text()]
    assert missing == []


def without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)


def rooms() -> set[str]:
    """The folders of the source with code of their own, as `members` and `members/security`."""
    source = Path(upline.__path__[0])
    found = {path.parent.relative_to(source) for path in source.rglob("__init__.py")} - {Path()}
    ways = {str(room) for room in found if "migrations" not in room.parts}
    return {room for room in ways if not room.startswith("shell/management/")}


def test_the_architecture_names_every_room_and_each_one_exists() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    table = text.partition("## Rooms within rooms")[2].partition("## Where is")[0]
    inner = {way for row in re.findall(r"^\| (`.+?) \|", table, re.M)
             for way in re.findall(r"`(.+?)`", row)}  # fmt: skip
    pictures = text.partition("## Rooms within rooms")[0]
    outer = {room for room in rooms() if "/" not in room and re.search(rf"\b{room}\b", pictures)}
    assert inner | outer == rooms()


def test_each_room_says_where_it_is_tested_and_each_folder_of_tests_is_named() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    table = text.partition("## Where the tests are")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?|the pages.+?) \| (.+) \|$", table, re.M)
    sources = {room for row, _ in rows for room in re.findall(r"`(.+?)`", row)}
    named = set(re.findall(r"`tests/(\w+)(?:\.py)?`", table)) - {"conftest"}
    assert sources == {room for room in rooms() if "/" not in room}
    folders = {path.parent.relative_to(ROOT / "tests").parts[0]
               for path in (ROOT / "tests").rglob("*/*.py")}  # fmt: skip
    assert named == folders - {"__pycache__"}


def test_the_table_of_codes_is_made_of_what_is_raised() -> None:
    served = codes.as_markdown()  # of what a web server imports
    import_everything()
    assert codes.as_markdown() == served, "something may refuse that the OpenAPI document omits"
    assert f"\n{served}\n" in (ROOT / "docs/api.md").read_text()


def import_everything() -> None:
    for module in pkgutil.walk_packages(upline.__path__, "upline."):
        if ".management." not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def test_every_office_setting_is_documented() -> None:
    page = (ROOT / "docs/operate.md").read_text()
    missing = [name for name in SINGLE if f"`{name}`" not in page]
    assert missing == []


def test_each_threat_that_names_a_test_has_one_and_each_such_test_its_threat() -> None:
    table = re.findall(r"^\| (\d+) \|.*$", (ROOT / "docs/security.md").read_text(), re.M)
    lines = re.findall(r"^\| \d+ \|.*$", (ROOT / "docs/security.md").read_text(), re.M)
    named = {row for line in lines for row in re.findall(r"`test_row_(\d+)_…`", line)}
    tests = [path.read_text() for path in (ROOT / "tests").rglob("test_*.py")]
    tried = {row for text in tests for row in re.findall(r"^def test_row_(\d+)_", text, re.M)}
    assert table == [str(number) for number in range(1, 39)]
    assert named == tried


def test_nothing_refers_to_a_text_that_is_not_in_the_repository() -> None:
    """A reader can follow each reference: the published API is introduced in docs/api.md."""
    elsewhere = re.compile(
        r"field facts|\(rules? \d|field rule|(?:design|contract) section|the contract's|"
        r"what the contract|(?:by|of|from) the contract\b",
        re.IGNORECASE,
    )
    shipped = [*PAGES, *(ROOT / "src").rglob("*.py"), *(ROOT / "src").rglob("*.sql")]
    shipped += [*(ROOT / "tests").rglob("*.py"), *(ROOT / "deploy").glob("*")]
    found = [
        f"{path.relative_to(ROOT)}: {words[0]}"
        for path in shipped
        if path != Path(__file__) and (words := elsewhere.search(path.read_text()))
    ]
    assert found == []
