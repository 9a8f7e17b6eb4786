"""Papers as CSV."""

import csv
import io

from papers.papers import NAMES, paper
from upline.papers import Paper, Table, as_csv, counts, money, percents, texts

# Title, subtitle, two facts, and an empty line.
HEAD = 5


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_one_table_is_titles_rows_and_totals() -> None:
    table = Table(
        [texts("Name"), money("Paid", 3), percents("Share"), counts("Lines")],
        [('say "hi", twice\nagain', -1_234_567, 3333, 12_000), ("", None, None, None)],
        "Members",
        ("All", 0, 10_000, 1),
    )
    assert read(as_csv(Paper("Paper", blocks=[table]))) == [
        ["Name", "Paid", "Share", "Lines"],
        ['say "hi", twice\nagain', "-1234.567", "33.33", "12000"],
        ["", "", "", ""],
        ["All", "0.000", "100.00", "1"],
    ]


def test_several_tables_stand_below_each_other_and_all_lines_are_as_wide() -> None:
    rows = read(as_csv(paper()))
    assert {len(row) for row in rows} == {5}
    rows = rows[HEAD:]
    assert rows[0] == ["Members", "", "", "", ""]
    assert [row[0] for row in rows[2:8]] == list(NAMES)
    assert rows[8] == ["All together", "9999999.99", "100.00", "", "0.00"]
    assert rows[9] == [""] * 5
    assert rows[10:12] == [["Others", "", "", "", ""], ["Why", "Amount", "", "", ""]]


def test_above_several_tables_stands_whose_paper_it_is_and_of_when() -> None:
    rows = read(as_csv(paper()))
    assert [row[:2] for row in rows[:HEAD]] == [
        ["Earnings of Žofie", ""],
        ["Acme, 2026", ""],
        ["Currency", "EUR"],
        ["Members", "6"],
        ["", ""],
    ]
    assert len({len(row) for row in rows}) == 1


def test_a_spreadsheet_works_nothing_out_and_numbers_stay_numbers() -> None:
    rows = read(as_csv(paper()))
    assert rows[HEAD + 12 :] == [["'=1+1", "-5", "", "", ""], ["'-", "", "", "", ""]]
    starts = Table(
        [texts("=T")],
        [("+1",), ("@a",), ("\tb",), ("-5",), ("-5+1",), (" =1",), ("\uff1d1",), ("a-1; b",)],
    )
    assert read(as_csv(Paper("Paper", blocks=[starts]))) == [
        ["'=T"], ["'+1"], ["'@a"], ["'\tb"], ["-5"], ["'-5+1"], ["' =1"], ["'\uff1d1"], ["a-1; b"],
    ]  # fmt: skip


def test_a_cell_that_a_spreadsheet_cuts_at_semicolons_runs_nothing_either() -> None:
    table = Table([texts("T")], [("Anna;=1+1",), ("a\n@b; -c",)])
    assert read(as_csv(Paper("Paper", blocks=[table])))[1:] == [["Anna;'=1+1"], ["a\n'@b;' -c"]]


def test_for_excel_a_file_begins_with_the_mark_of_utf_8() -> None:
    plain = as_csv(paper())
    assert as_csv(paper(), excel=True).encode() == b"\xef\xbb\xbf" + plain.encode()


def test_lines_end_as_rfc_4180_has_it() -> None:
    written = as_csv(paper(3))
    assert written.endswith("\r\n")
    assert written.count("\r\n") == written.count("\n")


def test_a_paper_without_tables_is_an_empty_file() -> None:
    assert as_csv(Paper("Nothing")) == ""
