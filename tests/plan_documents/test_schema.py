"""The published JSON Schema accepts what Upline accepts, and explains every key."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from plan_documents.documents import TOP, with_bonus
from upline.plan_documents import ready
from upline.plan_documents.schema import as_text

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "plans" / "schema.json"
SCHEMA = json.loads(PUBLISHED.read_text())


def as_json(said: Any) -> Any:
    """What JSON would say: dates as texts."""
    if isinstance(said, dict):
        return {key: as_json(value) for key, value in said.items()}
    if isinstance(said, list):
        return [as_json(value) for value in said]
    return said.isoformat() if isinstance(said, date) else said


def complaints(text: str) -> list[str]:
    """What the published schema says of a file."""
    data = as_json(tomllib.loads(text, parse_float=Decimal))
    judge = jsonschema.Draft202012Validator(SCHEMA)
    return [error.message for error in judge.iter_errors(data)]


def test_the_published_schema_is_the_one_in_use() -> None:
    assert PUBLISHED.read_text() == as_text(), "run ./upline plan schema > docs/plans/schema.json"


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", ready())
def test_a_ready_made_plan_keeps_to_the_schema(name: str) -> None:
    assert complaints(ready()[name].read_text()) == []


@pytest.mark.parametrize(
    "keys",
    [
        'kind = "levels"\nname = "x"\npercnts = [1]',
        'kind = "lewels"\nname = "x"\npercents = [1]',
        'kind = "levels"\npercents = [1]',
        'kind = "levels"\nname = "x"\npercents = [101]',
        'kind = "levels"\nname = "x"\npercents = ["ten"]',
        'kind = "levels"\nname = "x"\npercents = []',
        'kind = "levels"\nname = "x"\npercents = [1]\nneeds = {directs = 256}',
        'kind = "pool"\nname = "x"\npercent = -1',
    ],
)
def test_what_has_the_wrong_shape_is_refused_by_the_schema_too(keys: str) -> None:
    assert complaints(with_bonus(keys, TOP))


def keys_of(schema: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key that a table of the schema has."""
    for table, said in {"plan": schema, **schema["$defs"]}.items():
        for key, value in said.get("properties", {}).items():
            yield f"{table}.{key}", value


def test_every_key_is_explained() -> None:
    explained = {"description", "$ref", "const"}
    for name, said in keys_of(SCHEMA):
        assert explained & said.keys(), name
    for table, said in SCHEMA["$defs"].items():
        assert said["description"], table
