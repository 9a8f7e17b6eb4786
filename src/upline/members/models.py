"""People: `User` signs in (staff and members alike), `Member` is what a member has beside it."""

from enum import StrEnum
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models.functions import Lower

from upline.base import clock
from upline.base.models import ByActor, names_its_actor
from upline.catalog.models import Package
from upline.company.models import ApiClient
from upline.language import lazy
from upline.markets.models import Market
from upline.pictures.models import Picture


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        """Usernames are found without regard to case."""
        return self.get(username__iexact=username)


class StaffStatus(StrEnum):
    """What becomes of a staff user: invited until the first password is chosen."""

    INVITED = "invited"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class User(AbstractBaseUser, PermissionsMixin):
    """Who signs in. `email` is the last confirmed address: reset links go there. `language` is an
    installed one that they chose, '' where they did not."""

    username = models.CharField(max_length=30)
    email = models.EmailField(blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=clock.now)
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    own_member = models.ForeignKey(
        "Member", null=True, on_delete=models.PROTECT, related_name="+",
        help_text="The member account of a staff user: they decide nothing about it.",
    )  # fmt: skip

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("username"), name="username_any_case")]
        indexes = [models.Index(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.username

    @property
    def staff_status(self) -> StaffStatus:
        """What becomes of a staff user: `invited` until the first password is chosen."""
        if not self.is_active:
            return StaffStatus.DEACTIVATED
        return StaffStatus.ACTIVE if self.has_usable_password() else StaffStatus.INVITED

    @property
    def has_second_factor(self) -> bool:
        found = getattr(self, "second_factor", None)
        return found is not None and found.confirmed_at is not None


class MemberKind(models.TextChoices):
    """What a person is to the company: a member stands in the network, a customer only buys. Also
    the class of buyer of an order line."""

    MEMBER = "member", lazy("member")
    RETAIL = "retail", lazy("retail customer")
    PREFERRED = "preferred", lazy("preferred customer")


class Standing(models.TextChoices):
    """How a member stands with the company."""

    ACTIVE = "active", lazy("active")
    BLOCKED = "blocked", lazy("blocked")
    CLOSED = "closed", lazy("closed")


class Member(models.Model):
    """A member of the network, or a customer (`kind`); the row's key is the user's id.

    `joined_at` is when the row was made, `member_since` when they became a member; null for
    customers, who have no place in the trees, no package, no rank and no earnings.
    `email` is the address shown, `user.email` the one that mails go to; `email_confirmed_at` is
    when the link mailed to a new address was used, until mails go there (protection.py).
    `package` is the package chosen at signup, or the one before where it was refunded;
    `PackageFact` says from when it counts. Strings without a value are ''."""

    GENDERS: ClassVar = [("M", lazy("male")), ("F", lazy("female"))]
    user = models.OneToOneField(User, primary_key=True, on_delete=models.PROTECT)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    package = models.ForeignKey(Package, null=True, on_delete=models.PROTECT)
    rank_name = models.CharField(max_length=60, blank=True)
    standing = models.CharField(max_length=7, choices=Standing, default=Standing.ACTIVE)
    kind = models.CharField(max_length=9, choices=MemberKind, default=MemberKind.MEMBER)
    member_since = models.DateTimeField(null=True)
    firstname = models.CharField(max_length=100)
    lastname = models.CharField(max_length=100, blank=True)
    gender = models.CharField(max_length=1, blank=True, choices=GENDERS)
    date_of_birth = models.DateField(null=True)
    address_line1 = models.CharField(max_length=200, blank=True)
    address_line2 = models.CharField(max_length=200, blank=True)
    country_id = models.SmallIntegerField(null=True)
    state_id = models.IntegerField(null=True)
    city = models.CharField(max_length=100, blank=True)
    zip_code = models.CharField(max_length=20, blank=True)
    email = models.EmailField()
    email_confirmed_at = models.DateTimeField(null=True)
    mobile = models.CharField(max_length=20)
    landline = models.CharField(max_length=20, blank=True)
    bank_sealed = models.BinaryField(null=True)
    picture = models.ForeignKey(Picture, null=True, on_delete=models.PROTECT)
    transaction_password = models.CharField(max_length=128, blank=True)
    preferred_side = models.SmallIntegerField(default=1, help_text="1 is left, 2 is right")
    joined_at = models.DateTimeField()
    terms_version = models.CharField(max_length=40)
    terms_agreed_at = models.DateTimeField()
    terms_address = models.CharField(max_length=45)

    class Meta:
        permissions: ClassVar = [
            ("help_sign_in", "Can send links to set passwords, and unlock sign-in"),
            ("view_bank", "Can see bank data"),
            ("move_market", "Can move members to another market"),
            ("block_member", "Can block and unblock members"),
            ("close_member", "Can end memberships"),
        ]
        indexes = [
            models.Index(Lower("email"), name="member_email_any_case"),
            models.Index(fields=["email_confirmed_at"], name="member_email_waits",
                         condition=models.Q(email_confirmed_at__isnull=False)),
        ]  # fmt: skip
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind=MemberKind.MEMBER, member_since__isnull=False)
                | models.Q(~models.Q(kind=MemberKind.MEMBER), member_since=None),
                name="member_since_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=MemberKind.MEMBER) | models.Q(package=None, rank_name=""),
                name="customer_without_package_and_rank",
            ),
        ]

    def __str__(self) -> str:
        return self.user.username


class AccessToken(models.Model):
    """A token of the API, of which we keep a keyed hash; valid only for its api client."""

    digest = models.BinaryField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(db_index=True)


class SecondFactor(models.Model):
    """The authenticator app of somebody who signs in. It counts once it is confirmed.

    `sealed` is its secret under the person's own key; `last_step` the time step of the last
    code that was used, so that no code works twice."""

    user = models.OneToOneField(
        User, primary_key=True, on_delete=models.CASCADE, related_name="second_factor"
    )
    sealed = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """A code for when the app is lost, of which we keep a keyed hash; deleted when it is used."""

    digest = models.BinaryField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")


class OfficeSession(models.Model):
    """A browser in which a staff user is signed in. It ends with its row, or with Django's.

    `confirmed_at` is when the person last proved who they are: by signing in, or again."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    browser = models.CharField(max_length=300)
    address = models.CharField(max_length=45)
    signed_in_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()


class ProtectedKind(models.TextChoices):
    """What a protected change changed."""

    EMAIL = "email", lazy("e-mail address")
    BANK = "bank", lazy("bank account")
    PASSWORD = "password", lazy("password")
    TRANSACTION_PASSWORD = "transaction_password", lazy("transaction password")
    IDENTITY = "identity", lazy("name, date of birth or country")


class ProtectedChange(models.Model):
    """A change through which an account could be taken over. See protection.py.

    `before_sealed` is what an undo brings back: the member's `bank_sealed` as it was, b"" where
    there was none. Of bank data only, and only for as long as the change can be undone."""

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="protected_changes", db_index=False
    )
    kind = models.CharField(max_length=20, choices=ProtectedKind)
    at = models.DateTimeField()
    before_sealed = models.BinaryField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["member", "-at"], name="protected_changes_of_member"),
            models.Index(
                fields=["at"],
                condition=models.Q(before_sealed__isnull=False),
                name="protected_changes_sealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of member {self.member_id}"


class LinkPurpose(models.TextChoices):
    """What a mailed link is for."""

    LOGIN_PASSWORD = "login_password", lazy("set a new password")
    TRANSACTION_PASSWORD = "transaction_password", lazy("set a new transaction password")
    CONFIRM_EMAIL = "confirm_email", lazy("confirm an e-mail address")
    UNDO_CHANGE = "undo_change", lazy("undo a change")
    CONFIRM_ORDER = "confirm_order", lazy("confirm an order")
    STAFF_INVITATION = "staff_invitation", lazy("choose the first password of a staff user")
    STAFF_PASSWORD = "staff_password", lazy("choose a new password of a staff user")


class MailedLink(models.Model):
    """A link that a mail carried: works once, until it expires. `about` names what it is for,
    where the purpose does not: the change to undo, the order to confirm."""

    digest = models.BinaryField(primary_key=True)
    purpose = models.CharField(max_length=20, choices=LinkPurpose)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    email = models.EmailField(blank=True)
    about = models.CharField(max_length=20, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class KnownNetwork(models.Model):
    """The network that somebody set their password from lately. See devices.py."""

    user = models.OneToOneField(
        User, primary_key=True, on_delete=models.CASCADE, related_name="known_network"
    )
    network = models.CharField(max_length=50)
    until = models.DateTimeField(db_index=True)


class Fact(ByActor):
    """What held for a member from a moment on. Append-only: a run may ask about any day."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        abstract = True
        constraints: ClassVar = [names_its_actor("%(class)s")]


class StandingFact(Fact):
    """joined, blocked, active again, closed."""

    standing = models.CharField(max_length=7)
    reason = models.CharField(max_length=300, blank=True)


class PackageFact(Fact):
    """The membership package that counts for plans; null: none does. `order_number` is the order
    that bought it, '' where none did."""

    package = models.ForeignKey(Package, null=True, on_delete=models.PROTECT, related_name="+")
    order_number = models.CharField(max_length=20, default="", blank=True)


class RankFact(Fact):
    """The rank reached."""

    rank_name = models.CharField(max_length=60)


class MarketFact(Fact):
    """The market that the member belongs to, in whose currency they order, are paid and earn."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")


class RightFact(models.Model):
    """A staff user got a right, or lost it. The last row of a right counts; a right without one is
    as old as the user. Only added to."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    right = models.CharField(max_length=60)
    is_held = models.BooleanField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")


class SignInHelp(models.Model):
    """Somebody had a hand in how a staff user signs in: invited them, had a link made, changed
    their address, reset their second factor. `actor` is null on the server. Only added to."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class StepStatus(models.TextChoices):
    """What became of a step that somebody asked for."""

    ASKED = "asked", lazy("asked")
    AGREED = "agreed", lazy("agreed")
    REFUSED = "refused", lazy("refused")
    WITHDRAWN = "withdrawn", lazy("withdrawn")
    EXPIRED = "expired", lazy("expired")


class StepAsked(models.Model):
    """A staff user asked for a step that takes two people. Another does the same and agrees, or
    refuses with an `answer`; whoever asked may withdraw it.

    `event` is the audit event of the step, `arguments` what its flow is called with, as JSON;
    `what` names it: both want the same. `subject` is what it is about, `person` whom it concerns.
    `amount` is in minor units of `currency`, null unless it moves one. See asked_steps.sql."""

    event = models.CharField(max_length=60)
    right = models.CharField(max_length=60)
    what = models.CharField(max_length=300)
    arguments = models.JSONField()
    subject = models.CharField(max_length=120, blank=True)
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    status = models.CharField(max_length=9, choices=StepStatus, default=StepStatus.ASKED)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "asked step"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["right", "what", "actor"],
                condition=models.Q(status=StepStatus.ASKED),
                name="step_asked_once",
            ),
            models.CheckConstraint(
                condition=models.Q(status=StepStatus.ASKED, closed_by=None, closed_at=None)
                | models.Q(status=StepStatus.EXPIRED, closed_by=None, closed_at__isnull=False)
                | models.Q(
                    status=StepStatus.WITHDRAWN,
                    closed_by=models.F("actor"),
                    closed_at__isnull=False,
                )
                | models.Q(
                    ~models.Q(closed_by=models.F("actor")),
                    status__in=[StepStatus.AGREED, StepStatus.REFUSED],
                    closed_by__isnull=False,
                    closed_at__isnull=False,
                ),
                name="step_closed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.pk}"
