"""Databases of versions whose tables this one cannot take over."""

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.migrations.loader import MigrationLoader

REFUSED = (
    "This database was made by an earlier version of Upline that cannot be updated. Start with an "
    "empty one: set DATA_DIR to another folder or DATABASE_URL to another database."
)


def refuse_earlier_database(alias: str) -> None:
    """Raises ImproperlyConfigured where the database has migrations that this version does not:
    until the first release, each app's migrations are rewritten to one set."""
    loader = MigrationLoader(connections[alias])
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("upline.")}
    if any(app in ours for app, _ in loader.applied_migrations.keys() - loader.disk_migrations):
        raise ImproperlyConfigured(REFUSED)
