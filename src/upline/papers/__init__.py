"""Papers: what is handed out. A title, a few key facts, sentences and tables; as text for a
terminal, as CSV for programs and spreadsheets, as PDF for people.

Amounts stay integers until they are shown: their columns know the decimals. `paper` says what a
paper is, `text`, `sheet` and `pdf` each write it one way. Whoever makes a paper does so in the
language that is spoken; for CSV that is English (`sheet.LANGUAGE`), whoever reads it.
"""

from upline.papers.paper import (
    Column,
    Paper,
    Sentence,
    Table,
    counts,
    money,
    percents,
    points,
    texts,
)
from upline.papers.sheet import as_csv
from upline.papers.text import as_text


def as_pdf(paper: Paper) -> bytes:
    """The whole paper; tables repeat their titles on each page, each page has its number."""
    # What writes PDF costs a process time and memory: only those that do.
    from upline.papers import pdf

    return pdf.as_pdf(paper)


__all__ = [
    "Column",
    "Paper",
    "Sentence",
    "Table",
    "as_csv",
    "as_pdf",
    "as_text",
    "counts",
    "money",
    "percents",
    "points",
    "texts",
]
