"""Papers on a terminal."""

from papers.papers import SENTENCE, paper
from upline.papers import Paper, Sentence, Table, as_text, counts, money, texts


def test_a_paper_is_readable_from_title_to_last_table() -> None:
    said = as_text(paper(2)).splitlines()
    assert said[:7] == [
        "Earnings of Žofie", "Acme, 2026", "", "Currency  EUR", "Members   6", "", SENTENCE,
    ]  # fmt: skip
    assert said[8:15] == [
        "Members",
        "Member                Paid     Share  Lines  Points",
        "------------  ------------  --------  -----  ------",
        "Zoë Łukasz            0.00   50.00 %     -3    0.00",
        "Дмитрий Щука      1,234.56   50.01 %     -2    1.50",
        "------------  ------------  --------  -----  ------",
        "All together  9,999,999.99  100.00 %           0.00",
    ]


def test_wide_letters_take_two_places() -> None:
    table = Table([texts("Name"), counts("Number")], [("山田", 1), ("abcde", 2)])
    lines = as_text(Paper("Names", blocks=[table])).splitlines()
    assert lines[-2:] == ["山田        1", "abcde       2"]


def test_no_text_moves_the_cursor_or_breaks_a_line() -> None:
    table = Table([texts("Name")], [("\x1b[2Jgone\nnext",)])
    said = as_text(Paper("a\rb", blocks=[Sentence("c\td"), table]))
    assert "\x1b" not in said
    assert "\r" not in said
    assert "gone\\nnext" in said


def test_a_table_without_rows_and_a_paper_without_anything_are_shown() -> None:
    assert as_text(Paper("Nothing")) == "Nothing\n"
    empty = as_text(Paper("Nothing", blocks=[Table([texts("A"), money("B", 2)], [])]))
    assert empty == "Nothing\n\nA  B\n-  -\n"
