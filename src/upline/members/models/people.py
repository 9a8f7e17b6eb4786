"""People: `User` signs in (staff and members alike), `Member` is what a member has beside it."""

from enum import StrEnum
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from upline.base import clock
from upline.catalog.models import Package
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


class Appearance(StrEnum):
    """In which colours somebody wants pages: those of their device, or always the same."""

    DEVICE = ""
    LIGHT = "light"
    DARK = "dark"


class User(AbstractBaseUser, PermissionsMixin):
    """Who signs in. `email` is the last confirmed address: reset links go there. `language` is an
    installed one that they chose, '' where they did not."""

    username = models.CharField(max_length=30)
    email = models.EmailField(blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=clock.now)
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    appearance = models.CharField(max_length=5, blank=True, default="", db_default="")
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
        """Whether signing in takes a code of an app, once one was confirmed."""
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
    `PackageFact` says from when it counts. `shows_contact`: they allow those above them to see
    e-mail address and mobile phone. Strings without a value are ''."""

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
    shows_contact = models.BooleanField(default=False, db_default=False)
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
