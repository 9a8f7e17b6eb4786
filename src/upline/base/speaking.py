"""A page or a mail speaks one language: our sentences, and Django's own in its forms and admin."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import to_language, trans_real

from upline.language import current
from upline.language.loading import Catalog, load


class _WithOurs(trans_real.DjangoTranslation):
    """What Django's templates and forms say, out of our catalog first."""

    def __init__(self, catalog: Catalog) -> None:
        self._ours = catalog.translations
        super().__init__(catalog.tag)

    def gettext(self, message: str) -> str:
        found = self._ours.gettext(message)
        return super().gettext(message) if found == message else found

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        found = self._ours.ngettext(msgid1, msgid2, n)
        is_known = found not in (msgid1, msgid2)
        return found if is_known else super().ngettext(msgid1, msgid2, n)


@cache
def _name_in_django(tag: str) -> str:
    """By which name Django finds an installed language, which knows our catalog from now on."""
    if tag == "en":
        return settings.LANGUAGE_CODE
    # It goes back to a language by the name that it gives it itself, as `pt-br`.
    known = vars(trans_real)["_translations"]
    known[tag] = known[to_language(tag)] = _WithOurs(load(tag))
    return tag


@contextmanager
def spoken(tag: str) -> Iterator[None]:
    """Everything inside speaks an installed language."""
    with current.bound(tag), translation.override(_name_in_django(tag)):
        yield
