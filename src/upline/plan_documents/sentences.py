"""What pydantic finds, in words for the plan's owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from upline.language import gettext, lazy
from upline.plan_documents import bonus_keys, keys, kinds, market_keys
from upline.plan_documents.document import Document
from upline.plan_documents.errors import Path, all_of, did_you_mean, either, quoted, unknown
from upline.plan_documents.trade_words import meant_by

BONUSES: dict[str, type[bonus_keys.BonusKeys]] = {
    get_args(model.model_fields["kind"].annotation)[0]: model
    for model in get_args(get_args(kinds.AnyBonus)[0])
}
TABLES: dict[tuple[str, ...], type[BaseModel]] = {
    (): Document,
    ("active",): keys.ActiveKeys,
    ("ranks",): keys.RanksKeys,
    ("ranks", "steps"): keys.RankStepKeys,
    ("ranks", "steps", "legs"): keys.LegsKeys,
    ("ranks", "steps", "directs"): keys.Directs,
    ("ranks", "steps", "customers_with_orders"): keys.CustomersWithOrders,
    ("bonuses", "needs", "customers_with_orders"): keys.CustomersWithOrders,
    ("settlement",): keys.SettlementKeys,
    ("settlement", "service_charges"): keys.ServiceCharge,
    ("settlement", "taxes"): keys.TaxKeys,
    ("bonuses", "caps"): kinds.CapKeys,
    ("bonuses", "brackets"): kinds.BracketKeys,
}
OF_MARKETS: dict[tuple[str, ...], type[BaseModel]] = {
    (): market_keys.MarketKeys,
    ("bonuses",): market_keys.MarketBonusKeys,
    ("settlement",): market_keys.MarketSettlementKeys,
    ("settlement", "service_charges"): keys.ServiceCharge,
    ("settlement", "taxes"): keys.TaxKeys,
}
"""The keys below `[markets.CODE]`."""
PLAIN = {
    "missing": lazy("is missing."),
    "string_type": lazy("must be a text in quotes, not {said}."),
    "int_type": lazy("must be a whole number, not {said}."),
    "bool_type": lazy("must be true or false, not {said}."),
    "list_type": lazy("must be a list in square brackets, not {said}."),
    "dict_type": lazy("must be a table with an entry for each class, not {said}."),
    "model_type": lazy("must be a table of its own, not {said}."),
    "model_attributes_type": lazy("must be a table of its own, not {said}."),
    "greater_than_equal": lazy("must be {ge} or more, not {said}."),
    "less_than_equal": lazy("must be {le} or less, not {said}."),
    "string_too_long": lazy("must have at most {max_length} characters."),
    "string_too_short": lazy("must not be empty."),
    "too_short": lazy("must not be empty."),
    "too_long": lazy("has {actual_length} entries, but at most {max_length} are allowed."),
    "string_pattern_mismatch": lazy('must be month and day, such as "04-01", not {said}.'),
}


@dataclass(frozen=True, slots=True)
class Found:
    """An error: where, a sentence, and whether it is no more than a key that there is not."""

    path: Path
    sentence: str
    is_unknown_key: bool


def sentences(error: ValidationError, data: Mapping[str, Any]) -> list[Found]:
    """Every error of a validation."""
    return [
        Found(*_sentence(found, data), found["type"] == "extra_forbidden")
        for found in error.errors(include_url=False)
    ]


def _sentence(found: ErrorDetails, data: Mapping[str, Any]) -> tuple[Path, str]:
    path = _path(found["loc"], data, missing=found["type"] == "missing")
    context, said = found.get("ctx", {}), found["input"]
    match found["type"]:
        case "refused":
            return path, str(context["sentence"])
        case "extra_forbidden":
            return path, _no_such_key(path, data)
        case "union_tag_invalid":
            tag = str(context["tag"])
            sentence = gettext("there is no kind of bonus {name}", name=quoted(tag))
            return (*path, "kind"), unknown(sentence, tag, BONUSES)
        case "union_tag_not_found":
            return path, gettext("`kind` is missing: use {kinds}.", kinds=either(BONUSES))
        case "list_type" if isinstance(said, dict) and (len(path) == 1 or path[0] == "bonuses"):
            return path, gettext(
                "can appear more than once in a plan: write [[{table}]].", table=_dotted(path)
            )
        case "model_type" | "model_attributes_type" if _is_row(path, said):
            return path[:-1], gettext(
                "each entry is a table with its keys: write [[{table}]] for each.",
                table=_dotted(path),
            )
        case "model_type" | "model_attributes_type" if isinstance(said, list):
            return path, gettext("can appear only once: write [{table}].", table=_dotted(path))
        case "literal_error":
            return path, _not_among(found, data, path)
        case kind if kind in PLAIN:
            return path, PLAIN[kind].format(said=quoted(said), **context)
    return path, gettext("cannot be read.")


def _path(loc: Path, data: Any, *, missing: bool) -> Path:
    """The place in the file; pydantic's own marks of what it tried are left out."""
    path: list[str | int] = []
    for number, part in enumerate(loc):
        if _is_mark(loc, number):
            continue
        here = isinstance(data, dict) and part in data
        inside = isinstance(data, list) and isinstance(part, int) and part < len(data)
        if here or inside:
            path.append(part)
            data = data[part]
        elif missing and number == len(loc) - 1:
            path.append(part)
    return tuple(path)


def _is_mark(loc: Path, number: int) -> bool:
    """Whether a part only says what was tried: a bonus's kind, or that a table goes by class. In
    the file a key or a rank may be called the same."""
    if loc[0] == "bonuses" and number == 2:
        return True
    return loc[number] == "by class" and number < len(loc) - 1


def _is_row(path: Path, said: object) -> bool:
    return isinstance(said, list) and isinstance(path[-1], int)


def _dotted(path: Path) -> str:
    return ".".join(part for part in path if isinstance(part, str))


def _no_such_key(path: Path, data: Mapping[str, Any]) -> str:
    model, key = model_at(path[:-1], data), str(path[-1])
    known = [field.alias or name for name, field in model.model_fields.items()] if model else []
    hint = did_you_mean(gettext("there is no such key here"), key, known)
    trade = meant_by(key, known)
    above = _belongs_above(path, data)
    if trade or above:
        return above or trade
    if hint:
        return hint
    if path[:-1] and key in Document.model_fields:
        return gettext("belongs at the top of the file, before the first table.")
    also = sorted(kind for kind, found in BONUSES.items() if key in found.model_fields)
    if path[0] == "bonuses" and len(path) == 3 and also:
        return gettext("is not a key of this kind of bonus, only of {kinds}.", kinds=all_of(also))
    return gettext("there is no such key here (there are {keys}).", keys=", ".join(known))


def _belongs_above(path: Path, data: Mapping[str, Any]) -> str:
    """A sentence where the key is one of the table around this one; empty else."""
    table = tuple(part for part in path[:-1] if isinstance(part, str))
    if (table not in TABLES and table != ("bonuses", "needs")) or len(table) < 2:
        return ""
    around = path[: path.index(table[-1])]
    model, key = model_at(around, data), str(path[-1])
    if model is None or key not in model.model_fields:
        return ""
    if table[0] == "bonuses":
        return gettext(
            "belongs to the bonus itself. Write it above the bonus's `{table}`.", table=table[-1]
        )
    name = f"[{_dotted(around)}]" if isinstance(around[-1], str) else f"[[{_dotted(around)}]]"
    return gettext("belongs in {name}, not in its `{table}`.", name=name, table=table[-1])


def _not_among(found: ErrorDetails, data: Mapping[str, Any], path: Path) -> str:
    said, model = found["input"], model_at(path[:-1], data)
    field = model.model_fields.get(str(path[-1])) if model and path else None
    allowed = get_args(field.annotation) if field else ()
    flat = [word for part in allowed for word in (get_args(part) or [part])]
    words = [word for word in flat if isinstance(word, (str, int)) and word is not None]
    parts = {"words": either(words), "said": quoted(said)}
    sentence = gettext("must be {words}, not {said}", **parts)
    hint = did_you_mean(sentence, said, map(str, words)) if isinstance(said, str) else ""
    return hint or gettext("must be {words}, not {said}.", **parts)


def model_at(path: Path, data: Mapping[str, Any]) -> type[BaseModel] | None:
    """The keys that a table of the file may have."""
    names = tuple(part for part in path if isinstance(part, str))
    if names[:1] == ("markets",) and len(names) > 1:
        return OF_MARKETS.get(names[2:3] if names[2:3] == ("bonuses",) else names[2:])
    if names in TABLES:
        return TABLES[names]
    if names[:1] != ("bonuses",) or len(path) < 2:
        return None
    bonus = data["bonuses"][path[1]]
    model = BONUSES.get(str(bonus.get("kind"))) if isinstance(bonus, dict) else None
    if model is None or names == ("bonuses",):
        return model
    return type(model.model_fields["needs"].default) if names == ("bonuses", "needs") else None
