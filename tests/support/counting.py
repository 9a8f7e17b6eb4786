"""How many statements something asks the database, whichever way it asks."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from upline.base import sql


def statements(work: Callable[[], object]) -> list[str]:
    """Each statement that ran meanwhile: Django's, and those of base/sql.py, which goes past it."""
    own: list[str] = []
    sql._kept.seen = own
    try:
        with CaptureQueriesContext(connection) as found:
            work()
    finally:
        sql._kept.seen = None
    return own + [query["sql"] for query in found]
