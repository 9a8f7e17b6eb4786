"""What every domain uses and none owns."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from upline.base.actors import ActorKind


class PersonKey(models.Model):
    """The key that a member's secrets are sealed with, wrapped by a master key. Only members have
    one (members/migrations/person_keys.sql)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    wrapped = models.BinaryField()


class KeyCheck(models.Model):
    """One row: what tells whether a process has this installation's secrets. See encryption.py."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    sealed = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_key_check")]


class Attempt(models.Model):
    """A guess at a secret, or a call with a limit of its own. See base/attempts.py."""

    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=200)
    at = models.DateTimeField()
    in_flight = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["kind", "subject", "at"], name="attempt_subject")]


class StoredAnswer(models.Model):
    """The answer to a request that carried an Idempotency-Key. See base/unit.py."""

    digest = models.BinaryField(primary_key=True)
    fingerprint = models.BinaryField()
    status = models.SmallIntegerField()
    sealed = models.BinaryField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    expires_at = models.DateTimeField(db_index=True)


class AuditEntry(models.Model):
    """One line of the audit log. See base/audit.py.

    `actor_kind` says what acted, and which of the keys names it: `actor` a staff user or a member,
    `client_id` an API client, or the one through which a member acts. `transaction` is the number
    of the transaction that wrote it; the database gives it (migrations/append_only.sql)."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    client_id = models.BigIntegerField(null=True)
    actor_kind = models.CharField(max_length=10)
    address = models.CharField(max_length=45)
    request_id = models.CharField(max_length=64)
    event = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=120, db_index=True)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    facts = models.JSONField()
    transaction = models.BigIntegerField(db_default=0)

    class Meta:
        verbose_name_plural = "audit log"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(actor_kind=ActorKind.STAFF.value, actor__isnull=False, client_id=None)
                | Q(actor_kind=ActorKind.MEMBER.value, actor__isnull=False)
                | Q(actor_kind=ActorKind.API_CLIENT.value, actor=None, client_id__isnull=False)
                | Q(
                    actor_kind__in=[
                        ActorKind.WORKER.value,
                        ActorKind.SHELL.value,
                        ActorKind.VISITOR.value,
                    ],
                    actor=None,
                    client_id=None,
                ),
                name="entry_names_its_actor",
            ),
            models.CheckConstraint(
                condition=~Q(facts__has_key="amount") | Q(facts__has_key="currency"),
                name="audited_amount_has_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject}"


class AppliedMigration(models.Model):
    """The wording in which the database got a migration. See shell/earlier_versions.py."""

    app = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["app", "name"], name="migration_applied_once")
        ]
