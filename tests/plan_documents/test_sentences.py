"""What is wrong with a plan is said in sentences that name file and line, all at once.

The cases are in wrong_bonuses.txt (a bonus each, its `[[bonuses]]` being line 0) and
wrong_plans.txt (a whole file each); what begins with `=>` is how the one sentence begins.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plan_documents.documents import TOP, said_of, said_of_bonus, with_bonus
from upline.plan_documents.checks import RESERVED
from upline.plans.settlement import NAMES

LEVELS = 'kind = "levels"\nname = "x"\npercents = [10]'
BINARY = 'kind = "binary"\nname = "x"\nunit = 100\npair_amount = 10'
POOL = '[[bonuses]]\nname = "pool"\nkind = "pool"\npercent = 1\n'
JARGON = re.compile(r"pydantic|validat|Traceback|dict|NoneType|\\binput\\b|literal|type=", re.I)


def cases(file: str) -> list[tuple[str, str]]:
    """Each case of a file: a text, and how the sentence about it begins."""
    blocks = (Path(__file__).parent / file).read_text().split("\n---\n")
    pairs = [block.rstrip("\n").rsplit("\n=> ", 1) for block in blocks]
    return [(text, sentence) for text, sentence in pairs]


@pytest.mark.parametrize(("keys", "sentence"), cases("wrong_bonuses.txt"))
def test_what_is_wrong_with_a_bonus_is_said_with_its_line(keys: str, sentence: str) -> None:
    said = said_of_bonus(keys)
    assert len(said) == 1, said
    assert said[0].startswith(sentence), said
    assert not JARGON.search(said[0])


@pytest.mark.parametrize(("text", "sentence"), cases("wrong_plans.txt"))
def test_what_is_wrong_with_a_plan_is_said_with_its_line(text: str, sentence: str) -> None:
    said = said_of(text)
    assert len(said) == 1, said
    assert said[0].startswith(f"plan.toml:{sentence}"), said
    assert not JARGON.search(said[0])


def test_an_empty_file_lacks_a_name_and_bonuses() -> None:
    assert said_of("") == ["plan.toml:1: name: is missing.", "plan.toml:1: bonuses: is missing."]


def test_lists_have_an_end() -> None:
    said = said_of_bonus(f'kind = "levels"\nname = "x"\npercents = {[1] * 1001}')
    assert said == ["3: x: percents: has 1001 entries, but at most 1000 are allowed."]


@pytest.mark.parametrize("opening", ["[", "{a = "])
def test_nesting_has_an_end(opening: str) -> None:
    said = said_of(f"name = {opening * 5000}")
    assert said == ["plan.toml:1: lists and tables are nested too deeply."]


def test_ranks_need_not_rise_in_everything() -> None:
    steps = '[[ranks.steps]]\nname = "A"\ngroup_points = 5\n[[ranks.steps]]\nname = "B"\n'
    assert said_of(f'name = "P"\n{steps}customers = 3\n{POOL}') == []


def test_a_bonus_by_rank_needs_ranks() -> None:
    text = 'name = "P"\n[[bonuses]]\nname = "x"\nkind = "levels"\npercents = {Gold = [1]}\n'
    assert said_of(text) == ["plan.toml:5: x: percents: is by rank, and this plan has no [ranks]."]


def test_every_error_of_a_file_is_said_at_once_in_the_order_of_its_lines() -> None:
    text = with_bonus(
        f'{LEVELS}\ncompresion = "none"\n[[bonuses]]\n{BINARY}\nunit = 0\n'.replace(
            "unit = 100\n", ""
        )
        + 'ratio_on = "first"\n[[bonuses]]\nkind = "pool"\nname = "p"\npercent = 101\n'
        '[[bonuses]]\nkind = "matching"\nname = "m"\npercents = {Glod = [1]}\nof = ["p"]\n',
        TOP.replace("personal_points = 100", "personal_points = 1.001")
        + '[settlement]\nceiling = true\nyear_starts = "13-01"\n',
    )
    lines = [sentence.split(": ", 2)[:2] for sentence in said_of(text)]
    assert [where for _, where in lines] == [
        "active.personal_points",
        "settlement.ceiling",
        "settlement.year_starts",
        "x",
        "x",
        "x",
        "p",
        "m",
    ]
    numbers = [int(place.split(":")[1]) for place, _ in lines]
    assert numbers == sorted(numbers)


def test_what_refers_to_a_broken_part_is_not_called_unknown() -> None:
    text = with_bonus(
        'kind = "levels"\nname = "x"\npercents = [101]\n'
        '[[bonuses]]\nkind = "matching"\nname = "m"\npercents = {Gold = [1]}\nof = ["x"]\n',
        TOP.replace("group_points = 1000", "group_points = -1"),
    )
    said = said_of(text)
    assert len(said) == 2
    assert "Silver: group_points: -1 is negative." in said[0]
    assert "x: percents: 101 is more than 100 percent." in said[1]


def test_a_wrong_key_called_like_the_kind_hides_no_other() -> None:
    keys = 'min_rank = "Gold"\nlevels = 3\nqualification = 100\n'
    said = said_of_bonus(f"{LEVELS}\n{keys}")
    assert [each.split(": ")[:3] for each in said] == [
        ["4", "x", "min_rank"],
        ["5", "x", "levels"],
        ["6", "x", "qualification"],
    ]


def test_a_rank_called_by_class_hides_no_other() -> None:
    top = TOP.replace('"Gold"', '"by class"')
    keys = 'kind = "levels"\nname = "x"\n[bonuses.percents]\n"by class" = [1]\nDiamond = ["a"]\n'
    [said] = said_of(with_bonus(keys, top))
    assert "x: percents.Diamond: must be a number" in said


def test_a_flood_of_errors_is_cut() -> None:
    said = said_of('name = "P"\n' + '[[bonuses]]\nkind = "pool"\npercent = 101\n' * 150)
    assert len(said) == 201
    assert said[-1] == "plan.toml: and 100 more errors like these."


def test_the_names_of_the_settlements_lines_are_known() -> None:
    assert RESERVED == NAMES
