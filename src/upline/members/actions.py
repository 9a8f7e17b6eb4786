"""What changes people: joining, signing in, passwords, standing. Profiles: profile.py."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from upline.base import actors, audit, clock, encryption, sql
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.events import actions as events
from upline.events.actions import WrittenEvent
from upline.members import queries, statements
from upline.members.errors import EmailInUse, LinkUsedUp, UsernameTaken
from upline.members.models import (
    AccessToken,
    LinkPurpose,
    MailedLink,
    Member,
    MemberKind,
    Standing,
    User,
)

TOKEN_SECONDS = 86_400
LINK_MINUTES = 30
INVITATION_DAYS = 3
_USED_EVERY = timedelta(minutes=1)
_STANDINGS: dict[str, EventKind] = {
    Standing.ACTIVE: EventKind.MEMBER_UNBLOCKED,
    Standing.BLOCKED: EventKind.MEMBER_BLOCKED,
    Standing.CLOSED: EventKind.MEMBER_CLOSED,
}
# What ends with the password that it could have set.
_PASSWORD_LINKS = (
    LinkPurpose.LOGIN_PASSWORD,
    LinkPurpose.STAFF_INVITATION,
    LinkPurpose.STAFF_PASSWORD,
)


@dataclass(frozen=True)
class NewMember:
    """What a signup says about the person, and the market that they join. `password` is the hash
    already; `country_id` ISO 3166-1 numeric, None where it is not known yet."""

    username: str
    password: str
    email: str
    firstname: str
    lastname: str
    date_of_birth: date | None
    mobile: str
    terms_version: str
    market_id: int
    kind: MemberKind = MemberKind.MEMBER
    country_id: int | None = None


def join(unit: UnitOfWork, new: NewMember, package_id: int | None) -> int:
    """Make the person, a member or a customer, with a key of their own. Returns the id.

    Raises UsernameTaken: of two that want one name, the database lets one have it."""
    now = clock.now()
    user_id = sql.value(
        int,
        statements.ADD_USER,
        {"username": new.username, "email": new.email, "password": new.password, "now": now},
    )
    if user_id is None:
        raise UsernameTaken()
    sql.run(
        statements.ADD_MEMBER,
        {
            "user_id": user_id,
            "market_id": new.market_id,
            "country_id": new.country_id,
            "kind": new.kind,
            "member_since": now if new.kind == MemberKind.MEMBER else None,
            "package_id": package_id,
            "firstname": new.firstname,
            "lastname": new.lastname,
            "date_of_birth": new.date_of_birth,
            "email": new.email,
            "mobile": new.mobile,
            "now": now,
            "terms_version": new.terms_version,
            "address": unit.address,
        },
    )
    sql.run(
        statements.ADD_FIRST_FACTS,
        {
            "member": user_id,
            "market": new.market_id,
            "standing": Standing.ACTIVE,
            "now": now,
            "actor": actors.keys_now().row,
        },
    )
    encryption.give_person_key(user_id)
    return int(user_id)


def become_member(member_id: int, package_id: int) -> None:
    """From now on a customer is a member, with this package once its order is paid."""
    Member.objects.filter(pk=member_id).update(
        kind=MemberKind.MEMBER, member_since=clock.now(), package_id=package_id
    )


def hold_market(member_id: int) -> int:
    """The market that a member belongs to, until the transaction ends."""
    return sql.number(statements.HOLD_MARKET, [member_id])


def hold_alone(member_id: int) -> int:
    """The market that a member belongs to. Nobody makes an order for them, and none of their
    accounts is opened, until the transaction ends."""
    return sql.number(statements.HOLD_ALONE, [member_id])


def change_market(member_id: int, market_id: int) -> None:
    """From now on a member belongs to another market. Who calls holds them alone."""
    Member.objects.filter(pk=member_id).update(market_id=market_id)
    sql.run(statements.ADD_MARKET, [member_id, market_id, clock.now(), *actors.keys_now()])


def claim_email(email: str, except_member: int | None = None) -> None:
    """Inside a transaction: where the office wants one member per e-mail address, of two that
    want the same one, the second waits and is refused. Raises EmailInUse."""
    if not company.office().one_member_per_email:
        return
    sql.run("SELECT pg_advisory_xact_lock(hashtextextended('email:' || lower(%s), 0))", [email])
    if queries.email_in_use(email, except_member):
        raise EmailInUse()


def start_package(member_id: int, package_id: int, order_number: str = "") -> None:
    """From now on plans count this membership package for the member. `order_number` is the
    order that bought it, '' where none did."""
    _add_package(member_id, package_id, clock.now(), order_number)


def change_package(member_id: int, package_id: int, since: datetime) -> None:
    """From a moment on plans count this membership package, which no order bought."""
    _add_package(member_id, package_id, since, "")


def take_packages_back(member_id: int, orders: Sequence[str]) -> bool:
    """`orders` are all the member's orders whose package was refunded. Where one of them gave
    the package that counts, from now on the one before counts, or none. Returns whether it is
    none since now."""
    sql.run("SELECT FROM members_member WHERE user_id = %s FOR NO KEY UPDATE", [member_id])
    remaining = queries.package_without(member_id, orders)
    if remaining is None:
        return False
    _add_package(member_id, remaining.package_id, clock.now(), remaining.order_number)
    return remaining.package_id is None


def _add_package(member_id: int, package_id: int | None, since: datetime, order: str) -> None:
    fact = {
        "member": member_id, "package": package_id, "since": since, "order": order,
        "actor": actors.keys_now().row,
    }  # fmt: skip
    sql.run(statements.ADD_PACKAGE, fact)


def give_token(client_id: int | None, user_id: int, checked_password: str) -> str | None:
    """A fresh access_token for one api client, or for the portal, shown once. None where since the
    check the password was changed or the member blocked."""
    token = f"upt_{secrets.token_urlsafe(32)}"
    now = clock.now()
    made = sql.run(
        statements.LET_IN,
        {
            "digest": encryption.digest("access_token", token),
            "user_id": user_id,
            "client_id": client_id,
            "password": checked_password,
            "now": now,
            "expires_at": now + timedelta(seconds=TOKEN_SECONDS),
        },
    )
    return token if made else None


def keep_token(token: str, used_at: datetime) -> None:
    """Where tokens end by not being used: this one is used now. Written once a minute."""
    if company.office().token_idle_minutes and clock.now() - used_at >= _USED_EVERY:
        digest = encryption.digest("access_token", token)
        AccessToken.objects.filter(digest=digest).update(last_used_at=clock.now())


def revoke_token(token: str) -> None:
    """End one token."""
    AccessToken.objects.filter(digest=encryption.digest("access_token", token)).delete()


def set_password(unit: UnitOfWork, user_id: int, hashed: str) -> WrittenEvent:
    """Set the login password. Every token and every reset link of the person ends with it."""
    User.objects.filter(id=user_id).update(password=hashed)
    AccessToken.objects.filter(user_id=user_id).delete()
    end_password_links(user_id)
    data = {"user_id": user_id}
    return events.record(unit, EventKind.PASSWORD_CHANGED, f"user:{user_id}", data)


def end_password_links(user_id: int) -> None:
    """No link that was mailed until now sets the person's login password any more."""
    MailedLink.objects.filter(user_id=user_id, purpose__in=_PASSWORD_LINKS).delete()


def set_transaction_password(unit: UnitOfWork, member_id: int, hashed: str) -> WrittenEvent:
    """Set the transaction password. Tokens live on; its reset links end."""
    Member.objects.filter(pk=member_id).update(transaction_password=hashed)
    MailedLink.objects.filter(user_id=member_id, purpose=LinkPurpose.TRANSACTION_PASSWORD).delete()
    data = {"member_id": member_id}
    return events.record(unit, EventKind.TRANSACTION_PASSWORD_CHANGED, f"member:{member_id}", data)


def make_link(
    user_id: int,
    purpose: LinkPurpose,
    email: str = "",
    about: str = "",
    expires_at: datetime | None = None,
) -> str:
    """A link's secret, good once and for 30 minutes, an invitation's for three days, unless it is
    told when it expires. Made when its mail is sent."""
    is_invitation = purpose == LinkPurpose.STAFF_INVITATION
    lasts = timedelta(days=INVITATION_DAYS) if is_invitation else timedelta(minutes=LINK_MINUTES)
    secret = secrets.token_urlsafe(32)
    MailedLink.objects.create(
        digest=encryption.digest("link", secret),
        purpose=purpose,
        user_id=user_id,
        email=email,
        about=about,
        expires_at=expires_at or clock.now() + lasts,
    )
    return secret


def use_link(secret: str, purpose: LinkPurpose) -> MailedLink:
    """Use a link up. Raises LinkUsedUp for all but one of those who try at once, LoginBlocked."""
    link = queries.find_link(secret, purpose)
    used = MailedLink.objects.filter(digest=link.digest, used_at=None).update(used_at=clock.now())
    if not used:
        raise LinkUsedUp()
    return link


def change_standing(unit: UnitOfWork, member_id: int, standing: Standing, reason: str) -> None:
    """Block a member, or make them active again. Blocking ends their tokens."""
    before = Member.objects.values_list("standing", flat=True).get(pk=member_id)
    Member.objects.filter(pk=member_id).update(standing=standing)
    fact = [member_id, standing, clock.now(), reason, *actors.keys_now()]
    sql.run(statements.ADD_STANDING, fact)
    if standing != Standing.ACTIVE:
        AccessToken.objects.filter(user_id=member_id).delete()
    changes = audit.step("standing", before, standing)
    events.record(
        unit,
        _STANDINGS[standing],
        f"member:{member_id}",
        {"member_id": member_id},
        reason=reason,
        changes=changes,
    )


def set_ranks(ranks: Sequence[tuple[int, str]]) -> None:
    """From now on these members have these ranks, '' for none."""
    ids, names = [member_id for member_id, _ in ranks], [name for _, name in ranks]
    sql.run(statements.SET_RANKS, [ids, names])
    sql.run(statements.ADD_RANKS, [clock.now(), *actors.keys_now(), ids, names])
