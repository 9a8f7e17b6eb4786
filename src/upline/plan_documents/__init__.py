"""Compensation plans as TOML files: read, checked, and turned into the core's `Plan`.

`read` and `parse` give a plan or raise `PlanErrors` with every sentence about what is wrong;
`warnings` says what its owner may not have meant; `find` knows the ready-made plans by name.
docs/plans/ explains each key, docs/plans/schema.json is the published JSON Schema.
"""

from upline.plan_documents.errors import PlanErrors
from upline.plan_documents.reading import find, parse, read, ready
from upline.plan_documents.remarks import warnings

__all__ = ["PlanErrors", "find", "parse", "read", "ready", "warnings"]
