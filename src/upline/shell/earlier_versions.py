"""Databases of versions whose tables this one cannot take over."""

import hashlib
import sys
from collections.abc import Collection
from pathlib import Path

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.migrations import Migration, RunSQL
from django.db.migrations.loader import MigrationLoader

from upline.base.models import AppliedMigration

REFUSED = (
    "This database was made by an earlier version of Upline that cannot be updated. Start with an "
    "empty one: set DATA_DIR to another folder or DATABASE_URL to another database."
)


def refuse_earlier_database(alias: str) -> None:
    """Raises ImproperlyConfigured where the database has migrations that this version does not, or
    has them in another wording: until the first release, migrations are rewritten in place."""
    loader = MigrationLoader(connections[alias])
    applied = _ours(loader.applied_migrations)
    recorded = _recorded(alias)
    unknown = applied - loader.disk_migrations.keys()
    if unknown or (applied and recorded is None):
        raise ImproperlyConfigured(REFUSED)
    for key, digest in (recorded or {}).items():
        if key in applied and digest != _digest(loader.disk_migrations[key]):
            raise ImproperlyConfigured(REFUSED)


def record_migrations(alias: str) -> None:
    """Note the wording of each migration that the database has by now."""
    loader, known = MigrationLoader(connections[alias]), _recorded(alias) or {}
    AppliedMigration.objects.using(alias).bulk_create(
        (
            AppliedMigration(app=app, name=name, digest=_digest(loader.disk_migrations[app, name]))
            for app, name in sorted(_ours(loader.applied_migrations) - known.keys())
        ),
        ignore_conflicts=True,
    )


def _ours(migrations: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    labels = {app.label for app in apps.get_app_configs() if app.name.startswith("upline.")}
    return {(app, name) for app, name in migrations if app in labels}


def _recorded(alias: str) -> dict[tuple[str, str], str] | None:
    """None where the database is empty, or of a version that recorded none."""
    if AppliedMigration._meta.db_table not in connections[alias].introspection.table_names():
        return None
    rows = AppliedMigration.objects.using(alias).values_list("app", "name", "digest")
    return {(app, name): digest for app, name, digest in rows}


def _digest(migration: Migration) -> str:
    """Of its file and of the SQL files that it runs."""
    source = Path(str(sys.modules[migration.__module__].__file__)).read_text()
    scripts = [str(each.sql) for each in migration.operations if isinstance(each, RunSQL)]
    return hashlib.sha256("\0".join([source, *scripts]).encode()).hexdigest()
