"""The languages that there are, and their catalogs: read and compiled at first use, then kept."""

import re
from dataclasses import dataclass, field
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "catalogs"
# Not languages that anybody reads: each sentence stands between brackets, so that one sees which
# never went through a catalog, and is accented and longer, so that one sees which letters and
# lengths a page does not stand. Their names are those of the CLDR; the second one runs from right
# to left.
MARKED, MARKED_FROM_RIGHT = "en-XA", "ar-XB"
_MARKED = (MARKED, MARKED_FROM_RIGHT)


@dataclass(frozen=True, slots=True)
class Catalog:
    """A language by its IETF tag, with its sentences."""

    tag: str
    translations: NullTranslations = field(default_factory=NullTranslations)

    @property
    def is_english(self) -> bool:
        """Whether sentences, amounts and days are those of the code."""
        return self.tag in ("en", MARKED)

    @property
    def locale(self) -> Locale:
        """How amounts and days are written in it."""
        return Locale.parse("ar" if self.tag == MARKED_FROM_RIGHT else self.tag, sep="-")

    @property
    def direction(self) -> str:
        """`ltr`, or `rtl` where it is written from right to left."""
        return "ltr" if self.is_english else str(self.locale.text_direction)


ENGLISH = Catalog("en")


ACCENTED = str.maketrans("aceinouyACEINOUY", "áçéíñóúýÁÇÉÍÑÓÚÝ")
_AS_IT_IS = re.compile(r"(\{[^}]*\}|%\([^)]*\)\w|<[^>]*>|&\w+;)")


class _Marks(NullTranslations):
    """Puts each sentence between brackets, accents its letters and makes it longer by 40 %, which
    is what German and Hindi need of English."""

    def gettext(self, message: str) -> str:
        if not message:
            return ""
        parts = _AS_IT_IS.split(message)
        parts[::2] = [part.translate(ACCENTED) for part in parts[::2]]
        return f"⟦{''.join(parts)}{' ~~~' * (len(message) // 10)}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@cache
def installed() -> tuple[str, ...]:
    """The tags of all languages that people can read, English first."""
    return ("en", *sorted(path.stem for path in FOLDER.glob("*.po")))


@cache
def load(tag: str) -> Catalog:
    """The catalog of an installed language. Reading one takes some tenths of a second, once in
    each process; English has nothing to read."""
    if tag == "en":
        return ENGLISH
    if tag in _MARKED:
        return Catalog(tag, _Marks())
    with (FOLDER / f"{tag}.po").open("rb") as file:
        catalog = read_po(file, locale=tag.replace("-", "_"))
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Catalog(tag, GNUTranslations(compiled))


def own_name(tag: str) -> str:
    """What an installed language calls itself: `Deutsch`."""
    name = Locale.parse(tag, sep="-").get_display_name()
    return str(name or tag)


def named(wish: str) -> str | None:
    """The installed language that a tag asks for: `de-AT` gets `de` where Austrian German is not
    there. None where none of it is."""
    known = {tag.lower(): tag for tag in (*installed(), *_MARKED)}
    asked = wish.strip().replace("_", "-").lower()
    while asked:
        if asked in known:
            return known[asked]
        asked = asked.rpartition("-")[0]
    return None
