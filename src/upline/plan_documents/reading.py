"""From a file to a plan, or to every sentence about what is wrong with it."""

from __future__ import annotations

import contextlib
import copy
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from upline.language import gettext, ngettext
from upline.plan_documents import errors
from upline.plan_documents.checks import check_matching, check_names, check_plan, steps_of
from upline.plan_documents.document import Document
from upline.plan_documents.errors import PlanErrors, Problems, did_you_mean, quoted
from upline.plan_documents.locations import line_at, lines_of
from upline.plan_documents.numbers import DECIMALS, DEFAULT_DECIMALS, as_decimal
from upline.plan_documents.scope import Scope
from upline.plan_documents.sentences import Found, sentences
from upline.plan_documents.slips import hint
from upline.plan_documents.translation import plan_of
from upline.plans.plan import Plan

READY = Path(__file__).parent / "ready"
ANY_BONUS = {"name": "any", "kind": "retail_margin", "percent": 1}
MOST_SENTENCES = 200
LARGEST_FILE = 1_000_000
TUPLE, NAME = re.compile(r"\('.*'\)?,?\)|\('.*'\)"), re.compile(r"'([^']*)'")
AT_LINE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")


def ready() -> dict[str, Path]:
    """The ready-made plans: each one's name and file."""
    return {file.stem: file for file in sorted(READY.glob("*.toml"))}


def find(word: str) -> Path:
    """The file of a plan: a path, or a ready-made plan's name. Raises PlanErrors."""
    plans = ready()
    if word in plans and not Path(word).is_file():
        return plans[word]
    if "/" in word or Path(word).exists() or word.endswith(".toml"):
        return Path(word)
    said = gettext("{word} is neither a file nor a ready-made plan", word=quoted(word))
    known = gettext("The ready-made plans are {names}.", names=", ".join(plans))
    raise PlanErrors([f"{did_you_mean(said, word, plans) or f'{said}.'} {known}"])


def read(path: Path) -> Plan:
    """The plan that a file describes. Raises PlanErrors."""
    try:
        with path.open("rb") as file:
            said = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or gettext("not a file's name")
        sentence = gettext("{path}: cannot be read: {reason}.", path=path, reason=reason)
        raise PlanErrors([sentence]) from error
    if len(said) > LARGEST_FILE:
        raise PlanErrors([gettext("{path}: is larger than a plan can be (1 MB).", path=path)])
    try:
        return parse(said.decode(), str(path))
    except UnicodeDecodeError as error:
        line, sentence = said.count(b"\n", 0, error.start) + 1, gettext("is not UTF-8 text.")
        raise PlanErrors([f"{path}:{line}: {sentence}"]) from error


def parse(text: str, name: str) -> Plan:
    """The plan that a text describes; `name` stands before each error. Raises PlanErrors."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        data = tomllib.loads(text, parse_float=as_decimal)
        problems = Problems()
        plan = _understood(data, problems)
        if plan is not None and not problems.found:
            return plan
        lines = lines_of(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanErrors([_syntax_error(text, name, error)]) from error
    except RecursionError as error:
        sentence = gettext("lists and tables are nested too deeply.")
        raise PlanErrors([f"{name}:1: {sentence}"]) from error
    except ValueError as error:
        sentence = gettext("there is a number that is too long.")
        raise PlanErrors([f"{name}:1: {sentence}"]) from error
    raise PlanErrors(_sorted_sentences(problems, lines, name, data))


def _syntax_error(text: str, name: str, error: tomllib.TOMLDecodeError) -> str:
    said = str(error)
    at = AT_LINE.search(said)
    line = int(at["line"] or text.count("\n") + 1) if at else 1
    reason = TUPLE.sub(
        lambda names: "[" + ".".join(NAME.findall(names[0])) + "]", AT_LINE.sub("", said)
    )
    lines = text.split("\n")
    shown = lines[line - 1] if line <= len(lines) else ""
    # The reason is the library's own, and so in English.
    sentence = gettext("is not TOML: {reason}.", reason=f"{reason[:1].lower()}{reason[1:]}")
    return " ".join(filter(None, [f"{name}:{line}: {sentence}", hint(shown, said)]))


def _understood(data: dict[str, Any], problems: Problems) -> Plan | None:
    """The plan as far as its parts have the right shape; None where too little of it has."""
    check_names(data, problems)
    check_matching(data, problems)
    try:
        document = Document.model_validate(data, context=_context(data))
    except ValidationError as error:
        found = sentences(error, data)
        for each in found:
            problems.add(each.path, each.sentence)
        _judge_the_rest(data, found, problems)
        return None
    indexes = range(len(document.bonuses))
    scope = Scope((), problems, _rank_names(data), document.packages, document.figures)
    plan = plan_of(document, indexes, scope)
    check_plan(plan, indexes, problems)
    return plan


def _judge_the_rest(data: dict[str, Any], found: list[Found], problems: Problems) -> None:
    """Note what has no sense in the parts that have the right shape."""
    sound = copy.deepcopy(data)
    for each in found:
        if each.is_unknown_key:
            _without(sound, each.path)
    broken = {_part(each.path) for each in found if not each.is_unknown_key}
    indexes = _indexes(data, broken)
    bonuses = [sound["bonuses"][index] for index in indexes]
    for part in broken:
        if part[:1] != ("bonuses",):
            _without(sound, part)
    # What is stated for markets is about bonuses that may be left out.
    sound.pop("markets", None)
    whole = {"name": "plan", **sound, "bonuses": bonuses or [ANY_BONUS]}
    with contextlib.suppress(ValidationError):
        document = Document.model_validate(whole, context=_context(data))
        document = document.model_copy(update={"bonuses": document.bonuses[: len(indexes)]})
        names = _names(data, "packages"), _names(data, "figures")
        plan_of(document, indexes, Scope((), problems, _rank_names(data), *names))


def _without(data: Any, path: errors.Path) -> None:
    *above, last = path
    for part in above:
        data = data[part]
    data.pop(last, None)


def _part(path: errors.Path) -> errors.Path:
    """What is left out where something in it is wrong: a bonus, a key of the settlement, or all
    below a key at the top."""
    return path[:2] if path[0] in ("bonuses", "settlement") else path[:1]


def _indexes(data: Mapping[str, Any], broken: set[errors.Path]) -> list[int]:
    """Which bonuses have the right shape."""
    said = data.get("bonuses")
    indexes = range(len(said)) if isinstance(said, list) else []
    return [index for index in indexes if ("bonuses", index) not in broken]


def _context(data: Mapping[str, Any]) -> dict[str, Any]:
    """How many decimals money has; the most where that itself is wrong."""
    said = data.get("decimals", DEFAULT_DECIMALS)
    return {"decimals": said if said in DECIMALS else max(DECIMALS)}


def _rank_names(data: Mapping[str, Any]) -> list[str]:
    """The names of the ranks, also where something else is wrong with them."""
    steps = steps_of(data)
    named = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    return [step["name"] for step in named if isinstance(step.get("name"), str)]


def _names(data: Mapping[str, Any], key: str) -> list[str]:
    """The names in a list at the top, also where something else is wrong with it."""
    said = data.get(key)
    return [name for name in said if isinstance(name, str)] if isinstance(said, list) else []


def _sorted_sentences(
    problems: Problems, lines: dict[errors.Path, int], name: str, data: Mapping[str, Any]
) -> list[str]:
    placed = sorted(
        (line_at(lines, path), n, path, said) for n, (path, said) in enumerate(problems.found)
    )
    shown = [
        ": ".join([f"{name}:{line}", *_where(path, data), said])
        for line, _, path, said in placed[:MOST_SENTENCES]
    ]
    more = len(placed) - len(shown)
    if not more:
        return shown
    rest = ngettext(
        "and {count} more error like these.", "and {count} more errors like these.", more
    )
    return [*shown, f"{name}: {rest}"]


def _where(path: errors.Path, data: Mapping[str, Any]) -> list[str]:
    """The part of the plan in its own names, and the key."""
    label: list[str] = []
    if path[:1] == ("bonuses",) and len(path) > 1:
        label, path = (
            [
                _name_of(
                    data["bonuses"][path[1]], gettext("bonus {number}", number=int(path[1]) + 1)
                )
            ],
            path[2:],
        )
    elif path[:2] == ("ranks", "steps") and len(path) > 2:
        step = data["ranks"]["steps"][path[2]]
        label, path = [_name_of(step, gettext("rank {number}", number=int(path[2]) + 1))], path[3:]
    names = [errors.quoted(part)[1:-1] for part in path if isinstance(part, str)]
    return [*label, ".".join(names)] if names else label


def _name_of(said: object, otherwise: str) -> str:
    name = said.get("name") if isinstance(said, dict) else None
    return quoted(name)[1:-1] if isinstance(name, str) and name else otherwise
