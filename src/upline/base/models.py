"""What every domain uses and none owns."""

from functools import reduce
from operator import or_
from typing import ClassVar

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


class ToldTime(models.Model):
    """One row while this database believes the moments that it is told: as the demo company is
    built, whose year lies in the past, and in tests. Otherwise it dates by its own clock since when
    somebody has a right (base/migrations/moments.sql). Written by the owner of the tables alone."""

    id = models.SmallIntegerField(primary_key=True, default=1)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_told_time")]


class Attempt(models.Model):
    """A guess at a secret, or a call with a limit of its own. See base/attempts.py."""

    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=200)
    at = models.DateTimeField()
    in_flight = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["kind", "subject", "at"], name="attempt_subject")]


class StoredAnswer(models.Model):
    """The answer to a request that carried an Idempotency-Key. See base/unit.py. It is sealed with
    the key of the `member` who asked, or with the master key if no member did."""

    digest = models.BinaryField(primary_key=True)
    fingerprint = models.BinaryField()
    status = models.SmallIntegerField()
    sealed = models.BinaryField()
    member = models.ForeignKey(
        "members.Member", null=True, on_delete=models.CASCADE, related_name="+"
    )
    expires_at = models.DateTimeField(db_index=True)


class ByActor(models.Model):
    """Who made a row: `by_kind` says what acted, and which one of the keys names it. A worker, the
    shell and a visitor have no key. The keys carry no index of their own, since a commission run
    writes a million of these rows."""

    by_kind = models.CharField(max_length=10)
    by_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    by_member = models.ForeignKey(
        "members.Member", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    by_client = models.ForeignKey(
        "company.ApiClient", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        abstract = True


def names_its_actor(table: str) -> models.CheckConstraint:
    """Exactly the key of the actor's kind is set."""
    keys = {
        ActorKind.STAFF: "by_staff",
        ActorKind.MEMBER: "by_member",
        ActorKind.API_CLIENT: "by_client",
    }
    allowed = [
        Q(by_kind=kind.value, **{f"{key}__isnull": keys.get(kind) != key for key in keys.values()})
        for kind in ActorKind
    ]
    return models.CheckConstraint(condition=reduce(or_, allowed), name=f"{table}_names_its_actor")


class AuditEntry(ByActor):
    """One line of the audit log. See base/audit.py. `through` is the API client with which a member
    acts. `transaction` is the number of the transaction that wrote it; the database gives it
    (migrations/append_only.sql)."""

    at = models.DateTimeField(db_index=True)
    through = models.ForeignKey(
        "company.ApiClient", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
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
        indexes: ClassVar = [
            models.Index(
                fields=["by_staff"], condition=Q(by_staff__isnull=False), name="entries_of_staff"
            ),
            models.Index(
                fields=["by_member"], condition=Q(by_member__isnull=False), name="entries_of_member"
            ),
        ]
        constraints: ClassVar = [
            names_its_actor("entry"),
            models.CheckConstraint(
                condition=Q(through=None) | Q(by_kind=ActorKind.MEMBER.value),
                name="entry_through_a_client_of_a_member",
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
