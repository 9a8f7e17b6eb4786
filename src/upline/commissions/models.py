"""Commissions: the plans in force, the runs under them, what each member earned."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from upline.language import lazy
from upline.markets.models import Currency, Market
from upline.members.models import Member, User

CALENDAR_NAME_MAX = 40


class PlanVersion(models.Model):
    """A plan that is in force from a day on, until the next one. Never changed.

    `text` is its document, `digest` the SHA-256 of it. `packages` has, for each package that the
    plan names, the ids of the catalogue's packages that it meant when it was put in force."""

    since = models.DateField(unique=True)
    name = models.CharField(max_length=200)
    text = models.TextField()
    digest = models.BinaryField()
    packages = models.JSONField(default=list)
    put_at = models.DateTimeField()
    put_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ("view",)
        permissions: ClassVar = [("use_plan", "Can put a plan in force")]

    def __str__(self) -> str:
        return f"{self.name} from {self.since}"


class RunStatus(models.TextChoices):
    """The steps of a run."""

    OPEN = "open", lazy("open")
    COMPUTED = "computed", lazy("computed")
    REVIEWED = "reviewed", lazy("reviewed")
    APPROVED = "approved", lazy("approved")
    PAID = "paid", lazy("paid")
    CLOSED = "closed", lazy("closed")


class Run(models.Model):
    """One period under one plan, from open to closed. Amounts in minor units.

    `every` is the name of the calendar that the period is of, as the plan has it (`Every`).
    All runs form one chain: `previous` is the run whose carry this one takes over. `cursor` is
    the last member that was paid, `refunds` how many refunds of the period's orders the
    computation saw. `gross` is what bonuses came to, `paid` what members get, both with `turnover`
    in plan currency. Two people can drop a run that nobody has reviewed."""

    plan = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="runs")
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    every = models.CharField(max_length=CALENDAR_NAME_MAX)
    first_day = models.DateField()
    last_day = models.DateField()
    status = models.CharField(max_length=8, choices=RunStatus, default=RunStatus.OPEN)
    inputs_hash = models.BinaryField(null=True)
    outputs_hash = models.BinaryField(null=True)
    turnover = models.BigIntegerField(default=0)
    gross = models.BigIntegerField(default=0)
    paid = models.BigIntegerField(default=0)
    lines = models.BigIntegerField(default=0)
    members = models.BigIntegerField(default=0)
    refunds = models.BigIntegerField(default=0)
    cursor = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    computed_at = models.DateTimeField(null=True)
    computed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    paid_at = models.DateTimeField(null=True)
    paid_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("open_run", "Can open commission runs"),
            ("compute_run", "Can compute commission runs"),
            ("review_run", "Can review commission runs"),
            ("approve_run", "Can approve commission runs that somebody else reviewed"),
            ("pay_run", "Can pay commission runs"),
            ("close_run", "Can close commission runs"),
            ("drop_run", "Can drop commission runs that were opened by mistake"),
            ("forfeit_run", "Can let the company keep what a closed member cannot be paid"),
        ]
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["every", "last_day"], name="one_run_per_period"),
            models.UniqueConstraint(
                fields=["previous"], name="runs_form_one_chain", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="run_first_day_first"
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("reviewed_by")) & ~Q(approved_by=F("opened_by")),
                name="run_approved_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[RunStatus.OPEN, RunStatus.COMPUTED],
                    reviewed_by=None,
                    approved_by=None,
                )
                | Q(status=RunStatus.REVIEWED, reviewed_by__isnull=False, approved_by=None)
                | Q(
                    status__in=[RunStatus.APPROVED, RunStatus.PAID, RunStatus.CLOSED],
                    reviewed_by__isnull=False,
                    approved_by__isnull=False,
                ),
                name="run_state_names_who",
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.pk}: {self.every} to {self.last_day}"


class RunMarket(models.Model):
    """A market in a run that met several currencies: the rates of the run's last day, and what the
    run came to there, in minor units of the market's currency.

    `per_unit` and `per_point` as in `MarketRate`; `turnover`: the value of all orders that the
    market sold; `gross`, `paid` and `members` are sums of the earnings of its members."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="markets", db_index=False)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+", db_index=False)
    currency = models.ForeignKey(
        Currency, on_delete=models.PROTECT, related_name="+", db_column="currency", db_index=False
    )
    per_unit = models.BigIntegerField()
    per_point = models.BigIntegerField(null=True)
    turnover = models.BigIntegerField()
    gross = models.BigIntegerField()
    paid = models.BigIntegerField()
    members = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["run", "market"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "market"], name="run_market_once"),
            models.CheckConstraint(
                condition=Q(per_unit__gt=0) & (Q(per_point=None) | Q(per_point__gte=0)),
                name="run_rate_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"market {self.market_id} in run {self.run_id}"


class Earning(models.Model):
    """What one run comes to for one member, in minor units of `currency`, that of the market that
    the member was in when the run was computed.

    `gross` less `ceiling`, `charges` and `tax`, and with `carried` (above zero: held earlier and
    paid now; below: held now), is `total`; `purchase` of it can only buy. Below zero it is taken
    back, and so may each part be. Ranks are numbers of the run's plan, 0 for none. The run's
    millions of rows carry no foreign keys."""

    pk = models.CompositePrimaryKey("run_id", "member_id")
    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, related_name="earnings", db_constraint=False, db_index=False
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    market = models.ForeignKey(
        Market, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    currency = models.CharField(max_length=3)
    gross = models.BigIntegerField()
    ceiling = models.BigIntegerField()
    charges = models.BigIntegerField()
    tax = models.BigIntegerField()
    carried = models.BigIntegerField()
    total = models.BigIntegerField()
    purchase = models.BigIntegerField()
    rank = models.SmallIntegerField()
    title = models.SmallIntegerField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    total=F("gross") - F("ceiling") - F("charges") - F("tax") + F("carried")
                ),
                name="earning_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(purchase__gte=0, purchase__lte=F("total"))
                | Q(purchase__lte=0, purchase__gte=F("total")),
                name="earning_purchase_is_a_part",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in run {self.run_id}"


class Withheld(models.Model):
    """A member who was blocked when the run was paid, and is paid by a later `run pay`; or, where
    the member is closed and somebody has said so, never: then it is forfeited."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="withheld", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    forfeited_at = models.DateTimeField(null=True)
    forfeited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "member"], name="withheld_once"),
            models.CheckConstraint(
                condition=Q(forfeited_at=None, forfeited_by=None, reason="")
                | Q(forfeited_at__isnull=False, forfeited_by__isnull=False) & ~Q(reason=""),
                name="forfeited_by_somebody_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} of run {self.run_id}"


class Clawback(models.Model):
    """By its number a line of a run that takes back of a line of an earlier one, and an order that
    was refunded: a row for each such order. `amount`, below zero, is what that line loses, in its
    own currency: the member may be paid in another one by now."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.IntegerField()
    of_run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    of_number = models.IntegerField()
    amount = models.BigIntegerField()
    order_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "number", "order_id"], name="taken_back_once_for_an_order"
            ),
            models.CheckConstraint(condition=Q(of_run__lt=F("run")), name="of_an_earlier_run"),
        ]

    def __str__(self) -> str:
        return f"line {self.of_number} of run {self.of_run_id} in run {self.run_id}"


class ArchivePiece(models.Model):
    """A megabyte at most of what a run is kept as: Parquet files, cut into numbered pieces."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+", db_index=False)
    part = models.CharField(max_length=40)
    number = models.IntegerField()
    bytes = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "part", "number"], name="archived_once")
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.number} of run {self.run_id}"


class Interim(models.Model):
    """A period that is still running, calculated as things were `at` a moment; never paid.

    `every` as in `Run`. It began with what `stands_on` carries (None: nothing was), after it
    `waiting` periods that have ended and that no run was computed for. `books` is what was seen:
    where nothing else is to be seen, there is nothing to work out anew. `bonuses` are those of the
    period: number in the plan, name, and what its legs count ("points", "value", "" for none);
    `ranks` names."""

    every = models.CharField(max_length=CALENDAR_NAME_MAX, unique=True)
    plan = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="+")
    stands_on = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="+")
    waiting = models.IntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    at = models.DateTimeField()
    books = models.TextField()
    bonuses = models.JSONField()
    ranks = models.JSONField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.every} to {self.last_day} so far"


class InterimEarning(models.Model):
    """What one bonus (its number in the plan) comes to for one member so far, in minor units of
    `currency`, that of the market that the member was in then; and what stands in a binary's legs,
    in plan currency: brought over and entered, and of it what was brought over. A binary has a row
    for each of the member's positions, other bonuses have position 0. Only where it is not
    nothing."""

    pk = models.CompositePrimaryKey("interim_id", "member_id", "bonus", "position_id")
    interim = models.ForeignKey(
        Interim, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    bonus = models.SmallIntegerField()
    position_id = models.BigIntegerField()
    amount = models.BigIntegerField()
    left_volume = models.BigIntegerField()
    right_volume = models.BigIntegerField()
    left_brought = models.BigIntegerField()
    right_brought = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.member_id} so far"


class InterimRank(models.Model):
    """The rank that a member would be paid as, by its number in the plan; only who has one."""

    pk = models.CompositePrimaryKey("interim_id", "member_id")
    interim = models.ForeignKey(
        Interim, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    rank = models.SmallIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.member_id} so far"


class InterimTeam(models.Model):
    """What the longest of the running periods has seen of a member so far: their own points and
    those of their team (in the tree that the plan's ranks count in), in hundredths; whether they
    are active; and how near they are to the next rank, in percent, by the condition that is
    furthest away. Only where one of these is not nothing."""

    pk = models.CompositePrimaryKey("interim_id", "member_id")
    interim = models.ForeignKey(
        Interim, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    own_points = models.BigIntegerField()
    team_points = models.BigIntegerField()
    is_active = models.BooleanField()
    nearness = models.SmallIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.member_id} so far"
