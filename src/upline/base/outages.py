"""What tells a database that is away, or takes no changes, from a mistake of ours."""

import psycopg
from django.db import InterfaceError, OperationalError


def is_outage(error: BaseException | None) -> bool:
    """Whether the same request may well succeed in a moment, on this server or on its successor."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error and error.__cause__, psycopg.errors.ReadOnlySqlTransaction)
