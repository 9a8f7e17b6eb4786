"""A run's archive, read in stretches."""

from typing import Any

import numpy as np

from commissions.conftest import Company
from commissions.founding import FIRST
from commissions.world import opened, use_plan
from upline.commissions import queries
from upline.commissions.storing import results
from upline.commissions.storing.archive import Archive, OtherFormat, tables


def read_at_a_few() -> Any:
    use_plan(FIRST)
    run = queries.run(opened()[-1])
    draws = np.random.default_rng(7)
    count = 3 * results.STRETCH + 17
    ids = draws.permutation(np.arange(1, count + 1)).astype(np.int64)
    amount, base = draws.integers(-(2**60), 2**60, (2, count))
    rank = (ids % 5).astype(np.int8)
    big = {"member": ids, "amount": amount, "base": base, "rank": rank}
    few = {"member": np.sort(ids[:40]), "left": np.arange(40)}
    none = {"member": ids[:0], "left": ids[:0]}
    results.archive(run, {"big": big, "few": few, "none": none}, {"said": "so — and so"})
    archive = Archive(run.pk)
    asked = np.array([ids[-1], ids[0], ids[results.STRETCH], 10**12], np.int64)
    found = archive.of("big", ["amount", "rank"], asked)
    places = [count - 1, 0, results.STRETCH]
    return {
        "pieces": archive.parts["big"] > 2 * results.PIECE,
        "amounts": found["amount"].tolist() == [*big["amount"][places].tolist(), 0],
        "ranks": found["rank"].tolist() == [*big["rank"][places].tolist(), 0],
        "kind": str(found["rank"].dtype),
        "whole": bool(np.array_equal(archive.whole("big", ["amount"])["amount"], big["amount"])),
        "few": archive.of("few", ["left"], ids[:40])["left"].tolist()
        == np.argsort(np.argsort(ids[:40])).tolist(),
        "none": archive.of("none", ["left"], asked)["left"].tolist(),
        "text": archive.text("said"),
    }


def test_what_is_read_at_a_few_members_is_what_was_archived(company: Company) -> None:
    assert company.does(read_at_a_few) == {
        "pieces": True, "amounts": True, "ranks": True, "kind": "int8", "whole": True, "few": True,
        "none": [0, 0, 0, 0], "text": "so — and so",
    }  # fmt: skip


def read_another_format() -> Any:
    use_plan(FIRST)
    run = queries.run(opened()[-1])
    results.FORMAT += 1
    results.archive(run, {"few": {"member": np.arange(3)}}, {})
    results.FORMAT -= 1
    said = []
    for read in (lambda: Archive(run.pk).whole("few", ["member"]), lambda: tables(run.pk, ["few"])):
        try:
            read()
        except OtherFormat as error:
            said.append(str(error))
    return said


def test_an_archive_of_another_format_is_not_read(company: Company) -> None:
    said = company.does(read_another_format)
    assert len(said) == 2
    assert all(
        "archived in format 6. This version of Upline reads format 5." in each for each in said
    )
