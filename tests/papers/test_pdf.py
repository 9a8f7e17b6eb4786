"""Papers as PDF, read back by another library than the one that writes them."""

import io
import os
import subprocess
import sys

import pytest
from pypdf import PdfReader

from papers.papers import SENTENCE, paper
from support.installation import ROOT
from upline.papers import Paper, Sentence, Table, as_pdf, counts, money, texts

A4 = (595, 842)


def pages(whole: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(whole)).pages]


def size(whole: bytes) -> tuple[int, int]:
    box = PdfReader(io.BytesIO(whole)).pages[0].mediabox
    return round(box.width), round(box.height)


def positions(whole: bytes, wanted: set[str]) -> dict[str, float]:
    """How far from the left edge the first of each of these texts begins."""
    found: dict[str, float] = {}

    def look(text: str, matrix: list[float], place: list[float], *_: object) -> None:
        if text.strip() in wanted:
            found.setdefault(text.strip(), matrix[4] + place[4])

    PdfReader(io.BytesIO(whole)).pages[0].extract_text(visitor_text=look)
    return found


def test_all_of_a_paper_is_in_it() -> None:
    (text,) = pages(as_pdf(paper()))
    for said in ("Earnings of Žofie", "Acme, 2026", "EUR", SENTENCE, "Members", "Others", "Paid",
                 "1,234.56", "50.01 %", "All together", "9,999,999.99", "1 / 1"):  # fmt: skip
        assert said in text


@pytest.mark.parametrize("name", ["Zoë Łukasz", "Дмитрий Щука", "Ελένη Ώρα"])
def test_latin_cyrillic_and_greek_are_written_as_they_are(name: str) -> None:
    assert name in pages(as_pdf(paper()))[0]


def test_what_the_font_has_not_is_written_in_latin() -> None:
    (text,) = pages(as_pdf(paper()))
    for name in ("kmla", "mhmd", "ShanTianTaiLang"):
        assert name in text


def test_a_mark_that_stands_on_its_own_joins_its_letter() -> None:
    assert "Zoë" in pages(as_pdf(Paper("Zoe\u0308")))[0]


def test_titles_and_page_numbers_are_on_every_page() -> None:
    texts_of_pages = pages(as_pdf(paper(400)))
    assert len(texts_of_pages) > 5
    for number, text in enumerate(texts_of_pages, 1):
        assert f"{number} / {len(texts_of_pages)}" in text
    for text in texts_of_pages[:-1]:
        assert "Member\nPaid\nShare\nLines\nPoints" in text
    rows = sum(text.count("Zoë Łukasz") for text in texts_of_pages)
    assert rows == 67


def test_numbers_stand_to_the_right_and_texts_to_the_left() -> None:
    table = Table(
        [texts("Name"), money("Amount", 2)], [("a", 1), ("a long name", 1_234_567_89)], "T"
    )
    at = positions(as_pdf(Paper("P", blocks=[table])), {"a", "a long name", "0.01", "1,234,567.89"})
    assert at["a"] == at["a long name"]
    assert at["0.01"] > at["1,234,567.89"] + 20


def test_a_wide_table_lies_across_and_a_wider_one_breaks_its_texts() -> None:
    numbers = [money(f"Amount {number}", 2) for number in range(8)]
    row: tuple[str | int, ...] = ("somebody", *[123_456_789_00] * 8)
    assert size(as_pdf(paper())) == A4
    wide = as_pdf(Paper("P", blocks=[Table([texts("Name"), *numbers], [row])]))
    assert size(wide) == (A4[1], A4[0])
    long: tuple[str | int, ...] = ("word " * 60 + "l" * 300, *row[1:])
    (text,) = pages(as_pdf(Paper("P", blocks=[Table([texts("Name"), *numbers], [long])])))
    assert text.count("word") == 60
    assert text.count("l") >= 300
    assert text.count("123,456,789.00") == 8


def test_a_text_that_is_longer_than_a_page_is_whole() -> None:
    whole = as_pdf(Paper("P", blocks=[Sentence("word " * 5000)]))
    assert sum(text.count("word") for text in pages(whole)) == 5000


def test_the_same_paper_gives_the_same_bytes_in_every_process() -> None:
    paths = os.pathsep.join(str(ROOT / folder) for folder in ("src", "tests"))
    made = [
        subprocess.run(
            [sys.executable, "-m", "papers.writing"],
            env=os.environ | {"PYTHONPATH": paths, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True, check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]  # fmt: skip
    assert made[0].startswith(b"%PDF-")
    assert made[0] == made[1] == as_pdf(paper(50))


def test_an_empty_paper_and_an_empty_table_are_a_page() -> None:
    assert "Nothing" in pages(as_pdf(Paper("Nothing")))[0]
    empty = Paper("Nothing", blocks=[Table([texts("Name"), counts("Number")], [])])
    assert "Number" in pages(as_pdf(empty))[0]
