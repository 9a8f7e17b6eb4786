"""One part of a document while it is turned into the core's terms: names become numbers, what
has no sense becomes a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from upline.language import gettext
from upline.plan_documents import keys
from upline.plan_documents.errors import Path, Problems, all_of, either, quoted, unknown
from upline.plan_documents.keys import Keys
from upline.plans.bonus import By, Rates
from upline.plans.counting import Basis, Counted, FurtherFigure, LeastOrder

OF_RANKS = frozenset({By.RANK, By.TITLE})


@dataclass(frozen=True, slots=True)
class Scope:
    """A place in the document, and the names that the whole of it knows."""

    path: Path
    problems: Problems
    ranks: Sequence[str]
    packages: Sequence[str]
    figures: Sequence[str] = ()

    def at(self, *keys: str | int) -> Scope:
        """The same, further in."""
        return replace(self, path=(*self.path, *keys))

    def complain(self, sentence: str, *keys: str | int) -> None:
        """Note that something here has no sense."""
        self.problems.add((*self.path, *keys), sentence)

    def rank(self, name: str | None, *keys: str | int) -> int:
        """The number of a rank; 0 for none, and for one that there is not (said)."""
        if name is None:
            return 0
        if name in self.ranks:
            return list(self.ranks).index(name) + 1
        if self.ranks:
            self.complain(self._no_rank(name), *keys)
        else:
            self.complain(gettext("names a rank, and this plan has no [ranks]."), *keys)
        return 0

    def counted(self, name: str, key: str) -> Counted:
        """What of an order a name means; points for one that there is not (said)."""
        if name in keys.OF_ORDERS:
            return Basis(name)
        if name not in self.figures:
            known = (*keys.OF_ORDERS, *self.figures)
            self.complain(self._not_counted(name, known), key)
        return FurtherFigure(name) if name in self.figures else Basis.POINTS

    def measured_in(self, said: str) -> Counted:
        """What points are measured in: points or a figure."""
        if said == Basis.VALUE:
            known = (str(Basis.POINTS), *self.figures)
            sentence = gettext(
                "must be {words}, not {said}.", words=either(known), said=quoted(said)
            )
            self.complain(sentence, "measured_in")
            return Basis.POINTS
        return self.counted(said, "measured_in")

    def buyers(self, said: keys.CustomersWithOrders | None) -> dict[str, Any]:
        """How many customers with which order are asked for, as fields of a rank or of needs."""
        if said is None:
            return {}
        within = self.at("customers_with_orders")
        order = LeastOrder(said.least, within.counted(said.measured_in, "measured_in"))
        return {"buyers": said.count, "buyers_order": order}

    def _not_counted(self, name: str, known: Sequence[str]) -> str:
        parts = {"words": either(known), "said": quoted(name)}
        if self.figures:
            return gettext("must be {words}, not {said}.", **parts)
        return gettext("must be {words}, not {said}, and this plan names no `figures`.", **parts)

    def _no_rank(self, name: str) -> str:
        sentence = gettext("there is no rank {name}", name=quoted(name))
        return unknown(sentence, name, self.ranks)

    def one_of(self, said: Keys, *keys: str) -> str | None:
        """Which one of these keys is given; none or more than one is said."""
        given = [key for key in keys if getattr(said, key) is not None]
        if len(given) == 1:
            return given[0]
        if given:
            self.complain(gettext("use only one of {keys}.", keys=all_of(given)), given[1])
        else:
            self.complain(gettext("use {keys}.", keys=either(keys)))
        return None

    def rates(self, said: Keys, key: str | None, by: By | None, *, flat: bool = False) -> Rates:
        """A table of rates from a figure, a list, or a table of either by class.

        A class that is not listed has the entry of the nearest listed one below it.
        """
        value = getattr(said, key) if key else None
        if key is None or value is None:
            return Rates(((0,),), flat)
        if not isinstance(value, Mapping):
            self._must_not_choose(said, by, key)
            rows = {0: _row(value)}
            return self._whole(Rates(_table(rows, 1), flat), key)
        by = by or By.RANK
        known, numbers = self.classes(value, by, key)
        rows = {number: _row(value[name]) for name, number in numbers.items()}
        return self._whole(Rates(_table(rows, known), flat, by), key) if rows else Rates(((0,),))

    def _must_not_choose(self, said: Keys, by: By | None, key: str) -> None:
        if by is not None and "by" in said.model_fields_set:
            if "package" in by:
                sentence = gettext(
                    "chooses among the lists of a table, and `{key}` is the same for all: make it "
                    "a table with an entry for each package.",
                    key=key,
                )
            else:
                sentence = gettext(
                    "chooses among the lists of a table, and `{key}` is the same for all: make it "
                    "a table with an entry for each rank.",
                    key=key,
                )
            self.complain(sentence, "by")

    def _whole(self, rates: Rates, key: str) -> Rates:
        if not any(map(any, rates.table)):
            self.complain(gettext("pays nothing: every figure is zero."), key)
        return rates

    def classes(self, table: Mapping[str, object], by: By, key: str) -> tuple[int, dict[str, int]]:
        """How many classes there are, and the numbers of those that a table lists."""
        of_ranks = by in OF_RANKS
        names, first = (self.ranks, 1) if of_ranks else (self.packages, 0)
        numbers = {name: number for number, name in enumerate(names, first) if name in table}
        if not names:
            missing = "[ranks]" if of_ranks else "`packages`"
            self.complain(
                gettext("is by {by}, and this plan has no {missing}.", by=by, missing=missing), key
            )
        elif not table:
            self.complain(gettext("is an empty table."), key)
        else:
            for name in table:
                if name not in names:
                    self.complain(self._no_class(name, by, names), key, name)
        return len(names) + first, numbers

    def _no_class(self, name: str, by: By, names: Sequence[str]) -> str:
        if by in OF_RANKS and name in self.packages:
            return gettext('is a package, and the table is by {by}: write by = "package".', by=by)
        if by in OF_RANKS:
            return self._no_rank(name)
        if name in self.ranks:
            return gettext('is a rank, and the table is by {by}: write by = "rank".', by=by)
        return unknown(gettext("there is no package {name}", name=quoted(name)), name, names)

    def by_class(
        self, table: Mapping[str, int], by: By, key: str, below: int | None = None
    ) -> tuple[int, ...]:
        """A figure for each class, inherited from below; `below`: for those below the lowest
        listed one, None for that one's own."""
        known, numbers = self.classes(table, by, key)
        listed_ones = {number: table[name] for name, number in numbers.items()}
        last = below
        if last is None:
            last = listed_ones[min(listed_ones)] if listed_ones else 0
        found = []
        for number in range(known):
            last = listed_ones.get(number, last)
            found.append(last)
        return tuple(found)


def _row(said: int | Sequence[int]) -> tuple[int, ...]:
    return (said,) if isinstance(said, int) else tuple(said)


def _table(rows: Mapping[int, tuple[int, ...]], known: int) -> tuple[tuple[int, ...], ...]:
    """A row for each class, all of one length."""
    longest = max(map(len, rows.values()), default=1)
    table, last = [], (0,) * longest
    for number in range(known):
        if number in rows:
            last = rows[number] + (0,) * (longest - len(rows[number]))
        table.append(last)
    return tuple(table)
