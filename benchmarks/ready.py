"""Imported first by every benchmark: without the tests' environment it ends in a sentence."""

import importlib.util
import sys

NEEDED = ("django", "httpx", "networkx", "psycopg")

if not all(importlib.util.find_spec(name) for name in NEEDED):
    sys.exit(
        "Benchmarks run in the tests' environment: `./upline test tests/base` makes it, then "
        "start them with .venv/bin/python."
    )
