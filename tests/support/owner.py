"""What only the database's owner may do to rows."""

import os
from typing import Any


def as_owner(statement: str, *values: Any) -> None:
    """Change rows as the application may not. Triggers hold for the owner too."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        owner.execute(statement.encode(), values or None)
