"""Reports in another language than English."""

import io
import re

from pypdf import PdfReader

from reports.conftest import Reporting
from support.speaking import bare_words
from upline.language.loading import MARKED, MARKED_FROM_RIGHT

KINDS = ("income", "customers", "tax")
YEAR = ("--year", "2025")
# What the company and its people are called, and its ranks and plans.
DATA = re.compile(
    r"Acme|EUR|Bronze|Silver|Levels|(?i:acme|anna|ben|cleo|dan|yan|zed|eve|mia\d*)|Example"
)


def test_each_word_of_a_report_goes_through_a_catalog(told: Reporting) -> None:
    asked = [(kind, *YEAR, "--language", MARKED) for kind in KINDS]
    for kind, said in zip(KINDS, told.reports(*asked), strict=True):
        assert "⟦" in said
        left = {word for word in bare_words(said) if not DATA.fullmatch(word)}
        assert left == set(), kind


def test_a_report_without_a_language_is_in_english(told: Reporting) -> None:
    for kind in KINDS:
        plain, english = told.reports((kind, *YEAR), (kind, *YEAR, "--language", "en-GB"))
        assert plain == english
        assert "⟦" not in plain


def test_a_report_in_german_has_german_numbers_and_days(told: Reporting) -> None:
    said = told.report("tax", *YEAR, "--language", "de")
    assert "01.01.2025" in said or "01.02.2025" in said
    assert re.search(r"\d,\d\d", said)
    assert not re.search(r"\d\.\d\d\b(?!\.)", said)


def test_a_pdf_says_which_language_it_is_in(told: Reporting) -> None:
    for tag in ("de", MARKED_FROM_RIGHT):
        pdf = told.file("income", *YEAR, "--language", tag, "--format", "pdf")
        assert str(PdfReader(io.BytesIO(pdf)).root_object["/Lang"]) == tag


def test_csv_is_in_english_and_another_language_is_refused(told: Reporting) -> None:
    for form in ("csv", "excel"):
        words = ("income", *YEAR, "--format", form)
        plain, english = told.reports(words, (*words, "--language", "en"))
        assert plain == english
        refused = told.reports((*words, "--language", "de"))
        assert refused == ["CSV files are in English. Use --language with a table or PDF."]


def test_a_language_that_is_not_installed_is_refused(told: Reporting) -> None:
    (said,) = told.reports(("income", "--language", "tlh"))
    assert "--language: tlh is not installed. The installed languages are en, de" in said


def test_a_refusal_is_in_the_language_that_was_asked_for(told: Reporting) -> None:
    backwards = ("--from", "2025-02-01", "--to", "2025-01-31")
    for kind in KINDS:
        (said,) = told.reports((kind, *backwards, "--language", MARKED))
        assert said.startswith("⟦")
        assert said.endswith("⟧")
