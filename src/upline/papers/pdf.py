"""A paper as PDF: A4, upright or across as its tables need it. The same paper gives the same
bytes: nothing in the file says when it was made."""

import io
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, SimpleDocTemplate, Spacer

from upline.language.current import catalog
from upline.papers import letters
from upline.papers.letters import BOLD, PLAIN, readable
from upline.papers.paper import Paper, Sentence, Table
from upline.papers.pdf_tables import (
    GREY,
    INK,
    LEAST_SIZE,
    SIZE,
    as_flowable,
    narrowest,
    table_of_facts,
)

Foot = Callable[[Canvas, str], None]
MARGIN = 48.0
_FRAME = 6.0  # what reportlab leaves free inside of the margins
_TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=16, leading=21, textColor=INK)
_SUBTITLE = ParagraphStyle("subtitle", fontName=PLAIN, fontSize=10, leading=14, textColor=GREY)
_SENTENCE = ParagraphStyle("sentence", fontName=PLAIN, fontSize=9, leading=13, textColor=INK)
_HEADING = ParagraphStyle("heading", fontName=BOLD, fontSize=10, leading=16, textColor=INK)
_BESIDE_HEADING = 90.0
"""A heading is at the foot of a page only where so much room is left."""


def as_pdf(paper: Paper) -> bytes:
    """The whole paper; tables repeat their titles on each page, each page has its number."""
    letters.load()
    size, page = _fitting(paper)
    file, edge = io.BytesIO(), MARGIN - _FRAME
    document = SimpleDocTemplate(
        file, pagesize=page, title=readable(paper.title), subject=readable(paper.subtitle),
        author="", creator="Upline", lang=catalog().tag, invariant=1,
        leftMargin=edge, rightMargin=edge, topMargin=edge, bottomMargin=edge,
    )  # fmt: skip
    room = page[0] - 2 * MARGIN
    foot = _foot(readable(paper.title), page[0])
    document.build(list(_parts(paper, size, room)), canvasmaker=_numbered(foot))
    return file.getvalue()


def _fitting(paper: Paper) -> tuple[float, tuple[float, float]]:
    """The largest letters and the page with which all tables fit without breaking texts; where
    nothing does, the page that is across, with the smallest letters."""
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    choices = [(SIZE, A4), *((size, landscape(A4)) for size in (SIZE, SIZE - 1, LEAST_SIZE))]
    for size, page in choices:
        if all(narrowest(table, size) <= page[0] - 2 * MARGIN for table in tables):
            return size, page
    return choices[-1]


def _parts(paper: Paper, size: float, room: float) -> Iterator[Flowable]:
    yield _paragraph(paper.title, _TITLE)
    if paper.subtitle:
        yield _paragraph(paper.subtitle, _SUBTITLE)
    yield Spacer(1, 10)
    if paper.facts:
        yield table_of_facts(paper.facts, room)
        yield Spacer(1, 10)
    for block in paper.blocks:
        if isinstance(block, Sentence):
            yield _paragraph(block.text, _SENTENCE)
        else:
            if block.title:
                yield CondPageBreak(_BESIDE_HEADING)
                yield _paragraph(block.title, _HEADING)
            yield as_flowable(block, size, room)
        yield Spacer(1, 10)


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(readable(text)), style)


def _foot(title: str, wide: float) -> Foot:
    """What writes the title and a page's number at the foot of a page."""

    def write(canvas: Canvas, number: str) -> None:
        canvas.setFont(PLAIN, 8)
        canvas.setFillColor(GREY)
        canvas.drawString(MARGIN, MARGIN / 2, title)
        canvas.drawRightString(wide - MARGIN, MARGIN / 2, number)

    return write


def _numbered(foot: Foot) -> type[Canvas]:
    """A canvas that numbers its pages `2 / 7`: all wait until the last one is done."""

    class Numbered(Canvas):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._waiting: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            self._waiting.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]

        def save(self) -> None:
            for number, page in enumerate(self._waiting, 1):
                self.__dict__.update(page)
                foot(self, f"{number} / {len(self._waiting)}")
                super().showPage()
            super().save()

    return Numbered
