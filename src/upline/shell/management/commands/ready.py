"""`./upline ready`: whether a server can start here: version, secrets, clock."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from upline.base import clock, encryption
from upline.shell.command import ShellCommand
from upline.shell.earlier_versions import refuse_earlier_database


class Command(ShellCommand):
    help = "Check whether a server can start here: the database's version, the secrets, the clock."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_earlier_database(connection.alias)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise ImproperlyConfigured(
                "The database is not ready for this version. Run `./upline migrate`."
            )
        encryption.prove_secrets()
        try:
            clock.must_agree()
        except clock.ClockDiffers as refusal:
            raise ImproperlyConfigured(refusal.sentence) from refusal
        if options["verbosity"]:
            self.stdout.write("A server can start here.")
