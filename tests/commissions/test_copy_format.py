"""Columns to PostgreSQL and back come out as they went in."""

import numpy as np
import pytest
from django.db import transaction

from support.installation import Installation
from upline.base import sql
from upline.commissions.storing.copy_format import frames, in_one_row, read
from upline.plans.arrays import Array


@pytest.mark.parametrize("rows", [0, 1, 3, 450_000])
def test_columns_come_back_as_they_went(installation: Installation, rows: int) -> None:
    numbers = np.arange(rows, dtype=np.int64)
    table: dict[str, Array] = {
        "large": numbers * 2**40 - 2**62,
        "middle": (numbers - 5).astype(np.int32),
        "small": (numbers % 7 - 3).astype(np.int16),
    }
    with transaction.atomic():
        sql.run("CREATE TEMP TABLE tried (large bigint, middle int, small smallint) ON COMMIT DROP")
        sql.copy_in("tried", list(table), frames(table))
        select = in_one_row("SELECT * FROM tried ORDER BY large", 3)
        found = read(sql.copy_out(select), {"large": "i8", "middle": "i4", "small": "i2"})
    assert list(found) == list(table)
    for name, column in table.items():
        assert found[name].dtype == column.dtype
        assert np.array_equal(found[name], column)


@pytest.mark.parametrize("value", ["NULL::bigint", "1::int"])
def test_what_has_another_width_is_noticed(installation: Installation, value: str) -> None:
    data = sql.copy_out(in_one_row(f"SELECT {value}", 1))
    with pytest.raises(ValueError, match="NULL or has another width"):
        read(data, {"column": "i8"})
