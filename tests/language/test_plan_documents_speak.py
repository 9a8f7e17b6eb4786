"""What is said about plans goes through a catalog: errors, warnings and summaries."""

import re

import pytest

from plan_documents.documents import said_of, said_of_bonus
from plan_documents.test_sentences import cases
from support.speaking import bare_words
from upline.language import current
from upline.language.loading import MARKED
from upline.plan_documents import PlanErrors, find, parse, read, ready, warnings
from upline.plan_documents.summary import summary

RECRUITING = """
name = "P"
[ranks]
[[ranks.steps]]
name = "A"
personal_points = 5
team_points = 7
[[ranks.steps]]
name = "B"
group_points = 4
[[ranks.steps]]
name = "C"
team_points = 6
[[bonuses]]
name = "r"
kind = "referral"
on = "joining"
amount = 10
[[bonuses]]
name = "x"
kind = "binary"
percent = 10
every = "day"
[[bonuses]]
name = "y"
kind = "levels"
percents = [60, 60, 0]
"""


# Where something is wrong: names and keys that stand in the file, or should.
KEYS = {"name", "kind", "bonuses", "within_days", "pass_up"}


def left_of(sentence: str, text: str) -> set[str]:
    """What of a sentence went through no catalog, but for words of the plan itself, and the
    dotted names of keys."""
    said = {word for word in bare_words(sentence) if "." not in word}
    return said - set(re.findall(r"\w+", text)) - KEYS


@pytest.mark.parametrize(("keys", "_"), cases("wrong_bonuses.txt"))
def test_each_sentence_about_a_wrong_bonus_goes_through_a_catalog(keys: str, _: str) -> None:
    with current.bound(MARKED):
        said = said_of_bonus(keys)
    assert said
    for sentence in said:
        assert sentence.endswith("⟧")
        assert left_of(sentence, keys) == set(), sentence


@pytest.mark.parametrize(("text", "_"), cases("wrong_plans.txt"))
def test_each_sentence_about_a_wrong_plan_goes_through_a_catalog(text: str, _: str) -> None:
    with current.bound(MARKED):
        said = said_of(text)
    assert said
    for sentence in said:
        assert sentence.endswith("⟧")
        assert left_of(sentence, text) == set(), sentence


@pytest.mark.parametrize("name", list(ready()))
def test_each_word_of_a_summary_goes_through_a_catalog(name: str) -> None:
    plan = read(ready()[name])
    names = {
        word
        for text in (
            plan.currency, *plan.packages, *(step.name for step in plan.ranks.steps),
            *(bonus.name for bonus in plan.bonuses),
        )
        for word in bare_words(text)
    }  # fmt: skip
    with current.bound(MARKED):
        said = "\n".join([*summary(plan), *warnings(plan)])
    assert "⟦" in said
    assert bare_words(said) - names == set()


def test_each_warning_goes_through_a_catalog() -> None:
    plan = parse(RECRUITING, "plan.toml")
    english = warnings(plan)
    with current.bound(MARKED):
        marked = warnings(plan)
    assert len(english) == len(marked) >= 6
    for sentence in marked:
        assert bare_words(sentence.partition(": ")[2] or sentence) == set() or (
            bare_words(sentence) == set()
        ), sentence


def test_a_plan_that_is_not_there_is_said_in_the_language() -> None:
    with current.bound(MARKED), pytest.raises(PlanErrors) as found:
        find("binarry")
    (said,) = found.value.sentences
    assert bare_words(said) == set()
