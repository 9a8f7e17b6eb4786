"""Any text at all gives a plan, or sentences with file and line: never anything else."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from upline.plan_documents import PlanErrors, parse, ready, warnings
from upline.plan_documents.bounds import whole
from upline.plan_documents.summary import summary
from upline.plans.plan import Plan

SENTENCE = re.compile(r"plan\.toml:([1-9][0-9]*): \S.*[.?]|plan\.toml: and \d+ more errors .*\.")
WORD = re.compile(r'"[^"\n]*"|[A-Za-z_0-9.]+|[\[\]{}=,]|\n')
TEXTS = [file.read_text() for file in ready().values()]
WORDS = sorted({word for text in TEXTS for word in WORD.findall(text)})
ODD = ["", "true", "-1", "0", "1e400", "nan", "9" * 30, '""', "[]", "{}", "[[1]]", '"\\u0000"']
ODD += [
    "2026-01-01",
    "07:00:00",
    '"no limit"',
    "{a = {b = 1}}",
    "'''x\n'''",
    "\n[x]\n",
    "\x00",
    "é",
]


def judge(text: str) -> None:
    """A text gives a plan that can be summed up, or sentences."""
    try:
        plan = parse(text, "plan.toml")
    except PlanErrors as error:
        judge_sentences(error.sentences, text.count("\n") + 1)
        return
    assert isinstance(plan, Plan)
    assert summary(plan)
    assert all(isinstance(each, str) for each in warnings(plan))
    whole(plan)


def judge_sentences(said: list[str], lines: int) -> None:
    """There are some; each is whole and names a line of the file."""
    assert said
    for sentence in said:
        found = SENTENCE.fullmatch(sentence)
        assert found, sentence
        assert int(found[1] or 1) <= lines
        assert len(sentence) < 2000


@given(st.text())
@example("\ufeffname = 1")
@example("name = 'a'\r\nbonuses = 3\r\n")
@example("bonuses = [1, [], {}, {kind = [1]}, {kind = 'pool', name = 3, needs = []}]")
@example("ranks = 3\npackages = {a = 1}\nsettlement = [[]]\nactive = 'x'")
@example("[ranks]\nsteps = [1, {name = 3}, {name = 'A', legs = 3}, {name = 'A', legs = [3]}]")
@example("bonuses = [{kind = 'matching', name = 'x', of = [1, [], 'x'], percents = {x = 1}}]")
@example("decimals = [1]\nbonuses = [{kind = {}}]")
def test_any_text_is_judged(text: str) -> None:
    judge(text)


@settings(max_examples=300)
@given(st.lists(st.sampled_from([*WORDS, *ODD]), max_size=60))
def test_any_words_of_plans_are_judged(words: list[str]) -> None:
    judge(" ".join(words))


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A ready-made plan with some words replaced, left out, doubled or put elsewhere."""
    words = re.split(r'("[^"\n]*"|[A-Za-z_0-9.]+)', draw(st.sampled_from(TEXTS)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(words) - 1))
        words[place] = draw(st.sampled_from([*WORDS, *ODD, words[place] * 2]))
    return "".join(words)


@settings(max_examples=500)
@given(damaged())
def test_a_damaged_plan_is_judged(text: str) -> None:
    judge(text)


@settings(max_examples=200)
@given(st.sampled_from(TEXTS), st.data())
def test_a_plan_that_lacks_a_line_is_judged(text: str, data: st.DataObject) -> None:
    lines = text.splitlines(keepends=True)
    start = data.draw(st.integers(0, len(lines) - 1))
    end = data.draw(st.integers(start, min(start + 5, len(lines))))
    judge("".join(lines[:start] + lines[end:]))
