"""`./upline run explain`: the office tells a member why."""

import csv
import io
import re
import stat
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from commissions.conftest import Company
from commissions.founding import FIRST, LAST
from commissions.story import Story
from commissions.world import acting, id_of, noon, opened, paid, sell, use_plan
from support.cast import enrol
from support.speaking import bare_words, marked
from upline.explanations import numbers
from upline.flows import blocking
from upline.language.loading import MARKED
from upline.members.queries import find_person
from upline.papers import Table
from upline.plans.periods import Every
from upline.screens import earnings
from upline.screens.statement import FIGURES, statement


def test_the_shell_tells_a_members_last_run(story: Story) -> None:
    said = story.company.says("run", "explain", "--member", "anna")
    second = story.runs[1]["members"]["anna"]
    for line in second["lines"]:
        assert line["sentence"].partition(":")[0] in said
    assert f"Run      {story.runs[1]['run']}, paid".replace(" ", "") in said.replace(" ", "")
    assert "Orders that fed line" in said, "anna has pairs"


def test_the_shell_tells_one_line_with_its_figures(story: Story) -> None:
    run = story.runs[0]
    line = next(each for each in run["members"]["anna"]["lines"] if each["bonus"] == "pairs")
    words = ("run", "explain", str(run["run"]), "--member", "anna", "--line", str(line["number"]))
    said = story.company.says(*words)
    assert said.startswith(f"Line {line['number']}: 40.00 EUR by pairs")
    assert "Cap of the month" in said
    assert "mia0" in said, "an order of hers fed the pairs"


# Members and orders, the plan's own names and their ranks.
DATA = re.compile(
    r"(?i:acme|anna|ben|cleo|dan|mia\d*)|Example|award|EUR|UP-[0-9A-F]+|pairs|matching|levels|steps|pool|Bronze|Silver|Gold"
)


def test_each_word_of_a_statement_goes_through_a_catalog(story: Story) -> None:
    for run in story.runs:
        for member in ("anna", "ben", "cleo"):
            words = ("run", "explain", str(run["run"]), "--member", member)
            said = story.company.says(*words, "--language", MARKED)
            assert marked("Sums") in said
            assert {word for word in bare_words(said) if not DATA.fullmatch(word)} == set()


def test_each_word_of_each_kind_of_line_goes_through_a_catalog(story: Story) -> None:
    run = story.runs[0]
    for bonus, number in {
        line["bonus"]: line["number"] for line in run["members"]["anna"]["lines"]
    }.items():
        words = ("run", "explain", str(run["run"]), "--member", "anna", "--line", str(number))
        said = story.company.says(*words, "--language", MARKED)
        left = {word for word in bare_words(said) if not DATA.fullmatch(word)}
        assert left == set(), bonus


def test_a_line_is_explained_in_german(story: Story) -> None:
    run = story.runs[0]
    line = next(each for each in run["members"]["anna"]["lines"] if each["bonus"] == "pairs")
    words = ("run", "explain", str(run["run"]), "--member", "anna", "--line", str(line["number"]))
    said = story.company.says(*words, "--language", "de")
    assert f"Zeile {line['number']}: 40,00 EUR" in said


def test_what_lines_have_as_figures_has_a_name_for_people() -> None:
    source = Path(numbers.__file__).read_text()
    names = set(re.findall(r'(?:FigureColumn|_earned)\(\s*"(\w+)"', source)) | {"left", "right"}
    names |= {f"{word}_of_the_{every}" for word in ("cap", "used") for every in Every}
    assert names == set(FIGURES)


def test_a_statement_as_csv_is_a_new_file_for_its_owner(story: Story) -> None:
    path = story.company.folder / "anna.csv"
    run = story.runs[0]
    words = ("run", "explain", str(run["run"]), "--member", "anna", "--format", "csv")
    said = story.company.says(*words, "--output", str(path))
    assert said == f"It is in {path}.\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = list(csv.reader(io.StringIO(path.read_text())))
    head = {row[0]: row[1] for row in rows[: rows.index([""] * len(rows[0]))]}
    assert head["Member"] == "anna"
    assert {"Name", "Run", "Amounts in"} <= set(head), "whose statement it is, for a tax office"
    lines = [row for row in rows if row[0].isdigit()]
    anna = run["members"]["anna"]
    assert [[int(row[0]), row[1]] for row in lines] == [
        [line["number"], line["bonus"]] for line in anna["lines"]
    ]
    assert sum(round(float(row[3]) * 100) for row in lines) == anna["sums"]["total"]
    assert "anna.csv cannot be written" in story.company.refuses(*words, "--output", str(path))


def test_a_statement_as_pdf(story: Story) -> None:
    path = story.company.folder / "ben.pdf"
    words = ("run", "explain", "--member", "ben", "--format", "pdf", "--output", str(path))
    story.company.says(*words)
    text = "\n".join(page.extract_text() for page in PdfReader(path).pages)
    assert "ben" in text
    assert "Service charge" in text


def test_who_got_nothing_is_told_why(story: Story) -> None:
    run = story.runs[1]
    names = (f"mia{number}" for number in range(24))
    mia = next(name for name in names if name not in run["members"])
    said = story.company.says("run", "explain", str(run["run"]), "--member", mia)
    assert "This run came to nothing for this member. Not active, because 10.00 own " in said


def block_and_enrol() -> None:
    sell("ben", FIRST, 10_000, 5_000)
    with noon(LAST):
        blocking.block_member(acting("olga"), id_of("ben"), "a test")
    use_plan(FIRST)
    paid(opened()[0])
    enrol("acme", "late", "acme", "R")


def test_who_was_blocked_or_came_later_is_told_so(company: Company) -> None:
    company.does(block_and_enrol)
    said = " ".join(company.says("run", "explain", "--member", "ben").split())
    assert "Not active, because the membership is blocked or ended." in said
    said = company.refuses("run", "explain", "--member", "late")
    assert "This member joined after the period of this run." in said


def test_nobody_and_no_run_is_refused_in_a_sentence(story: Story) -> None:
    says = story.company.refuses
    assert "No member has this username." in says("run", "explain", "--member", "nobody")
    assert "No member has this username." in says("run", "explain", "--member", "olga")
    assert "This run does not exist" in says("run", "explain", "999", "--member", "anna")
    last = str(story.runs[0]["run"])
    assert "not have this line" in says(
        "run", "explain", last, "--member", "anna", "--line", "99999"
    )


def shortened(run_id: int) -> Any:
    """The lines of a statement that shows three of them, and their totals."""
    person = find_person("anna")
    assert person is not None
    earned = earnings.earned_in(person.id, run_id)
    table = statement(person.id, earned, person.id, most=3).blocks[-1]
    assert isinstance(table, Table)
    return [table.rows, table.totals]


def test_what_a_long_statement_leaves_out_is_one_sum(story: Story) -> None:
    anna = story.runs[0]["members"]["anna"]
    said = story.company.does(shortened, story.runs[0]["run"])
    rows, totals = said
    first = [line["amount"] for line in anna["lines"][:3]]
    total = anna["sums"]["total"]
    assert [row[3] for row in rows] == [*first, total - sum(first)]
    assert rows[3][2] == "All lines after the first 3"
    assert totals[3] == total
