"""The one company that this Upline runs: what is set once, and what the office may change."""

from django.conf import settings
from django.db import models

from upline.language import lazy


class PlanKind(models.TextChoices):
    """The shape of the placement tree."""

    BINARY = "binary", lazy("binary")
    UNILEVEL = "unilevel", lazy("unilevel")
    MATRIX = "matrix", lazy("matrix")


class Company(models.Model):
    """The company's single row, made by `./upline init`.

    The first six columns cannot change once a member exists (trigger in the migration).
    `settings` holds what differs from the defaults in company/settings.py; `version` rises
    with each change, so that a process knows when its copy is old."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    plan_currency = models.CharField(max_length=3)
    plan_exponent = models.SmallIntegerField()
    time_zone = models.CharField(max_length=50)
    first_weekday = models.SmallIntegerField(help_text="1 is Monday, 7 is Sunday")
    plan_kind = models.CharField(max_length=10, choices=PlanKind)
    matrix_width = models.SmallIntegerField(null=True)
    name = models.CharField(max_length=100)
    settings = models.JSONField(default=dict)
    version = models.IntegerField(default=1)

    class Meta:
        verbose_name_plural = "company"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_company"),
            models.CheckConstraint(
                condition=models.Q(plan_exponent__in=[0, 2, 3]), name="exponent_0_2_or_3"
            ),
            models.CheckConstraint(
                condition=models.Q(plan_kind=PlanKind.MATRIX, matrix_width__range=(2, 100))
                | ~models.Q(plan_kind=PlanKind.MATRIX) & models.Q(matrix_width=None),
                name="matrix_has_a_width",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ApiClient(models.Model):
    """A program that may call the API: it knows an api_key, of which we keep a keyed hash. `scopes`
    are the names of its rights (flows/permissions.py)."""

    name = models.CharField(max_length=100, unique=True)
    digest = models.BinaryField(unique=True)
    last_four = models.CharField(max_length=4)
    scopes = models.JSONField(default=list, help_text='a list, e.g. ["orders:report"]')
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "api key"

    def __str__(self) -> str:
        return self.name
