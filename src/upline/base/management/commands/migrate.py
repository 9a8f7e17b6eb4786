"""`./upline migrate`: as the database's owner, then the application's rights."""

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections
from psycopg import sql

_READ_AND_WRITE = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role};
REVOKE TRUNCATE ON ALL TABLES IN SCHEMA public FROM {role};
"""
# The ledger is written by its own function only; facts and the audit log only grow.
_ONLY_READ = ("wallet_account", "wallet_transfer")
_ONLY_GROW = (
    "base_auditentry",
    "members_standingfact",
    "members_packagefact",
    "members_rankfact",
    "genealogy_placementfact",
    "genealogy_sponsorfact",
)
_NEVER_DELETED = ("payouts_payout", "payouts_batch", "commissions_run")


class Command(Migrate):
    help = "Bring the database to this version, as its owner (DATABASE_OWNER_URL)."

    def handle(self, *args: Any, **options: Any) -> None:
        if "owner" in settings.DATABASES:
            options["database"] = "owner"
        super().handle(*args, **options)
        if "owner" in settings.DATABASES:
            self._grant(settings.DATABASES["default"]["USER"])

    def _grant(self, role: str) -> None:
        """Give the application's role what it needs, and no way to rewrite history."""
        with connections["owner"].cursor() as cursor:
            name = sql.Identifier(role)
            cursor.execute(sql.SQL(_READ_AND_WRITE).format(role=name).as_string(cursor.connection))
            for table in _ONLY_READ:
                self._revoke(cursor, "INSERT, UPDATE, DELETE", table, name)
            for table in _ONLY_GROW:
                self._revoke(cursor, "UPDATE, DELETE", table, name)
            for table in _NEVER_DELETED:
                self._revoke(cursor, "DELETE", table, name)

    def _revoke(self, cursor: Any, rights: str, table: str, role: sql.Identifier) -> None:
        statement = sql.SQL("REVOKE {rights} ON {table} FROM {role}").format(
            rights=sql.SQL(rights), table=sql.Identifier(table), role=role
        )
        cursor.execute(statement.as_string(cursor.connection))
