"""A computed run into PostgreSQL: lines and earnings by COPY, inputs and outputs as Parquet in
pieces, and the hashes of both."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from upline.base import sql
from upline.commissions import statements
from upline.commissions.computing.inputs import Inputs
from upline.commissions.models import Run
from upline.commissions.storing.copy_format import SIGNATURE, TRAILER, Table, frames
from upline.plans import settlement
from upline.plans.arranging import inverse
from upline.plans.arrays import Indexes, Ints, indexes_among
from upline.plans.bonus import Bonus
from upline.plans.kernels.sums import add_up
from upline.plans.lines import Lines
from upline.plans.periods import day_of
from upline.plans.plan import Plan
from upline.plans.result import Result
from upline.plans.sources import comes_from_orders

PIECE = 1_000_000
"""Bytes in one row of the archive, at most."""
STRETCH = 50_000
"""Rows that are read together, at least: who explains one member's lines reads few of them."""
FORMAT = 5
"""Of the archive: raised where a part or a column gets another name or meaning."""
FORMAT_KEY = b"upline format"
_ADD_MARKET = """
INSERT INTO commissions_runmarket
    (run_id, market_id, currency, per_unit, per_point, turnover, gross, paid, members)
VALUES (%(run)s, %(market)s, %(currency)s, %(per_unit)s, %(per_point)s, %(turnover)s, %(gross)s,
        %(paid)s, %(members)s)
"""
DAYS_BEFORE_2000 = 10_957
"""From 1970-01-01, where we count from, to 2000-01-01, where PostgreSQL does."""
_LINE_KINDS = {
    "number": "i4", "member": "i8", "position": "i8", "bonus": "i2", "source": "i8", "level": "i2",
    "rate": "i4", "base": "i8", "amount": "i8",
}  # fmt: skip


def digest(tables: Mapping[str, Table], *also: bytes) -> bytes:
    """SHA-256 over all columns with their names, types and lengths: the same on every machine
    and with every version of the libraries."""
    whole = hashlib.sha256()
    for text in also:
        whole.update(len(text).to_bytes(8, "little") + text)
    for part, table in sorted(tables.items()):
        for name, column in table.items():
            kind = column.dtype.newbyteorder("<")
            whole.update(f"{part}\0{name}\0{kind.str}\0{len(column)}\0".encode())
            whole.update(np.ascontiguousarray(column, kind).data)
    return whole.digest()


def lines_of(result: Result, plan: Plan, inputs: Inputs, more: Table) -> tuple[Table, Indexes]:
    """All lines by member, those of one member in the plan's order; ids instead of indexes. `more`
    are lines of earlier runs that are taken back; with the lines come the numbers of these."""
    numbers = {bonus.name: index for index, bonus in enumerate(plan.bonuses)} | settlement.NUMBERS
    by_name = {bonus.name: bonus for bonus in plan.bonuses}
    parts: list[Table] = [
        {
            "member": inputs.ids[lines.member],
            "position": _positions(lines, inputs),
            "bonus": np.full(len(lines), numbers[lines.bonus], np.int16),
            "source": _sources(lines, by_name.get(lines.bonus), inputs),
            "level": lines.level,
            "rate": lines.rate,
            "base": lines.base,
            "amount": lines.amount,
        }
        for lines in result.lines
    ]
    parts += [more] if more else []
    whole: Table = {
        name: np.concatenate([part[name] for part in parts] or [np.empty(0)]).astype(kind)
        for name, kind in _LINE_KINDS.items()
        if name != "number"
    }
    order = np.argsort(whole["member"], kind="stable").astype(np.int32)
    number = np.arange(1, len(order) + 1, dtype=np.int32)
    lines = {"number": number} | {name: column[order] for name, column in whole.items()}
    return lines, number[inverse(order)][len(order) - len(more.get("member", ())) :]


def _positions(lines: Lines, inputs: Inputs) -> Ints:
    """The id of the position whose pairs each line pays, 0 for none."""
    if lines.position is None:
        return np.zeros(len(lines), np.int64)
    return inputs.position_ids[lines.position]


def _sources(lines: Lines, bonus: Bonus | None, inputs: Inputs) -> np.ndarray:
    """The id of the order or member that each line came from, 0 for none."""
    ids = inputs.order_ids if comes_from_orders(bonus) else inputs.ids
    return np.append(ids, 0)[lines.source]


def earnings_of(result: Result, inputs: Inputs, more: Table) -> Table:
    """What the run comes to for everybody whom it touches, by member id; `more` are lines of
    earlier runs that are taken back."""
    sums = {name: np.zeros(len(inputs.ids), np.int64) for name in ("gross", *settlement.NAMES)}
    touched = (result.totals != 0) | (result.rank != 0) | (result.title != 0)
    for lines in result.lines:
        name = lines.bonus if lines.bonus in settlement.NAMES else "gross"
        add_up(lines.member, lines.amount, sums[name])
        touched[lines.member] = True
    if more:
        member, _ = indexes_among(more["member"], inputs.ids)
        touched[member] = True
        for name, number in settlement.NUMBERS.items():
            some = more["bonus"] == number
            add_up(member[some], more["amount"][some], sums[name])
    columns: Table = {
        "member_id": inputs.ids,
        "gross": sums["gross"] + sums[settlement.TAKEN_BACK],
        "ceiling": -sums[settlement.CEILING],
        "charges": -sums[settlement.CHARGE],
        "tax": -sums[settlement.TAX],
        "carried": sums[settlement.CARRIED],
        "total": result.totals,
        "purchase": result.purchase,
        "rank": result.rank.astype(np.int16),
        "title": result.title.astype(np.int16),
    }
    at = np.flatnonzero(touched)
    at = at[np.argsort(inputs.ids[at])]
    return {name: column[at] for name, column in columns.items()}


def forget(run: Run) -> None:
    """Drop what an earlier computation of the run has stored."""
    for statement in statements.FORGET_COMPUTED:
        sql.run(statement, [run.pk])


def write_lines(run: Run, lines: Table) -> None:
    """Add the run's lines to its month."""
    count = len(lines["number"])
    day = day_of(run.last_day) - DAYS_BEFORE_2000
    whole: Table = {
        "day": np.broadcast_to(np.int32(day), count),
        "run_id": np.broadcast_to(np.int64(run.pk), count),
        "number": lines["number"],
        "member_id": lines["member"],
        "position_id": lines["position"],
        "bonus": lines["bonus"],
        "source_id": lines["source"],
        "level": lines["level"],
        "rate": lines["rate"],
        "base": lines["base"],
        "amount": lines["amount"],
    }
    sql.copy_in("commissions_line", list(whole), frames(whole))


def write_clawbacks(run: Run, named: Table) -> None:
    """Note which lines take back of which."""
    if named:
        count = len(named["number"])
        whole: Table = {"run_id": np.broadcast_to(np.int64(run.pk), count), **named}
        sql.copy_in("commissions_clawback", list(whole), frames(whole))


def write_earnings(run: Run, earnings: Table, markets: Table) -> None:
    """Write what the run comes to for each member, each with its market and currency."""
    count = len(earnings["member_id"])
    whole: Table = {"run_id": np.broadcast_to(np.int64(run.pk), count), **earnings, **markets}
    sql.copy_in("commissions_earning", list(whole), frames(whole))


def write_markets(run: Run, markets: Iterable[Mapping[str, object]]) -> None:
    """Write what the run comes to in each market, with the rates that it used."""
    for market in markets:
        sql.run(_ADD_MARKET, {"run": run.pk, **market})


def archive(run: Run, tables: Mapping[str, Table], texts: Mapping[str, str]) -> None:
    """Keep all of it with the run: tables as Parquet, each cut into pieces."""
    parts = {name: text.encode() for name, text in texts.items()}
    files = ((part, _parquet(table)) for part, table in tables.items())
    columns = ("run_id", "part", "number", "bytes")
    stream = _pieces(run.pk, chain(parts.items(), files))
    sql.copy_in("commissions_archivepiece", columns, stream)


def _parquet(table: Table) -> bytes:
    file = io.BytesIO()
    told = pa.table(table).replace_schema_metadata({FORMAT_KEY: str(FORMAT)})
    # All columns are integers, many of them rising: as differences they take half the bytes and
    # less than half the time that dictionaries do.
    pq.write_table(
        told, file, row_group_size=STRETCH, compression="zstd", compression_level=1,
        use_dictionary=False, column_encoding="DELTA_BINARY_PACKED",
    )  # fmt: skip
    return file.getvalue()


def _pieces(run_id: int, parts: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The archive as a binary COPY."""
    yield SIGNATURE
    for part, whole in parts:
        for number, start in enumerate(range(0, len(whole), PIECE)):
            fields = (
                run_id.to_bytes(8, "big"),
                part.encode(),
                number.to_bytes(4, "big"),
                whole[start : start + PIECE],
            )
            row = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
            yield len(fields).to_bytes(2, "big") + row
    yield TRAILER
