"""Every sentence of the source that goes through a catalog, and the catalogs brought up to it."""

import re
from collections import Counter
from collections.abc import Iterator
from io import SEEK_END, BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize
from procrastinate.jobs import Status as JobStatus

from upline.company.settings import OfficeSettings
from upline.epins.models import EPinStatus
from upline.language.loading import FOLDER
from upline.mailings.models import MailKind
from upline.plans.periods import Every
from upline.wallet.models import AccountKind, TransferKind

SOURCE = FOLDER.parents[1]
_KEYWORDS = {"gettext": None, "lazy": None, "ngettext": (1, 2), "_": None,
             "told": None, "counted": (1, 2)}  # fmt: skip
_LINE = 96
_HEADER = """msgid ""
msgstr ""
"Language: {tag}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {forms}\\n"

"""
# The two ways in which a sentence names its values: `{name}` in Python, `%(name)s` in templates.
_PLACEHOLDERS = re.compile(r"\{(\w+)[^{}]*\}|%\((\w+)\)s")


def collected() -> Catalog:
    """All sentences, each with the files that say it, below src/upline."""
    found = Catalog(fuzzy=False)
    for path in sorted(SOURCE.rglob("*")):
        for line, message in _sentences_of(path):
            found.add(message, locations=[(str(path.relative_to(SOURCE)), line)])
    settings = str(Path("company") / "settings.py")
    for code in _codes():
        found.add(str(code).replace("_", " "), locations=[(str(Path("screens") / "shown.py"), 1)])
    for name, field in OfficeSettings.model_fields.items():
        found.add(field.description or "", locations=[(settings, 1)])
        found.add(name.replace("_", " ").capitalize(), locations=[(settings, 1)])
    return found


def _codes() -> Iterator[str]:
    """What pages show by its code, with blanks for underscores (`words` in screens/shown.py)."""
    yield from (*MailKind, *TransferKind, *AccountKind, *Every, *EPinStatus)
    yield from (each.value for each in JobStatus)


def _sentences_of(path: Path) -> Iterator[tuple[int, str | tuple[str, ...]]]:
    if path.suffix == ".py" and "migrations" not in path.parts:
        text = path.read_text()
    elif "templates" in path.parts and path.suffix in {".html", ".txt"}:
        text = templatize(path.read_text(), origin=str(path))
    else:
        return
    said = BytesIO(text.encode())
    for line, message, _, _ in extract("python", said, _KEYWORDS):
        yield line, message


def catalog_of(tag: str) -> Catalog:
    """An installed catalog, as its file has it."""
    with (FOLDER / f"{tag}.po").open("rb") as file:
        return read_po(file, locale=tag.replace("-", "_"))


def brought_up(tag: str) -> Catalog:
    """The same with all sentences of the source: new ones are empty, and what is no longer said is
    gone."""
    catalog = catalog_of(tag)
    catalog.update(collected(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def write(tag: str, catalog: Catalog) -> None:
    """Into its file; without line numbers and dates, so that only what is said changes it."""
    text = BytesIO(_HEADER.format(tag=tag, forms=catalog.plural_forms).encode())
    text.seek(0, SEEK_END)
    write_po(text, catalog, width=_LINE, sort_output=True, include_lineno=False, omit_header=True)
    (FOLDER / f"{tag}.po").write_bytes(text.getvalue())


def missing(
    catalog: Catalog, rooms: tuple[str, ...] = ("",), but_not: tuple[str, ...] = ()
) -> list[str]:
    """The sentences that a catalog lacks, of the files whose paths begin with one of `rooms` and
    with none of `but_not`."""
    return [
        _english(message.id)
        for message in catalog
        if message.id and not all(forms(message.string))
        if any(name.startswith(rooms) and not name.startswith(but_not)
               for name, _ in message.locations)
    ]  # fmt: skip


def other_placeholders(catalog: Catalog) -> list[str]:
    """The sentences whose translation does not name the values that the English one names. A form
    for one certain number may leave the number out."""
    found = []
    for message in catalog:
        wanted = [_placeholders(form) for form in forms(message.id)]
        for said in filter(None, forms(message.string)) if message.id else ():
            names = _placeholders(said)
            if names != wanted[-1] and names not in [_without_count(each) for each in wanted]:
                found.append(_english(message.id))
    return found


def _without_count(names: Counter[str]) -> Counter[str]:
    return Counter({name: times for name, times in names.items() if name != "count"})


def _placeholders(sentence: str) -> Counter[str]:
    return Counter(one or other for one, other in _PLACEHOLDERS.findall(sentence))


def forms(said: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """All forms of a sentence: one, or as many as its plural has."""
    if said is None:
        return [""]
    return [said] if isinstance(said, str) else list(said)


def _english(said: str | tuple[str, ...] | list[str]) -> str:
    return forms(said)[0]
