"""`./upline migrate`: as the database's owner, then the application's rights."""

import time
from argparse import SUPPRESS
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections, transaction
from psycopg import errors, sql

from upline.shell.command import ShellCommand
from upline.shell.earlier_versions import record_migrations, refuse_earlier_database

_READ_AND_WRITE = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role};
REVOKE TRUNCATE ON ALL TABLES IN SCHEMA public FROM {role};
"""
# The ledger is written by its own function only; facts and the audit log only grow.
_ONLY_READ = ("base_appliedmigration", "wallet_account", "wallet_transfer")
_ONLY_GROW = (
    "base_auditentry",
    "wallet_exchange",
    "markets_currency",
    "markets_marketrate",
    "markets_taxrate",
    "members_erasure",
    "members_standingfact",
    "members_marketfact",
    "members_packagefact",
    "members_rankfact",
    "members_rightfact",
    "members_signinhelp",
    "epins_epinbatch",
    "genealogy_placementfact",
    "genealogy_sponsorfact",
)
# Old ones go in the nightly clean-up.
_NEVER_CHANGED = ("events_event",)
# Of these rows only some columns ever change, and none goes.
_ONLY_COLUMNS = {
    "epins_epin": ("balance", "owner_id", "expires_at", "blocked_at", "sealed"),
    "kyc_kycreview": ("note",),
    "orders_orderline": ("refunded_quantity", "buyer"),
    "orders_positionorder": ("position_id",),
    "payouts_batch": ("debtor_name", "debtor_iban", "debtor_bic", "execution_date"),
}
_NEVER_DELETED = (
    "genealogy_position",
    "markets_market",
    "members_stepasked",
    "payments_payment",
    "payments_surplus",
    "payments_paymentevent",
    "payouts_payout",
    "commissions_run",
    "orders_refundtosend",
)


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
            for table in _ONLY_READ:
                self._revoke(cursor, "INSERT, UPDATE, DELETE", table, name)
            for table in _ONLY_GROW:
                self._revoke(cursor, "UPDATE, DELETE", table, name)
            for table in _NEVER_CHANGED:
                self._revoke(cursor, "UPDATE", table, name)
            for table in _NEVER_DELETED:
                self._revoke(cursor, "DELETE", table, name)
            for table, columns in _ONLY_COLUMNS.items():
                self._revoke(cursor, "UPDATE, DELETE", table, name)
                self._let_update(cursor, table, columns, name)

    def _let_update(
        self, cursor: Any, table: str, columns: Iterable[str], role: sql.Identifier
    ) -> None:
        statement = sql.SQL("GRANT UPDATE ({columns}) ON {table} TO {role}").format(
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            table=sql.Identifier(table),
            role=role,
        )
        cursor.execute(statement.as_string(cursor.connection))

    def _revoke(self, cursor: Any, rights: str, table: str, role: sql.Identifier) -> None:
        statement = sql.SQL("REVOKE {rights} ON {table} FROM {role}").format(
            rights=sql.SQL(rights), table=sql.Identifier(table), role=role
        )
        cursor.execute(statement.as_string(cursor.connection))
