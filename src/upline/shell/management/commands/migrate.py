"""`./upline migrate`: as the database's owner, then the application's rights."""

import time
from argparse import SUPPRESS
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections, transaction
from psycopg import errors, sql

from upline.shell import table_rights
from upline.shell.command import ShellCommand
from upline.shell.earlier_versions import record_migrations, refuse_earlier_database

_READ_AND_WRITE = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role};
REVOKE TRUNCATE ON ALL TABLES IN SCHEMA public FROM {role};
"""
_REVOKE = "REVOKE {rights} ON {table} FROM {role}"
_COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
_GRANT = "GRANT {rights} ON {table} TO {role}"


# Whoever waits for a table's lock holds up everybody who comes after: a site that works must not
# stand still behind a migration that stands behind a long report.
_LOCK_TIMEOUT = "3s"
_TRIES = 30
_PAUSE_SECONDS = 2


class Command(ShellCommand, Migrate):
    help = "Update the database to this version, as its owner (DATABASE_OWNER_URL)."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        for option in parser._actions:  # Django's work as they do there, unshown
            if "--help" not in option.option_strings:
                option.help = SUPPRESS

    def handle(self, *args: Any, **options: Any) -> None:
        if "owner" in settings.DATABASES:
            options["database"] = "owner"
        refuse_earlier_database(options["database"])
        self._migrate(*args, **options)
        record_migrations(options["database"])
        self._let_events_go_on(options["database"])
        role = settings.DATABASES["default"]["USER"]
        if "owner" in settings.DATABASES and role != settings.DATABASES["owner"]["USER"]:
            self._grant(role)

    def _migrate(self, *args: Any, **options: Any) -> None:
        """Each migration is one transaction, so what is done stays done when the next one has to
        be tried again."""
        for tries_remaining in reversed(range(_TRIES)):
            try:
                with connections[options["database"]].cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, false)", [_LOCK_TIMEOUT])
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if not (tries_remaining and isinstance(error.__cause__, errors.LockNotAvailable)):
                    raise
                self._forget(options["database"])
                self.stderr.write("A table is in use. Trying again in a moment.")
                time.sleep(_PAUSE_SECONDS)

    def _let_events_go_on(self, alias: str) -> None:
        """After a restore on another server, whose transactions have lower numbers."""
        with transaction.atomic(alias), connections[alias].cursor() as cursor:
            cursor.execute("SELECT to_regproc('events_go_on') IS NOT NULL")
            if cursor.fetchone() == (True,):
                cursor.execute("SELECT events_go_on()")

    def _forget(self, alias: str) -> None:
        """Go on with a fresh connection: constraints are made when Django leaves the transaction,
        and one that fails there leaves the old connection inside of it."""
        connections[alias].close()
        del connections[alias]

    def _grant(self, role: str) -> None:
        """Give the application's role what it needs, and no way to rewrite history."""
        with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
            name = sql.Identifier(role)
            cursor.execute(sql.SQL(_READ_AND_WRITE).format(role=name).as_string(cursor.connection))
            for table in table_rights.READ:
                self._change(cursor, _REVOKE, "INSERT, UPDATE, DELETE", table, name)
            for table in table_rights.ADD:
                self._change(cursor, _REVOKE, "UPDATE, DELETE", table, name)
            for table in table_rights.ADD_AND_DELETE:
                self._change(cursor, _REVOKE, "UPDATE", table, name)
            for table, columns in table_rights.UPDATE.items():
                self._change(cursor, _REVOKE, "DELETE", table, name)
                self._only_columns(cursor, "UPDATE", table, columns, name)
            for table, kept in table_rights.KEEP.items():
                self._change(cursor, _REVOKE, "DELETE", table, name)
                cursor.execute(_COLUMNS, [table])
                others = [column for (column,) in cursor.fetchall() if column not in kept]
                self._only_columns(cursor, "UPDATE", table, others, name)
            for table, columns in table_rights.INSERT.items():
                self._only_columns(cursor, "INSERT", table, columns, name)

    def _only_columns(
        self, cursor: Any, right: str, table: str, columns: Sequence[str], role: sql.Identifier
    ) -> None:
        """The right for some columns in place of all; none named are all."""
        if columns:
            listed = f"{right} ({', '.join(columns)})"
            self._change(cursor, _REVOKE, right, table, role)
            self._change(cursor, _GRANT, listed, table, role)

    def _change(
        self, cursor: Any, change: str, rights: str, table: str, role: sql.Identifier
    ) -> None:
        statement = sql.SQL(change).format(
            rights=sql.SQL(rights), table=sql.Identifier(table), role=role
        )
        cursor.execute(statement.as_string(cursor.connection))
