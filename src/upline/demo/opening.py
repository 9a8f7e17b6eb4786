"""Setting the demo company up: what a founder does on the first morning."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group

from upline.base import encryption
from upline.base.actors import Shell, Visitor
from upline.base.unit import UnitOfWork
from upline.catalog.statements import Offer
from upline.company import current as company
from upline.company.models import ApiClient, PlanKind
from upline.company.settings import NAMES, OfficeSettings
from upline.demo import abroad, banking, catalogue
from upline.demo.credentials import DemoPasswords
from upline.demo.joinings import ROOT, TIME_ZONE
from upline.demo.pictures import picture_of
from upline.flows import (
    api_keys,
    commission_run,
    configuring,
    founding,
    market_rates,
    offering,
    permissions,
)
from upline.flows import staff as staff_flows
from upline.flows.permissions import DEFAULT_SCOPES, SCOPES, Right, Role
from upline.markets import current as markets
from upline.markets.models import TaxClass
from upline.members import actions as members
from upline.members.models import LinkPurpose, User
from upline.members.queries import find_person

NAME = "Tillwater Home"
MAIL_HOST = "tillwater.example"
STAFF, APPROVER = "office", "approver"
COLLEAGUES = {
    "finance": Role.FINANCE,
    "checker": Role.COMMISSIONS,
    "support": Role.SUPPORT,
    "auditor": Role.AUDITOR,
}
"""Further staff users, each with one role."""
PLAN = Path(__file__).with_name("plan.toml")
APP, WEB_SHOP = "Demo app", "Demo web shop"
# While a year passes in seconds nobody guesses and nobody hurries.
_NO_LIMITS: dict[str, Any] = dict.fromkeys([name for name in NAMES if "_limit" in name], 0) | {
    "alone_max": 0
}
# A demo is tried out from one network address: the limits by name on the three secrets stay as
# they are, the one by address is far away, and all others are lifted. What takes two people does so
# from the day that the demo opens.
LIMITS: dict[str, Any] = {
    "login_limit": 10,
    "login_limit_by_address": 5,
    "transaction_password_limit": 5,
    "transaction_password_limit_by_guesser": 3,
    "guesser_limit": 10,
    "epin_limit": 5,
    "secret_limit_by_address": 1000,
    "alone_max": OfficeSettings().alone_max,
}


@dataclass(frozen=True)
class DemoCompany:
    """The demo company at work. `staff` and `approver` are who acts for the office; `packages` are
    those of the home market, by their codes."""

    credentials: DemoPasswords
    root: str
    root_id: int
    staff: UnitOfWork
    approver: UnitOfWork
    api_key: str
    store_api_key: str
    app_id: int
    shop_id: int
    packages: dict[str, Offer]
    signup_fee: int


def open_company(credentials: DemoPasswords) -> DemoCompany:
    """Found the company, hire the approver, put the packages on sale and the plan in force, make
    the api keys."""
    founding.found_company(
        UnitOfWork(Shell()),
        founding.Founding(
            name=NAME,
            currency="EUR",
            exponent=2,
            time_zone=TIME_ZONE.key,
            first_weekday=1,
            plan_kind=PlanKind.BINARY,
            matrix_width=None,
            root_username=ROOT,
            root_password=credentials.password,
            root_email=f"hello@{MAIL_HOST}",
            staff_username=STAFF,
            staff_password=credentials.staff_password,
            staff_email=f"{STAFF}@{MAIL_HOST}",
        ),
    )
    staff = UnitOfWork(permissions.staff(User.objects.get(username=STAFF).pk), is_confirmed=True)
    approver_id = _hire_approver(staff, credentials)
    for username, role in COLLEAGUES.items():
        _hire_colleague(staff, username, role, credentials.colleague_password)
    fee = catalogue.SIGNUP_FEE
    payout_iban = banking.COMPANY_IBAN
    # On the shell: staff would need a second person to lift what takes two.
    configuring.change_settings(
        UnitOfWork(Shell()),
        signup_fee=fee,
        spill_over=True,
        positions_max=3,
        checkout_by_bank_transfer=True,
        payout_iban=payout_iban,
        pay_in_account=payout_iban,
        contact_email=f"hello@{MAIL_HOST}",
        **_NO_LIMITS,
    )
    abroad.settle_home(staff)
    _set_tax()
    for ware in catalogue.WARES:
        _put_on_sale(staff, ware)
    commission_run.use_plan(
        UnitOfWork(Shell()), PLAN.read_text(encoding="utf-8"), PLAN.name, company.today()
    )
    api_key, store_api_key = make_keys(staff)
    return DemoCompany(
        credentials=credentials,
        root=ROOT,
        root_id=_root_id(),
        staff=staff,
        approver=UnitOfWork(permissions.staff(approver_id), is_confirmed=True),
        api_key=api_key,
        store_api_key=store_api_key,
        app_id=_client(api_key),
        shop_id=_client(store_api_key),
        packages=catalogue.offers_in(markets.home().id),
        signup_fee=fee,
    )


def _hire_approver(staff: UnitOfWork, credentials: DemoPasswords) -> int:
    """A second person, who may do in the office all that the first one may."""
    user_id = _hire(staff, APPROVER, credentials.approver_password)
    staff_flows.grant(UnitOfWork(Shell()), user_id, Right.RULE_STAFF)
    return user_id


def _hire_colleague(staff: UnitOfWork, username: str, role: Role, password: str) -> None:
    user_id = _hire(staff, username, password)
    group = Group.objects.get(name=role.value)
    # On the shell: a right to approve is given by two owners.
    staff_flows.change_rights(
        UnitOfWork(Shell()), user_id, is_superuser=False, group_ids=[group.pk], permission_ids=[]
    )


def _hire(staff: UnitOfWork, username: str, password: str) -> int:
    user_id = staff_flows.invite(staff, username, f"{username}@{MAIL_HOST}")
    purpose = LinkPurpose.STAFF_INVITATION
    link = members.make_link(user_id, purpose)
    staff_flows.choose_password(UnitOfWork(Visitor()), purpose, link, password)
    return user_id


def make_keys(staff: UnitOfWork) -> tuple[str, str]:
    """Fresh api keys of the demo's app and its web shop; those before them end."""
    # That a key reports sales would take two people in the office.
    server = UnitOfWork(Shell())
    return _renewed(staff, APP, DEFAULT_SCOPES), _renewed(server, WEB_SHOP, SCOPES)


def _renewed(staff: UnitOfWork, name: str, scopes: tuple[Right, ...]) -> str:
    earlier = ApiClient.objects.filter(name__startswith=name)
    for client in earlier.filter(revoked_at=None):
        api_keys.revoke_key(staff, client.name)
    count = earlier.count()
    return api_keys.create_key(staff, f"{name} {count + 1}" if count else name, scopes)


def _client(api_key: str) -> int:
    return ApiClient.objects.get(digest=encryption.digest("api_key", api_key)).pk


def _root_id() -> int:
    root = find_person(ROOT)
    assert root is not None, "the company was founded with it"
    return root.id


def _set_tax() -> None:
    tax_class = TaxClass.objects.get(code=catalogue.TAX_CLASS)
    market_rates.add_tax_rate(
        UnitOfWork(Shell()), markets.home().id, tax_class.pk, catalogue.TAX_RATE, company.today()
    )


def _put_on_sale(staff: UnitOfWork, ware: catalogue.Ware) -> None:
    offering.create_package(
        staff,
        picture_of(ware.picture),
        kind=ware.kind,
        name=ware.name,
        code=ware.code,
        amount=ware.amount,
        commissionable_value=catalogue.without_tax(ware.amount, catalogue.TAX_RATE),
        points=ware.points,
        tax_class=catalogue.TAX_CLASS,
        category=ware.category,
        description=ware.description,
    )
