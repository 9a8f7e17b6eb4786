"""What a trial gives, in the three forms."""

from __future__ import annotations

import csv
import io
import json
import random
from decimal import Decimal

import pytest

from trials.test_arithmetic import PACKAGES, READY, company
from trials.trial import MEMBERS, ORDERS, PLAN, Trial

LINES = [
    ("ann", "levels", "10.00", "o1", 1, "Level 1: 10 % of 100.00 from order o1 of bob"),
    ("ann", "levels", "8.00", "o2", 1, "Level 1: 10 % of 80.00 from order o2 of cid"),
    ("ann", "levels", "2.50", "o3", 2, "Level 2: 5 % of 50.00 from order o3 of dee"),
    ("ann", "pairs", "8.00", None, 0,
     "Binary: 2 pairs of 40.00; left leg 150.00, right leg 80.00; 4.00 per pair"),
    ("bob", "levels", "5.00", "o3", 1, "Level 1: 10 % of 50.00 from order o3 of dee"),
]  # fmt: skip
CARRY = {
    "until": "2026-01-31",
    "decimals": 2,
    "rank": {},
    "title": {},
    "held": {},
    "legs": {"pairs": {"left": {"ann": 7000, "bob": 5000}, "right": {},
                       "paired": ["ann"], "caps": []}},
    "full_levels": {},
    "boards": {},
    "tax": None,
    "paid": [],
}  # fmt: skip
KEYS = ["member", "bonus", "amount", "source", "level", "why", "period"]
ODD = 'a"b\\c,\n\té\x01 ☃'


def test_json_has_lines_totals_ranks_and_what_is_carried_over(trial: Trial) -> None:
    document = trial.json()
    lines = [dict(zip(KEYS, (*line, "2026-01"), strict=True)) for line in LINES]
    assert document == {
        "lines": [{**line, "amount": Decimal(str(line["amount"]))} for line in lines],
        "totals": {"ann": Decimal("28.50"), "bob": Decimal("5.00")},
        "ranks": {},
        "carry": CARRY,
        "purchase": {},
    }


def test_csv_has_the_same_lines(trial: Trial) -> None:
    tried = trial.run("--format", "csv")
    assert tried.said == "5 lines; 33.50 to 2 members\n"
    told = [(*line[:3], line[3] or "", str(line[4]), line[5], "2026-01") for line in LINES]
    assert tried.rows == [dict(zip(KEYS, line, strict=True)) for line in told]


def test_a_table_has_the_same_lines_and_more(trial: Trial) -> None:
    trial.plan = PLAN + '[[ranks.steps]]\nname = "Star"\nteam_points = 100\n'
    rows = trial.run().output.decode().splitlines()
    assert rows == [
        "2026-01: 5 lines",
        "Member  Bonus   Amount  Source  Level  Why",
        "ann     levels   10.00  o1          1  Level 1: 10 % of 100.00 from order o1 of bob",
        "ann     levels    8.00  o2          1  Level 1: 10 % of 80.00 from order o2 of cid",
        "ann     levels    2.50  o3          2  Level 2: 5 % of 50.00 from order o3 of dee",
        "ann     pairs     8.00  -           0  Binary: 2 pairs of 40.00; "
        "left leg 150.00, right leg 80.00; 4.00 per pair",
        "bob     levels    5.00  o3          1  Level 1: 10 % of 50.00 from order o3 of dee",
        "",
        "Totals",
        "Member  Total",
        "ann     28.50",
        "bob      5.00",
        "",
        "Ranks",
        "Member  Rank  Title",
        "ann     Star  Star",
        "bob     Star  Star",
        "",
        "Carried over from 2026-01-31",
        "pairs",
        "Member   Left  Right",
        "ann     70.00   0.00",
        "bob     50.00   0.00",
        "",
    ]


@pytest.mark.parametrize("plan", ["hybrid", "board"])
def test_the_forms_agree(trial: Trial, plan: str) -> None:
    trial.members, trial.orders = company(3, ["Silver kit", "Gold kit"])
    document = trial.json(plan=plan)
    (trial.folder / "out").mkdir()
    assert trial.run("--format", "csv", "--output", "out", plan=plan).code == 0
    told = trial.run("--format", "csv", plan=plan)
    assert (trial.folder / "out/lines.csv").read_bytes() == told.output
    rows = [{**row, "source": row["source"] or None} for row in told.rows]
    assert rows == [
        {k: v if v is None else str(v) for k, v in x.items()} for x in document["lines"]
    ]
    carry = json.loads((trial.folder / "out/carry.json").read_text())
    assert carry == document["carry"]
    totals = (trial.folder / "out/totals.csv").read_text().splitlines()[1:]
    assert [row.replace('"', "").split(",")[:2] for row in totals] == [
        [member, str(total)] for member, total in document["totals"].items()
    ]
    table = trial.run(plan=plan).output.decode().partition("Totals\n")[0]
    shown = [row for row in table.splitlines() if row.startswith("m")]
    for row, line in zip(shown, document["lines"], strict=True):
        assert row.split()[0] == line["member"]
        assert row.endswith(f"  {line['why']}")


def test_totals_are_the_sums_of_the_lines(trial: Trial) -> None:
    trial.members, trial.orders = company(5, ["Silver kit", "Gold kit"])
    document = trial.json(plan="hybrid")
    sums: dict[str, Decimal] = {}
    for line in document["lines"]:
        sums[line["member"]] = sums.get(line["member"], Decimal(0)) + line["amount"]
    assert document["totals"] == sums
    assert set(document["purchase"]) <= set(sums)


def test_the_order_of_rows_and_columns_changes_nothing(trial: Trial) -> None:
    members, orders = company(11, ["Silver kit", "Gold kit"])
    trial.members, trial.orders = members, orders
    before = trial.run("--format", "json", plan="hybrid").output
    trial.members = _shuffled(members, "joined,package,id,position,placement,sponsor")
    trial.orders = _shuffled(orders, "customer,pv,id,amount,date,member")
    assert trial.run("--format", "json", plan="hybrid").output == before


def _shuffled(text: str, columns: str) -> str:
    header, *rows = (line.split(",") for line in text.splitlines())
    random.Random(1).shuffle(rows)
    places = [header.index(name) for name in columns.split(",")]
    return "\n".join([columns, *(",".join(row[place] for place in places) for row in rows)])


def test_any_text_can_be_an_id(trial: Trial) -> None:
    cell = '"' + ODD.replace('"', '""') + '"'
    plain = trial.json()
    trial.members = MEMBERS.replace("ann", cell)
    trial.orders = ORDERS.replace("o1", cell)
    document = trial.json()
    assert [line["member"] for line in document["lines"]] == [ODD] * 4 + ["bob"]
    assert document["lines"][0]["source"] == ODD
    assert document["lines"][0]["why"] == f"Level 1: 10 % of 100.00 from order {ODD} of bob"
    assert document["totals"] == {ODD: plain["totals"]["ann"], "bob": plain["totals"]["bob"]}
    assert document["carry"]["legs"]["pairs"]["paired"] == [ODD]
    rows = trial.run("--format", "csv").rows
    assert (rows[0]["member"], rows[0]["source"]) == (ODD, ODD)
    assert r"a\"b\\c,\n\t\u00e9\u0001 \u2603  levels" in trial.run().output.decode()


def test_a_spreadsheet_works_no_cell_out_and_what_is_read_back_keeps_its_ids(trial: Trial) -> None:
    trial.members = MEMBERS.replace("bob", "=1+1").replace("cid", "a;@x")
    trial.orders = ORDERS.replace("o1", "+o1").replace("bob", "=1+1").replace("cid", "a;@x")
    trial.plan = PLAN.replace('"levels"\nkind', '"-levels"\nkind')
    trial.plan += '[[ranks.steps]]\nname = "@Star"\nteam_points = 100\n'
    tried = trial.run("--format", "csv", "--output", "out/")
    assert tried.code == 0, tried.said
    lines, totals, ranks = (_table(trial, name) for name in ("lines", "totals", "ranks"))
    assert lines[1][:6] == ["2026-01", "ann", "'-levels", "10.00", "'+o1", "1"]
    assert [row[0] for row in totals] == ["member", "ann", "'=1+1"]
    assert ["'=1+1", "'@Star", "'@Star"] in ranks
    assert {row[1] for row in lines} == {"member", "ann", "'=1+1"}
    assert not [c for row in lines + totals + ranks for c in row if c.startswith(tuple("=+-@"))]
    carry = json.loads((trial.folder / "out/carry.json").read_text())
    assert set(carry["legs"]["pairs"]["left"]) == {"ann", "=1+1"}
    trial.orders = trial.orders.replace("2026-01-", "2026-02-")
    assert trial.run("--carry", "out/carry.json", "--period", "2026-02").code == 0


def _table(trial: Trial, name: str) -> list[list[str]]:
    text = (trial.folder / f"out/{name}.csv").read_text()
    return list(csv.reader(io.StringIO(text, newline="")))


def test_for_excel_each_csv_file_begins_with_the_mark_of_utf_8(trial: Trial) -> None:
    mark = b"\xef\xbb\xbf"
    plain, marked = (trial.run("--format", form).output for form in ("csv", "excel"))
    assert marked == mark + plain
    assert trial.run("--format", "excel", "--output", "out/").code == 0
    starts = {path.name: path.read_bytes()[:3] for path in (trial.folder / "out").iterdir()}
    assert {name for name, start in starts.items() if start == mark} == {
        "lines.csv", "totals.csv", "ranks.csv"}  # fmt: skip
    assert json.loads((trial.folder / "out/carry.json").read_text())["until"] == "2026-01-31"


def test_decimals_are_the_plans(trial: Trial) -> None:
    for decimals, amount in ((0, "100"), (3, "100.005")):
        trial.plan = PLAN.replace('ways"', f'ways"\ndecimals = {decimals}').replace(".00", "")
        trial.orders = f"{ORDERS.splitlines()[0]}\no1,bob,2026-01-10,{amount},0,member\n"
        rows = trial.run("--format", "csv").rows
        assert rows[0]["amount"] == ("10" if decimals == 0 else "10.000")
        assert trial.json()["totals"]["ann"] == Decimal(rows[0]["amount"])


def test_no_lines_are_an_empty_list(trial: Trial) -> None:
    trial.orders = f"{ORDERS.splitlines()[0]}\no1,ann,2026-01-10,10.00,0,member\n"
    document = trial.json()
    assert (document["lines"], document["totals"]) == ([], {})
    assert trial.run("--format", "csv").rows == []


def test_a_column_of_activity_stands_in_for_the_rule(trial: Trial) -> None:
    trial.plan = PLAN + "\n[active]\npersonal_points = 100\n"
    header, *rows = MEMBERS.splitlines()
    for words, paid in (
        (["", "", "", ""], {"bob"}),
        (["true", "true", "false", "false"], {"ann", "bob"}),
        (["true", "", "", ""], {"ann", "bob"}),
        (["true", "false", "", ""], {"ann"}),
    ):
        told = [f"{row},{word}" for row, word in zip(rows, words, strict=True)]
        trial.members = "\n".join([f"{header},active", *told])
        assert {line["member"] for line in trial.json()["lines"]} == paid


def test_without_a_placement_members_stand_below_their_sponsor(trial: Trial) -> None:
    before = trial.json()
    trial.members = "\n".join(
        ",".join(row.split(",")[:2] + row.split(",")[3:]) for row in MEMBERS.splitlines()
    )
    assert trial.json() == before


def test_output_goes_to_a_file_at_once(trial: Trial) -> None:
    whole = trial.run("--format", "json").output
    (trial.folder / "out.json").write_text("what was there before")
    tried = trial.run("--format", "json", "--output", "out.json")
    assert (tried.code, tried.output, tried.said) == (0, b"", "")
    assert (trial.folder / "out.json").read_bytes() == whole
    assert trial.files() == {"plan.toml", "members.csv", "orders.csv", "out.json"}


@pytest.mark.parametrize("plan", ["binary", "board", "hybrid"])
def test_long_columns_are_the_same_piece_by_piece(
    trial: Trial, monkeypatch: pytest.MonkeyPatch, plan: str
) -> None:
    trial.members, trial.orders = company(READY.index(plan), PACKAGES.get(plan, ["Basic"]))
    at_once = in_all_forms(trial, plan)
    monkeypatch.setattr("upline.trials.output.destination.PIECE", 3)
    assert in_all_forms(trial, plan) == at_once


def in_all_forms(trial: Trial, plan: str) -> list[bytes]:
    tried = [trial.run("--format", form, plan=plan) for form in ("table", "json")]
    folder = trial.run("--format", "csv", "--output", "out/", plan=plan)
    assert [some.code for some in (*tried, folder)] == [0, 0, 0]
    files = sorted((trial.folder / "out").iterdir())
    return [*(some.output for some in tried), *(path.read_bytes() for path in files)]
