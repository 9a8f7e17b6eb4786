"""What the pages name exists, and what they list is complete."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import upline
from support.installation import ROOT
from upline.base.errors import Refusal
from upline.company.settings import OfficeSettings

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text())
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_named_exists(page: Path) -> None:
    named = re.findall(r"`([a-z_]+(?:/[a-z_]+)*/[a-z_]+\.(?:py|sql|conf))`", page.read_text())
    bases = [ROOT, ROOT / "src" / "upline"]
    missing = [name for name in named if not any((base / name).exists() for base in bases)]
    assert missing == []


def test_the_table_of_codes_is_the_codes_that_are_raised() -> None:
    import_everything()
    printed = set(re.findall(r"^\| (1\d{3}) \|", (ROOT / "docs/api.md").read_text(), re.M))
    assert printed == {kind.code for kind in all_refusals()}


def import_everything() -> None:
    for module in pkgutil.walk_packages(upline.__path__, "upline."):
        if ".management." not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def all_refusals(kind: type[Refusal] = Refusal) -> set[type[Refusal]]:
    return {kind}.union(*(all_refusals(each) for each in kind.__subclasses__()))


def test_every_office_setting_is_documented() -> None:
    page = (ROOT / "docs/operate.md").read_text()
    missing = [name for name in OfficeSettings.model_fields if f"`{name}`" not in page]
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
