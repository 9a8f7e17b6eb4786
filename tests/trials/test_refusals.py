"""A file that is wrong is refused in a sentence with file and line, and nothing is written."""

import pytest

from trials.trial import MEMBERS, ORDERS, PACKAGES, PLAN, Trial

MEMBER, ORDER = "members.csv", "orders.csv"
A_DAY = "is not a date such as 2026-01-31"
OUTSIDE = "is not from 1970-01-01 to 2199-12-31"
MANY_LARGE = [f"p{number},bob,2026-01-12,999999999999999,1,member\n" for number in range(100)]

WRONG_MEMBERS: dict[str, tuple[str | bytes, str]] = {
    "an empty file": ("", f"{MEMBER}: the file is empty"),
    "blank lines only": ("\n\n", f"{MEMBER}: the file is empty"),
    "a header only": (MEMBERS.splitlines()[0], f"{MEMBER}:1: there is nothing below the header"),
    "no joined": (MEMBERS.replace("joined", "active"), f"{MEMBER}:1: the column joined is missing"),
    "an unknown column": (
        MEMBERS.replace("joined", "joined,team", 1).replace("-01-0", "-01-0,x"),
        f'{MEMBER}:1: there is no column "team"; the columns are '
        "id, sponsor, joined, placement, position, package, active",
    ),
    "a column twice": (
        MEMBERS.replace("position", "sponsor"),
        f'{MEMBER}:1: the column "sponsor" is there twice',
    ),
    "semicolons": (
        MEMBERS.replace(",", ";"),
        f"{MEMBER}:1: the columns have to be separated by commas: "
        '"id;sponsor;placement;position;joined"',
    ),
    "Latin-1": (
        MEMBERS.replace("cid", "cäcilie").encode("latin-1"),
        f"{MEMBER}:4: this is not UTF-8; save the file as CSV in UTF-8",
    ),
    "UTF-16": (
        MEMBERS.encode("utf-16"),
        f"{MEMBER}:1: this is not UTF-8; save the file as CSV in UTF-8",
    ),
    "a field too few": (
        MEMBERS.replace("bob,ann,ann,L,", "bob,ann,ann,"),
        f"{MEMBER}:3: 4 fields where the header has 5",
    ),
    "an unclosed quote": (
        MEMBERS.replace("cid,", '"cid,'),
        f"{MEMBER}:4: 1 field where the header has 5",
    ),
    "an empty id": (MEMBERS.replace("\ndee,", "\n,"), f"{MEMBER}:5: id is empty"),
    "an id twice": (
        MEMBERS + "bob,ann,cid,L,2026-01-05\n",
        f'{MEMBER}:6: member "bob" is there already',
    ),
    "an unknown sponsor": (
        MEMBERS.replace("dee,bob", "dee,Bob"),
        f'{MEMBER}:5: sponsor "Bob" is not a member in this file',
    ),
    "an unknown placement": (
        MEMBERS.replace("cid,ann,ann", "cid,ann,eve"),
        f'{MEMBER}:4: placement "eve" is not a member in this file',
    ),
    "a date that is none": (
        MEMBERS.replace("2026-01-03", "2026-02-30"),
        f'{MEMBER}:5: joined "2026-02-30" {A_DAY}',
    ),
    "another date format": (
        MEMBERS.replace("2026-01-03", "3.1.2026"),
        f'{MEMBER}:5: joined "3.1.2026" {A_DAY}',
    ),
    "a week's date": (
        MEMBERS.replace("2026-01-03", "2026-W01-1"),
        f'{MEMBER}:5: joined "2026-W01-1" {A_DAY}',
    ),
    "a year too early": (
        MEMBERS.replace("2026-01-03", "0206-01-03"),
        f'{MEMBER}:5: joined "0206-01-03" {OUTSIDE}',
    ),
    "a day too early": (
        MEMBERS.replace("2026-01-03", "1969-12-31"),
        f'{MEMBER}:5: joined "1969-12-31" {OUTSIDE}',
    ),
    "a day too late": (
        MEMBERS.replace("2026-01-03", "2200-01-01"),
        f'{MEMBER}:5: joined "2200-01-01" {OUTSIDE}',
    ),
    "no date": (MEMBERS.replace("2026-01-03", ""), f'{MEMBER}:5: joined "" {A_DAY}'),
    "a position that is none": (
        MEMBERS.replace("ann,R", "ann,middle"),
        f'{MEMBER}:4: position "middle" must be L, R, left, right or a number from 1 to 127',
    ),
    "two at one position": (
        MEMBERS.replace("ann,R", "ann,left"),
        f'{MEMBER}:4: "bob" and "cid" both stand at position left below "ann"',
    ),
    "no position under a binary": (
        MEMBERS.replace("ann,R", "ann,"),
        f'{MEMBER}:4: position is empty; the bonus "pairs" asks for L or R',
    ),
    "a third position under a binary": (
        MEMBERS.replace("ann,R", "ann,3"),
        f'{MEMBER}:4: position 3: the bonus "pairs" knows L and R',
    ),
    "no column of positions under a binary": (
        "id,sponsor,joined\nann,,2026-01-01\nbob,ann,2026-01-02\ncid,ann,2026-01-02\ndee,ann,2026-01-02\n",
        f'{MEMBER}:1: the column position is missing; the bonus "pairs" asks for it',
    ),
    "a word for active": (
        MEMBERS.replace("joined", "active,joined").replace(",2026", ",yes,2026"),
        f'{MEMBER}:2: active "yes" is none of (empty), false, true (and so in 3 more)',
    ),
    "below itself": (
        MEMBERS.replace("dee,bob", "dee,dee"),
        f'{MEMBER}:5: "dee" stands below itself',
    ),
    "a circle of sponsors": (
        MEMBERS.replace("ann,,,", "ann,dee,dee,R"),
        f'{MEMBER}:2: sponsors and placements lead in a circle: "ann", "dee", "bob", "ann"',
    ),
    "a circle over both trees": (
        "id,sponsor,placement,position,joined\nann,,cid,L,2026-01-01\nbob,ann,,L,2026-01-01\n"
        "cid,bob,bob,L,2026-01-01\ndee,,,,2026-01-01\n",
        f'{MEMBER}:2: sponsors and placements lead in a circle: "ann", "cid", "bob", "ann"',
    ),
}

WRONG_ORDERS: dict[str, tuple[str | bytes, str]] = {
    "an empty file": ("", f"{ORDER}: the file is empty"),
    "a header only": (
        ORDERS.splitlines()[0] + "\r\n",
        f"{ORDER}:1: there is nothing below the header",
    ),
    "no customer": (
        "\n".join(line.rpartition(",")[0] for line in ORDERS.splitlines()),
        f"{ORDER}:1: the column customer is missing",
    ),
    "an id twice": (ORDERS.replace("o3", "o1"), f'{ORDER}:4: order "o1" is there already'),
    "an unknown member": (
        ORDERS.replace("cid", "eve"),
        f'{ORDER}:3: member "eve" is not in the members\' file',
    ),
    "a negative amount": (
        ORDERS.replace("80.00", "-80.00"),
        f'{ORDER}:3: amount is below zero: "-80.00"',
    ),
    "negative points": (ORDERS.replace(",80,", ",-1,"), f'{ORDER}:3: pv is below zero: "-1"'),
    "no amount": (ORDERS.replace("80.00", ""), f"{ORDER}:3: amount is empty"),
    "a word for an amount": (
        ORDERS.replace("80.00", "NaN"),
        f'{ORDER}:3: amount "NaN" is not a number such as 1234.50',
    ),
    "an exponent": (
        ORDERS.replace("80.00", "8e1"),
        f'{ORDER}:3: amount "8e1" is not a number such as 1234.50',
    ),
    "other digits": (
        ORDERS.replace("80.00", "٨٠"),
        f'{ORDER}:3: amount "٨٠" is not a number such as 1234.50',
    ),
    "a thousands separator": (
        ORDERS.replace("80.00", '"1,080.00"'),
        f'{ORDER}:3: amount "1,080.00" is not a number such as 1234.50',
    ),
    "too many decimals": (
        ORDERS.replace("80.00", "80.001"),
        f'{ORDER}:3: amount "80.001" has more than 2 decimals; write 12500 for 12,500',
    ),
    "a point for thousands": (
        ORDERS.replace("80.00", "12.500"),
        f'{ORDER}:3: amount "12.500" has more than 2 decimals; write 12500 for 12,500',
    ),
    "too large a number": (
        ORDERS.replace("80.00", "1000000000000000"),
        f'{ORDER}:3: amount is too large: "1000000000000000"',
    ),
    "too large a sum": (
        ORDERS + "".join(MANY_LARGE),
        f"{ORDER}:97: the sum of amount does not fit 64 bits",
    ),
    "an unknown class of customer": (
        ORDERS.replace("retail", "Retail"),
        f'{ORDER}:3: customer "Retail" is none of retail, preferred, member',
    ),
    "a date that is none": (
        ORDERS.replace("2026-01-11", "2026-13-01"),
        f'{ORDER}:3: date "2026-13-01" {A_DAY}',
    ),
    "a year too late": (
        ORDERS.replace("2026-01-11", "9026-01-11"),
        f'{ORDER}:3: date "9026-01-11" {OUTSIDE}',
    ),
    "a control character": (
        ORDERS.replace("cid", "c\x1b[2Jid"),
        f'{ORDER}:3: member "c\\u001b[2Jid" is not in the members\' file',
    ),
}


def is_refused(trial: Trial, sentence: str, *words: str) -> None:
    before = trial.files()
    tried = trial.run("--output", "output", *words)
    assert tried.said == f"{sentence}\n"
    assert (tried.code, tried.output, trial.files()) == (1, b"", before)


@pytest.mark.parametrize("case", WRONG_MEMBERS)
def test_wrong_members_are_refused(trial: Trial, case: str) -> None:
    trial.members, sentence = WRONG_MEMBERS[case]
    trial.orders = ORDERS.splitlines()[0] + "\no1,ann,2026-01-10,100.00,100,member\n"
    is_refused(trial, sentence)


@pytest.mark.parametrize("case", WRONG_ORDERS)
def test_wrong_orders_are_refused(trial: Trial, case: str) -> None:
    trial.orders, sentence = WRONG_ORDERS[case]
    is_refused(trial, sentence)


def test_an_order_after_the_period_is_refused(trial: Trial) -> None:
    trial.orders = ORDERS + "o4,ann,2026-02-01,1.00,1,member\n"
    sentence = "date 2026-02-01 is after the period's end, 2026-01-31"
    is_refused(trial, f"{ORDER}:5: {sentence}", "--period", "2026-01")


def test_lines_are_counted_as_an_editor_counts_them(trial: Trial) -> None:
    """Blank lines, CRLF, a BOM, and a field over several lines."""
    trial.members = MEMBERS.replace("cid,ann", '"c\n\nid",ann').replace("\n", "\r\n\r\n")
    trial.members = "\ufeff" + trial.members.replace("2026-01-03", "soon")
    lines = trial.members.replace("\r\n", "\n").split("\n")
    line = next(number for number, text in enumerate(lines, 1) if "soon" in text)
    trial.orders = ORDERS.replace("cid", "bob")
    is_refused(trial, f'{MEMBER}:{line}: joined "soon" {A_DAY}')


def test_each_kind_of_error_is_said_once_and_the_rest_is_counted(trial: Trial) -> None:
    trial.members = MEMBERS.replace("2026-01-02", "x").replace("dee,bob", "dee,nobody")
    trial.orders = ORDERS.replace("bob", "eve").replace("0.00", "0.-")
    said = [
        f'{MEMBER}:3: joined "x" {A_DAY} (and so in 1 more)',
        f'{MEMBER}:5: sponsor "nobody" is not a member in this file',
        f'{ORDER}:2: amount "100.-" is not a number such as 1234.50 (and so in 2 more)',
    ]
    is_refused(trial, "\n".join(said))


def test_only_a_plan_that_asks_for_packages_needs_them(trial: Trial) -> None:
    trial.plan = PLAN.replace('ways"', 'ways"\npackages = ["Basic"]') + PACKAGES
    with_packages = MEMBERS.replace("joined", "package,joined").replace(",2026", ",Basic,2026")
    asks = 'the bonus "welcome" asks for it'
    is_refused(trial, f"{MEMBER}:1: the column package is missing; {asks}")
    trial.members = with_packages.replace("Basic", "Gold", 1)
    is_refused(trial, f'{MEMBER}:2: package "Gold" is none of Basic')
    trial.members = with_packages.replace("Basic", "", 1)
    is_refused(trial, f'{MEMBER}:2: package "" is none of Basic')
    trial.plan = PLAN
    assert trial.run().code == 0


def test_a_file_that_is_not_there_is_said(trial: Trial) -> None:
    tried = trial.run("--orders", "none.csv")
    assert (tried.code, tried.said) == (1, "none.csv: cannot be read: No such file or directory\n")


def test_a_wrong_plan_is_said_with_its_line(trial: Trial) -> None:
    trial.plan = PLAN.replace("percents", "procents")
    tried = trial.run()
    assert tried.code == 1
    assert tried.said.startswith("plan.toml:")


@pytest.mark.parametrize(
    ("period", "sentence"),
    [
        ("January", "write 2026-01 for a month"),
        ("2026-13", "write 2026-01 for a month"),
        ("2026-1", "write 2026-01 for a month"),
        ("20260115", "write 2026-01 for a month"),
        ("2026-W01-1", "write 2026-01 for a month"),
        ("2026-01-05/20260111", "write 2026-01 for a month"),
        ("2026-01-05/", "write 2026-01 for a month"),
        ("0001-01", OUTSIDE),
        ("0000-01", "write 2026-01 for a month"),
        ("1969-12", OUTSIDE),
        ("2200-01-01", OUTSIDE),
        ("9999-12-27/9999-12-31", OUTSIDE),
        ("2026-01-06/2026-01-12", "a week of this plan is, for example, 2026-01-05/2026-01-11"),
        ("2026-01-05/2026-01-12", "a week of this plan is, for example, 2026-01-05/2026-01-11"),
        (
            "2026-01-15",
            "nothing ends within it, since this plan's bonuses are calculated every month",
        ),
    ],
)
def test_a_period_that_is_none_is_refused(trial: Trial, period: str, sentence: str) -> None:
    tried = trial.run("--period", period)
    assert tried.code == 1
    assert tried.said.startswith("--period ")
    assert sentence in tried.said


def test_a_place_that_cannot_be_written_is_said(trial: Trial) -> None:
    tried = trial.run("--output", "nowhere/output")
    sentence = "nowhere/output: cannot be written: No such file or directory\n"
    assert (tried.code, tried.said) == (1, sentence)
    (trial.folder / "here").mkdir()
    tried = trial.run("--output", "here", "--format", "json")
    assert (tried.code, "is a folder" in tried.said) == (1, True)


THREE_WIDE = """
name = "Three wide"

[[bonuses]]
name = "matrix"
kind = "matrix"
tree = "placement"
width = 3
depth = 2
percents = [10, 5]
"""
FOUR_BELOW_ANN = """id,sponsor,joined
ann,,2026-01-01
bob,ann,2026-01-02
cid,ann,2026-01-02
dee,ann,2026-01-03
eve,bob,2026-01-03
"""


def test_more_than_a_matrix_on_the_placement_tree_has_room_for_are_refused(trial: Trial) -> None:
    trial.plan = THREE_WIDE
    trial.members = FOUR_BELOW_ANN
    assert trial.run().code == 0
    trial.members = FOUR_BELOW_ANN.replace("eve,bob", "eve,ann") + "fay,ann,2026-01-04\n"
    room = 'the bonus "matrix" has room for 3'
    is_refused(trial, f'{MEMBER}:6: "eve" is number 4 below "ann": {room} (and so in 1 more)')
    trial.plan = THREE_WIDE.replace('"placement"', '"matrix"')
    assert trial.run().code == 0


def test_a_position_beyond_a_matrix_on_the_placement_tree_is_refused(trial: Trial) -> None:
    trial.plan, trial.members = THREE_WIDE, MEMBERS.replace("ann,R", "ann,4")
    is_refused(trial, f'{MEMBER}:4: position 4: the bonus "matrix" has room for 3')
