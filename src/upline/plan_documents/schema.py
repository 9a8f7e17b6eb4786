"""The published JSON Schema of a plan's file, for editors and other programs."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from upline.plan_documents.document import Document


class _OfToml(GenerateJsonSchema):
    """TOML has no null: what may be missing has no value to stand for that."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """The keys are titles enough."""
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """The schema of the value, where there is one."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Defaults are told in docs/plans/: the ones in here are in the core's units."""
        return self.generate_inner(schema["schema"])


def schema() -> dict[str, Any]:
    """The JSON Schema of a plan's file."""
    made = Document.model_json_schema(schema_generator=_OfToml)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "Compensation plan of Upline",
    }


def as_text() -> str:
    """The same, as it is published in docs/plans/schema.json."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
