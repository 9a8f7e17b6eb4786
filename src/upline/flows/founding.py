"""`./upline init`: what is set once, the first member and the first staff user."""

from dataclasses import dataclass

from upline.base import audit, clock, encryption, passwords
from upline.base.audit import AuditEvent
from upline.base.errors import FieldsWrong
from upline.base.unit import UnitOfWork
from upline.company import actions as company
from upline.company import current
from upline.company.models import PlanKind
from upline.company.queries import load_company
from upline.flows.permissions import Right, make_roles, needs
from upline.genealogy import actions as genealogy
from upline.language import gettext
from upline.markets import actions as markets
from upline.members import actions as members
from upline.members.models import User
from upline.members.person.rules import wrong_email, wrong_username
from upline.members.security.new_passwords import wrong_password
from upline.wallet import actions as wallet


@dataclass(frozen=True)
class Founding:
    """What a company is set up with: `currency`, with so many decimals, is that of its plans and of
    its home market. `matrix_width` only for a matrix."""

    name: str
    currency: str
    exponent: int
    time_zone: str
    first_weekday: int
    plan_kind: PlanKind
    matrix_width: int | None
    root_username: str
    root_password: str
    root_email: str
    staff_username: str
    staff_password: str
    staff_email: str = ""


@needs(Right.RUN_SERVER)
def found_company(unit: UnitOfWork, founding: Founding) -> None:
    """Set the company up, whole or not at all. Raises AlreadyFounded, FieldsWrong."""
    for username in (founding.root_username, founding.staff_username):
        if wrong := wrong_username(username):
            raise FieldsWrong(f"{username!r} cannot be a username. {wrong['username']}")
    for email in filter(None, (founding.root_email, founding.staff_email)):
        if wrong_email(email):
            raise FieldsWrong(gettext("{email!r} is not an e-mail address.", email=email))
    if founding.root_username.lower() == founding.staff_username.lower():
        raise FieldsWrong(
            gettext("The first member and the first staff user need different usernames.")
        )
    _check_password(founding, founding.root_username, founding.root_password)
    _check_password(founding, founding.staff_username, founding.staff_password)
    hashed_root = passwords.hashed(founding.root_password)
    hashed_staff = passwords.hashed(founding.staff_password)

    def found() -> None:
        company.found(
            name=founding.name,
            plan_currency=founding.currency,
            plan_exponent=founding.exponent,
            time_zone=founding.time_zone,
            first_weekday=founding.first_weekday,
            plan_kind=founding.plan_kind,
            matrix_width=founding.matrix_width,
        )
        home = markets.found(
            currency=founding.currency, exponent=founding.exponent, seller=founding.name
        )
        with current.bound(load_company()):
            _plant_root(unit, founding, hashed_root, home.pk)
        encryption.prove_secrets()
        User.objects.create(
            username=founding.staff_username,
            email=founding.staff_email,
            password=hashed_staff,
            is_staff=True,
            is_superuser=True,
        )
        make_roles()
        audit.record(unit, AuditEvent.COMPANY_FOUND, "company", name=founding.name)

    unit.commit(found)


def _check_password(founding: Founding, username: str, password: str) -> None:
    names = (username, founding.root_email, founding.staff_email, founding.name)
    if sentence := wrong_password(password, names):
        raise FieldsWrong(f"Password of {username}: {sentence}")


def _plant_root(unit: UnitOfWork, founding: Founding, hashed: str, market_id: int) -> None:
    root = members.NewMember(
        username=founding.root_username,
        password=hashed,
        email=founding.root_email,
        firstname=founding.name,
        lastname="",
        date_of_birth=clock.now().date().replace(year=clock.now().year - 30, day=1),
        mobile="",
        terms_version=current.office().terms_version,
        market_id=market_id,
    )
    member_id = members.join(unit, root, package_id=None)
    wallet.open_accounts(member_id)
    genealogy.plant(member_id)
