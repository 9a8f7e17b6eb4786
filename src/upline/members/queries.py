"""Looking people up."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower

from upline.base import clock, encryption, sql
from upline.language import choosing
from upline.markets import current as markets
from upline.markets.queries import MarketFacts
from upline.members import statements
from upline.members.errors import (
    ConfirmationUsedUp,
    InvitationUsedUp,
    LinkUsedUp,
    LoginBlocked,
    UndoUsedUp,
    UsernameNotFound,
)
from upline.members.models import (
    LinkPurpose,
    MailedLink,
    MemberKind,
    PackageFact,
    Standing,
    User,
)
from upline.members.statements import HeldPackage

# How words and numbers are compared is in migrations/search.sql.
_MATCHING = "SELECT user_id FROM members_member WHERE search @@ members_search_query(%s)"


@dataclass(frozen=True)
class Caller:
    """Who calls: an api client and, unless the call is open to it alone, a member or a customer.

    `scopes` are the names of the api client's rights. `token_used_at` is about when the token was
    used before; `market_id` the person's market."""

    client_id: int
    scopes: frozenset[str]
    member_id: int
    username: str
    token_used_at: datetime | None = None
    market_id: int | None = None
    kind: MemberKind = MemberKind.MEMBER

    @property
    def is_retail(self) -> bool:
        """Whether they pay the price for retail customers."""
        return self.kind == MemberKind.RETAIL

    @property
    def currency(self) -> str:
        """That of the member's market: what the member pays and is paid in."""
        known = self.market_id
        return (markets.market(known) if known else market_of(self.member_id)).currency


class Person(NamedTuple):
    """A user with what signing in and paying need. `member_id` and `kind` are None for staff."""

    id: int
    username: str
    email: str
    password: str
    is_active: bool
    is_staff: bool
    member_id: int | None
    kind: str | None
    standing: str | None
    transaction_password: str | None
    preferred_side: int | None
    market_id: int | None

    @property
    def may_act(self) -> bool:
        """Whether they can sign in and change anything."""
        return self.is_active and self.standing == Standing.ACTIVE

    @property
    def may_sponsor(self) -> bool:
        """Whether new people can name them as their sponsor."""
        return self.may_act and self.kind == MemberKind.MEMBER

    @property
    def currency(self) -> str:
        """That of the member's market; '' for staff."""
        return markets.market(self.market_id).currency if self.market_id else ""


def find_caller(api_key: str, access_token: str) -> tuple[int, Caller | None]:
    """The version of the company's settings, and the caller as far as known.

    `client_id` 0 says that the api_key is wrong, `member_id` 0 that the token is. With an api_key
    of '' the token is that of a browser in the portal."""
    row = sql.one(
        statements.CallerRow,
        statements.CALLER,
        {
            "api_key": encryption.digest("api_key", api_key),
            "access_token": encryption.digest("access_token", access_token),
            "now": clock.now(),
        },
    )
    if row is None:
        return 0, None
    return row.version, Caller(
        client_id=row.client_id or 0,
        scopes=frozenset(json.loads(row.scopes or "[]")),
        member_id=row.member_id or 0 if row.user_id else 0,
        username=row.username or "",
        token_used_at=row.last_used_at,
        market_id=row.market_id if row.user_id else None,
        kind=MemberKind(row.kind or MemberKind.MEMBER),
    )


def find_person(username: str) -> Person | None:
    """A user by name, without regard to case. Names are ASCII: what the database would fold
    onto one from elsewhere is nobody's, and is counted as nobody's."""
    if not username.isascii():
        return None
    return sql.one(Person, statements.BY_USERNAME, [username])


def taken_of(usernames: Sequence[str]) -> set[str]:
    """Those of these usernames, in lower case, that somebody has."""
    statement = "SELECT lower(username) FROM members_user WHERE lower(username) = ANY (%s)"
    return set(sql.values(str, statement, [list(usernames)]))


def find_by_address(email: str) -> list[Person]:
    """The members who may act and whose confirmed address this is, without regard to the case of
    ASCII letters, by username. What the database would fold onto one from elsewhere is none."""
    found = sql.rows(Person, statements.BY_ADDRESS, [email])
    return [each for each in found if each.may_act and (email.isascii() or each.email == email)]


def find_owner_of_address(email: str) -> Person | None:
    """The member who may act whom a confirmed address stands for: of several the one who joined
    first. An address that somebody joins with is nobody's proof, so a newcomer takes it from
    nobody; to change to it later takes the link that is mailed to it."""
    return min(find_by_address(email), key=lambda each: each.id, default=None)


def find_staff(asked: str) -> list[User]:
    """The staff users who may sign in and get mails: the one of this username, or all of this
    e-mail address, both without regard to the case of ASCII letters."""
    sought = Lower("email" if "@" in asked else "username")
    found = User.objects.alias(sought=sought).filter(
        sought=Lower(Value(asked)), is_staff=True, is_active=True
    )
    living = found.exclude(email="").order_by("pk")
    return [user for user in living if asked.isascii() or user.email == asked]


def find_member(username: str, field: str) -> Person:
    """A member or customer by name. Raises UsernameNotFound, naming the parameter it came from."""
    person = find_person(username)
    if person is None or person.member_id is None or person.standing == Standing.CLOSED:
        raise UsernameNotFound(fields={field: UsernameNotFound.sentence})
    return person


def market_of(member_id: int) -> MarketFacts:
    """The market that a member belongs to."""
    statement = "SELECT market_id FROM members_member WHERE user_id = %s"
    return markets.market(sql.number(statement, [member_id]))


class _Speaks(NamedTuple):
    """The language that somebody chose, '' for none, and a member's market."""

    language: str
    market_id: int | None


def language_of(user_id: int) -> str:
    """What to speak to somebody who signs in, as the tag of an installed language: what they chose,
    else the default language of a member's market, or of the home market."""
    found = sql.one(
        _Speaks,
        """SELECT person.language, member.market_id FROM members_user person
           LEFT JOIN members_member member ON member.user_id = person.id WHERE person.id = %s""",
        [user_id],
    )
    assert found is not None, "users are never deleted"
    market = markets.market(found.market_id) if found.market_id else markets.home()
    return choosing.first_of(found.language, market.language) or "en"


class BuysIn(NamedTuple):
    """Where somebody buys, and whether at the price for retail customers."""

    market_id: int
    is_retail: bool


def buys_in(member_id: int) -> BuysIn:
    """Which price list holds for a member or customer."""
    found = sql.one(
        BuysIn,
        """SELECT market_id, kind = 'retail' AS is_retail FROM members_member
           WHERE user_id = %s""",
        [member_id],
    )
    assert found is not None, "members are never deleted"
    return found


def latest_package(member_id: int) -> PackageFact | None:
    """Which package counts for plans, and since when; None before the first."""
    facts = PackageFact.objects.select_related("package").filter(member_id=member_id)
    return facts.order_by("-since", "-pk").first()


def package_without(member_id: int, orders: Sequence[str]) -> HeldPackage | None:
    """The package that counts for a member once these orders are refunded: the one before theirs,
    or none. None where it stays the one that counts now."""
    current = sql.one(HeldPackage, statements.LATEST_PACKAGE, [member_id, []])
    if current is None or current.order_number not in orders:
        return None
    before = sql.one(HeldPackage, statements.LATEST_PACKAGE, [member_id, list(orders)])
    return before or HeldPackage(None, "")


# Links that live longer than half an hour say so in words of their own.
_USED_UP: dict[LinkPurpose, type[LinkUsedUp]] = {
    LinkPurpose.CONFIRM_ORDER: ConfirmationUsedUp,
    LinkPurpose.STAFF_INVITATION: InvitationUsedUp,
    LinkPurpose.UNDO_CHANGE: UndoUsedUp,
}


def find_link(secret: str, purpose: LinkPurpose) -> MailedLink:
    """A mailed link that is unused and has not expired, with its person. Raises LinkUsedUp;
    LoginBlocked where the office has blocked the person since the link was mailed. A link that
    undoes a change works all the same, until the membership ends."""
    found = MailedLink.objects.select_related("user__member").filter(
        digest=encryption.digest("link", secret),
        purpose=purpose,
        used_at=None,
        expires_at__gt=clock.now(),
    )
    link = found.first()
    if link is None:
        raise _USED_UP.get(purpose, LinkUsedUp)()
    if not _may_sign_in(link.user, purpose):
        raise LoginBlocked()
    return link


def find_living_links(user_id: int, purpose: LinkPurpose) -> QuerySet[MailedLink]:
    """The links mailed to a person for this purpose that still work."""
    return MailedLink.objects.filter(
        user_id=user_id, purpose=purpose, used_at=None, expires_at__gt=clock.now()
    )


def _may_sign_in(user: User, purpose: LinkPurpose) -> bool:
    if purpose in (LinkPurpose.STAFF_INVITATION, LinkPurpose.STAFF_PASSWORD):
        return user.is_active and user.is_staff
    allowed = (
        (Standing.ACTIVE, Standing.BLOCKED)
        if purpose == LinkPurpose.UNDO_CHANGE
        else (Standing.ACTIVE,)
    )
    return user.is_active and user.member.standing in allowed


def email_in_use(email: str, except_member: int | None = None) -> bool:
    """Whether another member shows this address, or still gets their mails there."""
    return bool(
        sql.value(
            bool,
            """SELECT EXISTS (SELECT FROM members_member
                              WHERE lower(email) = lower(%(email)s)
                                AND user_id IS DISTINCT FROM %(except)s)
                   OR EXISTS (SELECT FROM members_user JOIN members_member ON user_id = id
                              WHERE lower(members_user.email) = lower(%(email)s)
                                AND id IS DISTINCT FROM %(except)s)""",
            {"email": email, "except": except_member},
        )
    )


def members_matching(said: str, member_id: str = "member_id") -> Q:
    """Rows whose member is meant by `said`: each word of it begins a word of their name, username,
    e-mail address or city, without regard to case and accents; or it is their phone number, in
    whatever notation. `member_id` names the row's column with the member."""
    return Q(**{f"{member_id}__in": RawSQL(_MATCHING, [said])})  # noqa: S611 (a parameter)
