"""Who may do what: each right, what it allows, and the roles that come with it.

A right is the name of a Django permission, so that staff users and roles keep theirs. Each flow
that changes something names its right with `@needs`; buttons, pages and commands read it there."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db.models import Q, QuerySet

from upline.base.actors import Staff, Worker
from upline.base.unit import UnitOfWork
from upline.language import lazy
from upline.members.models import User


class Right(StrEnum):
    """What somebody can be allowed to do: staff; or, by the last ones, an API client (SCOPES)."""

    VIEW_AUDIT = "base.view_auditentry"
    VIEW_PACKAGES = "catalog.view_package"
    CREATE_PACKAGES = "catalog.add_package"
    CHANGE_PACKAGES = "catalog.change_package"
    VIEW_RUNS = "commissions.view_run"
    USE_PLAN = "commissions.use_plan"
    OPEN_RUN = "commissions.open_run"
    COMPUTE_RUN = "commissions.compute_run"
    REVIEW_RUN = "commissions.review_run"
    APPROVE_RUN = "commissions.approve_run"
    PAY_RUN = "commissions.pay_run"
    CLOSE_RUN = "commissions.close_run"
    DROP_RUN = "commissions.drop_run"
    FORFEIT_RUN = "commissions.forfeit_run"
    VIEW_SETTINGS = "company.view_company"
    CHANGE_SETTINGS = "company.change_company"
    VIEW_API_KEYS = "company.view_apiclient"
    CREATE_API_KEYS = "company.add_apiclient"
    REVOKE_API_KEYS = "company.change_apiclient"
    VIEW_EPINS = "epins.view_epin"
    HANDLE_EPINS = "epins.change_epin"
    VIEW_EPIN_BATCHES = "epins.view_epinbatch"
    ISSUE_EPINS = "epins.add_epinbatch"
    VIEW_WAITING = "genealogy.view_position"
    OPEN_POSITIONS = "genealogy.add_position"
    MOVE_MEMBERS = "genealogy.change_position"
    VIEW_EVENTS = "events.view_event"
    VIEW_KYC = "kyc.view_kycreview"
    DECIDE_KYC = "kyc.add_kycreview"
    VIEW_MARKETS = "markets.view_market"
    CREATE_MARKETS = "markets.add_market"
    CHANGE_MARKETS = "markets.change_market"
    ADD_MARKET_RATES = "markets.add_marketrate"
    VIEW_MAILS = "mailings.view_mail"
    RESEND_MAILS = "mailings.change_mail"
    VIEW_MEMBERS = "members.view_member"
    REGISTER_CUSTOMERS = "members.add_member"
    CORRECT_MEMBERS = "members.change_member"
    MOVE_TO_MARKETS = "members.move_market"
    CHANGE_MEMBER_PACKAGES = "members.add_packagefact"
    HELP_SIGN_IN = "members.help_sign_in"
    VIEW_BANK = "members.view_bank"
    BLOCK_MEMBERS = "members.block_member"
    END_MEMBERSHIPS = "members.close_member"
    VIEW_STAFF = "members.view_user"
    VIEW_ROLES = "auth.view_group"
    VIEW_ORDERS = "orders.view_order"
    DECIDE_ORDERS = "orders.change_order"
    REFUND_ORDERS = "orders.add_refund"
    VIEW_REFUNDS_TO_SEND = "orders.view_refundtosend"
    VIEW_SURPLUSES = "payments.view_surplus"
    VIEW_PAYMENT_EVENTS = "payments.view_paymentevent"
    VIEW_PROVIDER_SECRETS = "payments.view_providersecret"
    CHANGE_PROVIDER_SECRETS = "payments.change_providersecret"
    VIEW_PAYOUTS = "payouts.view_payout"
    APPROVE_PAYOUTS = "payouts.approve_payout"
    CLOSE_PAYOUTS = "payouts.change_payout"
    VIEW_PAYOUT_BATCHES = "payouts.view_batch"
    RELEASE_PAYOUTS = "payouts.add_batch"
    VIEW_JOBS = "procrastinate.view_procrastinatejob"
    REDO_JOBS = "procrastinate.change_procrastinatejob"
    VIEW_BOOKS = "wallet.view_account"
    VIEW_TRANSFERS = "wallet.view_transfer"
    ADJUST_WALLETS = "wallet.add_transfer"
    RULE_STAFF = "owner"
    RUN_SERVER = "server"
    SIGN_MEMBERS_IN = "members:sign_in"
    SIGN_MEMBERS_UP = "members:sign_up"
    READ_ACCOUNTS = "accounts:read"
    READ_NETWORK = "network:read"
    CHANGE_PROFILES = "profiles:change"
    PLACE_ORDERS = "orders:place"
    REQUEST_PAYOUTS = "payouts:request"
    REPORT_ORDERS = "orders:report"


class Role(StrEnum):
    """The roles that a new company begins with; owners change them and add their own."""

    SUPPORT = "Support"
    COMPLIANCE = "Compliance"
    SALES = "Sales"
    FINANCE = "Finance"
    COMMISSIONS = "Commissions"
    TECHNICAL = "Technical"
    AUDITOR = "Auditor"


@dataclass(frozen=True)
class Allowed:
    """What a right allows, in a sentence, and the roles that come with it."""

    sentence: str
    roles: tuple[Role, ...] = ()


TABLE = {
    Right.VIEW_AUDIT: Allowed(lazy("See the audit log"), (Role.AUDITOR,)),
    Right.VIEW_PACKAGES: Allowed(lazy("See packages"), (Role.SUPPORT, Role.SALES, Role.AUDITOR)),
    Right.CREATE_PACKAGES: Allowed(lazy("Create packages"), (Role.SALES,)),
    Right.CHANGE_PACKAGES: Allowed(lazy("Change packages and their prices"), (Role.SALES,)),
    Right.VIEW_RUNS: Allowed(
        lazy("See commission runs and what members earn"), (Role.COMMISSIONS, Role.AUDITOR)
    ),
    Right.USE_PLAN: Allowed(lazy("Put a compensation plan in force"), (Role.COMMISSIONS,)),
    Right.OPEN_RUN: Allowed(lazy("Start commission runs"), (Role.COMMISSIONS,)),
    Right.COMPUTE_RUN: Allowed(lazy("Calculate commission runs"), (Role.COMMISSIONS,)),
    Right.REVIEW_RUN: Allowed(lazy("Check calculated commission runs"), (Role.COMMISSIONS,)),
    Right.APPROVE_RUN: Allowed(
        lazy("Approve commission runs that someone else started and checked"), (Role.COMMISSIONS,)
    ),
    Right.PAY_RUN: Allowed(lazy("Pay approved commission runs into wallets"), (Role.COMMISSIONS,)),
    Right.CLOSE_RUN: Allowed(lazy("Close paid commission runs"), (Role.COMMISSIONS,)),
    Right.DROP_RUN: Allowed(
        lazy("Drop commission runs started by mistake, with a second person"), (Role.COMMISSIONS,)
    ),
    Right.FORFEIT_RUN: Allowed(
        lazy("Forfeit earnings that are withheld from members who have left"), (Role.COMMISSIONS,)
    ),
    Right.VIEW_SETTINGS: Allowed(lazy("See the settings"), (Role.TECHNICAL, Role.AUDITOR)),
    Right.CHANGE_SETTINGS: Allowed(lazy("Change the settings"), (Role.TECHNICAL,)),
    Right.VIEW_API_KEYS: Allowed(lazy("See API keys"), (Role.TECHNICAL, Role.AUDITOR)),
    Right.CREATE_API_KEYS: Allowed(lazy("Create API keys"), (Role.TECHNICAL,)),
    Right.REVOKE_API_KEYS: Allowed(lazy("Revoke API keys"), (Role.TECHNICAL,)),
    Right.VIEW_EPINS: Allowed(lazy("See e-pins"), (Role.SALES, Role.AUDITOR)),
    Right.HANDLE_EPINS: Allowed(
        lazy("Give e-pins to members, block and unblock them"), (Role.SALES,)
    ),
    Right.VIEW_EPIN_BATCHES: Allowed(lazy("See e-pin batches"), (Role.SALES, Role.AUDITOR)),
    Right.ISSUE_EPINS: Allowed(lazy("Issue e-pins and download their codes"), (Role.SALES,)),
    Right.VIEW_WAITING: Allowed(
        lazy("See members who wait for a place"), (Role.SUPPORT, Role.COMPLIANCE, Role.AUDITOR)
    ),
    Right.OPEN_POSITIONS: Allowed(lazy("Open further positions of members"), (Role.COMPLIANCE,)),
    Right.MOVE_MEMBERS: Allowed(
        lazy("Move members to another sponsor or place"), (Role.COMPLIANCE,)
    ),
    Right.VIEW_EVENTS: Allowed(lazy("See events"), (Role.TECHNICAL, Role.AUDITOR)),
    Right.VIEW_KYC: Allowed(
        lazy("See KYC decisions"), (Role.SUPPORT, Role.COMPLIANCE, Role.AUDITOR)
    ),
    Right.DECIDE_KYC: Allowed(lazy("Verify and reject members (KYC)"), (Role.COMPLIANCE,)),
    Right.VIEW_MARKETS: Allowed(
        lazy("See markets, their rates and tax rates"),
        (Role.SUPPORT, Role.SALES, Role.FINANCE, Role.COMMISSIONS, Role.AUDITOR),
    ),
    Right.CREATE_MARKETS: Allowed(lazy("Open markets")),
    Right.CHANGE_MARKETS: Allowed(lazy("Change markets, and create tax classes"), (Role.SALES,)),
    Right.ADD_MARKET_RATES: Allowed(lazy("Add tax rates and exchange rates"), (Role.FINANCE,)),
    Right.VIEW_MAILS: Allowed(
        lazy("See mails that were sent"), (Role.SUPPORT, Role.TECHNICAL, Role.AUDITOR)
    ),
    Right.RESEND_MAILS: Allowed(lazy("Send failed mails again"), (Role.SUPPORT, Role.TECHNICAL)),
    Right.VIEW_MEMBERS: Allowed(
        lazy("See members and their contact data"),
        (Role.SUPPORT, Role.COMPLIANCE, Role.SALES, Role.FINANCE, Role.COMMISSIONS, Role.AUDITOR),
    ),
    Right.REGISTER_CUSTOMERS: Allowed(
        lazy("Register customers, change their sponsor and class, and make them members"),
        (Role.SUPPORT, Role.SALES),
    ),
    Right.CORRECT_MEMBERS: Allowed(
        lazy("Correct members' names, dates of birth and e-mail addresses"), (Role.COMPLIANCE,)
    ),
    Right.MOVE_TO_MARKETS: Allowed(lazy("Move members to another market"), (Role.COMPLIANCE,)),
    Right.CHANGE_MEMBER_PACKAGES: Allowed(
        lazy("Change members' membership packages"), (Role.COMPLIANCE,)
    ),
    Right.HELP_SIGN_IN: Allowed(
        lazy("Send members links to set new passwords, and unlock their sign-in"), (Role.SUPPORT,)
    ),
    Right.VIEW_BANK: Allowed(lazy("See members' bank data"), (Role.COMPLIANCE,)),
    Right.BLOCK_MEMBERS: Allowed(lazy("Block and unblock members"), (Role.COMPLIANCE,)),
    Right.END_MEMBERSHIPS: Allowed(lazy("End memberships for good"), (Role.COMPLIANCE,)),
    Right.VIEW_STAFF: Allowed(lazy("See staff users"), (Role.AUDITOR,)),
    Right.VIEW_ROLES: Allowed(lazy("See roles"), (Role.AUDITOR,)),
    Right.VIEW_ORDERS: Allowed(
        lazy("See orders"), (Role.SUPPORT, Role.SALES, Role.FINANCE, Role.AUDITOR)
    ),
    Right.DECIDE_ORDERS: Allowed(lazy("Mark orders as paid, and cancel them"), (Role.SALES,)),
    Right.REFUND_ORDERS: Allowed(
        lazy("Refund orders, and settle refunds and surplus payments sent by other means"),
        (Role.SALES, Role.FINANCE),
    ),
    Right.VIEW_REFUNDS_TO_SEND: Allowed(
        lazy("See refunds to send"), (Role.SALES, Role.FINANCE, Role.AUDITOR)
    ),
    Right.VIEW_SURPLUSES: Allowed(
        lazy("See surplus payments, which no order needed"),
        (Role.SALES, Role.FINANCE, Role.AUDITOR),
    ),
    Right.VIEW_PAYMENT_EVENTS: Allowed(
        lazy("See what banks and other providers said of payments"),
        (Role.SALES, Role.FINANCE, Role.AUDITOR),
    ),
    Right.VIEW_PROVIDER_SECRETS: Allowed(
        lazy("See which payment providers have secrets"), (Role.TECHNICAL, Role.AUDITOR)
    ),
    Right.CHANGE_PROVIDER_SECRETS: Allowed(
        lazy("Make, confirm and end the secrets of payment providers"), (Role.TECHNICAL,)
    ),
    Right.VIEW_PAYOUTS: Allowed(lazy("See payouts"), (Role.FINANCE, Role.AUDITOR)),
    Right.APPROVE_PAYOUTS: Allowed(
        lazy("Approve and decline payouts, and see their bank data"), (Role.FINANCE,)
    ),
    Right.CLOSE_PAYOUTS: Allowed(lazy("Mark payouts as paid or failed"), (Role.FINANCE,)),
    Right.VIEW_PAYOUT_BATCHES: Allowed(lazy("See payout batches"), (Role.FINANCE, Role.AUDITOR)),
    Right.RELEASE_PAYOUTS: Allowed(
        lazy("Make payout batches and download bank files"), (Role.FINANCE,)
    ),
    Right.VIEW_JOBS: Allowed(lazy("See failed jobs"), (Role.TECHNICAL, Role.AUDITOR)),
    Right.REDO_JOBS: Allowed(lazy("Start failed jobs again"), (Role.TECHNICAL,)),
    Right.VIEW_BOOKS: Allowed(lazy("See balances and the books"), (Role.FINANCE, Role.AUDITOR)),
    Right.VIEW_TRANSFERS: Allowed(
        lazy("See wallet transfers, and verify the books"),
        (Role.FINANCE, Role.COMMISSIONS, Role.AUDITOR),
    ),
    Right.ADJUST_WALLETS: Allowed(lazy("Credit and debit wallets"), (Role.FINANCE,)),
    # No role comes with it and none can be given it: only owners have it.
    Right.RULE_STAFF: Allowed(lazy("Invite staff users, and decide what they may do")),
    # Nor this one: it is that of whoever runs commands on the server.
    Right.RUN_SERVER: Allowed(lazy("Found the company, erase and export persons, rotate keys")),
    # The scopes of API clients, which act for the members who signed in through them.
    Right.SIGN_MEMBERS_IN: Allowed(
        lazy("Sign members in, and send them links to set new passwords")
    ),
    Right.SIGN_MEMBERS_UP: Allowed(
        lazy("Sign up new members and customers, and place those who wait")
    ),
    Right.READ_ACCOUNTS: Allowed(lazy("Read members' profiles, balances, orders and payouts")),
    Right.READ_NETWORK: Allowed(lazy("Read members' teams, ranks and earnings")),
    Right.CHANGE_PROFILES: Allowed(lazy("Change members' profiles, bank data and passwords")),
    Right.PLACE_ORDERS: Allowed(lazy("Fill carts, place orders and pay for them")),
    Right.REQUEST_PAYOUTS: Allowed(lazy("Request payouts, and cancel them")),
    Right.REPORT_ORDERS: Allowed(lazy("Report sales of an outside shop, which earn commissions")),
}

DEFAULT_SCOPES = (
    Right.SIGN_MEMBERS_IN,
    Right.SIGN_MEMBERS_UP,
    Right.READ_ACCOUNTS,
    Right.READ_NETWORK,
    Right.CHANGE_PROFILES,
    Right.PLACE_ORDERS,
    Right.REQUEST_PAYOUTS,
)
"""What an API client may do unless somebody chooses: all that the published API has for members."""

SCOPES = (*DEFAULT_SCOPES, Right.REPORT_ORDERS)
"""What an API client can be allowed to do. No role or staff user can be given these."""
_OF_NO_ROLE = {Right.RULE_STAFF, Right.RUN_SERVER, *SCOPES}


def meaning(name: str) -> str:
    """What a right allows, by its name; the name itself where it is none of ours."""
    return str(TABLE[Right(name)].sentence) if name in set(Right) else name


def name_of(permission: Permission) -> str:
    """The right that a stored permission is."""
    return f"{permission.content_type.app_label}.{permission.codename}"


def grantable() -> QuerySet[Permission]:
    """The stored permissions of all rights that a role or a person can be given."""
    return _stored(set(Right) - _OF_NO_ROLE)


def grantable_as(right: Right) -> QuerySet[Permission]:
    """The stored permission of one right."""
    return _stored({right})


def make_roles() -> None:
    """Make the roles that a new company begins with. Needs no right: it is part of founding."""
    for role in Role:
        group, is_new = Group.objects.get_or_create(name=role.value)
        if is_new:
            rights = {right for right, allowed in TABLE.items() if role in allowed.roles}
            group.permissions.set(_stored(rights))


def _stored(rights: set[Right]) -> QuerySet[Permission]:
    chosen = Q(pk__in=[])
    for right in rights:
        app, codename = right.split(".")
        chosen |= Q(content_type__app_label=app, codename=codename)
    found = Permission.objects.filter(chosen).select_related("content_type")
    return found.order_by("content_type__app_label", "content_type__model", "-codename")


def staff(user_id: int) -> Staff:
    """A staff user with what they may do now; nothing where they are none any more."""
    found = User.objects.filter(pk=user_id, is_staff=True, is_active=True).first()
    return staff_of(found) if found else Staff(user_id)


def staff_of(user: User | AnonymousUser) -> Staff:
    """The same for a user at hand."""
    own = user.own_member_id if isinstance(user, User) else None
    held = _OF_OWNERS if user.is_superuser else frozenset(user.get_all_permissions()) & _OF_OWNERS
    return Staff(user.pk or 0, held, own)


WORKER = Worker(frozenset({Right.OPEN_RUN, Right.COMPUTE_RUN}))
"""The worker, who does what is due."""

# The server is nobody's from the office, and scopes are those of API clients.
_OF_OWNERS = frozenset(set(Right) - {Right.RUN_SERVER, *SCOPES})

Given = ParamSpec("Given")
Outcome = TypeVar("Outcome")
Flow = Callable[Concatenate[UnitOfWork, Given], Outcome]

_NEEDED: dict[Callable[..., object], Right] = {}
"""What each flow needs."""


def needs(
    right: Right, *, by_person: bool = False
) -> Callable[[Flow[Given, Outcome]], Flow[Given, Outcome]]:
    """A flow that begins with `unit.require(right)`, and of which doors read the right.
    `by_person` demands a staff user: somebody has to answer for it."""

    def guard(flow: Flow[Given, Outcome]) -> Flow[Given, Outcome]:
        @wraps(flow)
        def guarded(unit: UnitOfWork, /, *given: Given.args, **named: Given.kwargs) -> Outcome:
            unit.require(right, by_person=by_person)
            return flow(unit, *given, **named)

        _NEEDED[guarded] = right
        return guarded

    return guard


def right_of(flow: Callable[..., object]) -> Right:
    """The right that a flow needs. Raises KeyError for one without `@needs`."""
    return _NEEDED[flow]


def is_guarded(flow: Callable[..., object]) -> bool:
    """Whether a function is a flow that needs a right."""
    return flow in _NEEDED


def may(user: User | AnonymousUser, flow: Callable[..., object]) -> bool:
    """Whether a user at hand has the right that a flow needs."""
    return staff_of(user).may(right_of(flow))
