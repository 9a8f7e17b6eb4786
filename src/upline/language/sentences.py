"""Sentences in the language that is spoken. The sentence in English is the key: one that a catalog
lacks is shown in English."""

from __future__ import annotations

from typing import Any

from upline.language.current import catalog


def template(sentence: str) -> str:
    """A sentence as the catalog has it, its `{name}`s not filled in yet."""
    return catalog().translations.gettext(sentence) if sentence else ""


def plural_template(singular: str, plural: str, count: int) -> str:
    """The same of the form that goes with `count`."""
    return catalog().translations.ngettext(singular, plural, count)


def gettext(sentence: str, /, **values: object) -> str:
    """A whole sentence, with `{name}` in it for each of `values`. Without any, braces stay as they
    are."""
    found = template(sentence)
    return found.format_map(values) if values else found


def ngettext(singular: str, plural: str, count: int, /, **values: object) -> str:
    """The form of a sentence that goes with `count`, which it may show as `{count}`. Languages have
    up to six forms; their catalogs say which number takes which."""
    found = plural_template(singular, plural, count)
    return found.format_map({"count": count, **values})


class LazySentence(str):
    """A sentence of a class or a module, which are there before anybody speaks.

    It is the English sentence, until it becomes text: as `str(…)`, in an f-string, or by one of the
    methods below. As a key, in a comparison and in the database it stays English."""

    __slots__ = ("_sentence", "_values")
    _sentence: str
    _values: dict[str, object]

    def __new__(cls, sentence: str, values: dict[str, object]) -> LazySentence:
        plain = {
            name: str.__str__(value) if isinstance(value, LazySentence) else value
            for name, value in values.items()
        }
        made = super().__new__(cls, sentence.format_map(plain) if values else sentence)
        made._sentence, made._values = sentence, values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """What a copy is made of: Django copies the choices of each form that it shows."""
        return LazySentence, (self._sentence, self._values)

    def __str__(self) -> str:
        return gettext(self._sentence, **self._values)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __add__(self, other: str) -> str:
        return str(self) + other

    def __radd__(self, other: str) -> str:
        return other + str(self)

    def __mod__(self, values: Any) -> str:
        return str(str(self) % values)

    def __getitem__(self, at: Any) -> str:
        return str(self)[at]

    def format(self, *args: object, **values: object) -> str:
        return str(self).format(*args, **values)

    def lower(self) -> str:
        return str(self).lower()

    def capitalize(self) -> str:
        return str(self).capitalize()


def lazy(sentence: str, /, **values: object) -> str:
    """A sentence that is translated where it is shown, with values as for `gettext`."""
    return LazySentence(sentence, values)
