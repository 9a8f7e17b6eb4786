"""The tests' company: binary, euros, a fee of 10.00, three memberships and four products."""

from datetime import UTC, datetime, timedelta
from typing import Any

from support.installation import PASSWORD, ROOT_MEMBER, STAFF, STAFF_PASSWORD
from support.owner import as_owner
from support.wares import put_on_sale, set_tax_rate

# The limits on guesses would stop tests that share one network address.
LIMITS_LIFTED: dict[str, Any] = {
    "secret_limit_by_address": 0, "signup_limit": 0, "picture_limit": 0, "request_limit": 0,
    "forgot_limit": 0, "forgot_limit_by_name": 0,
}  # fmt: skip
# Most tests have one staff user.
ALONE: dict[str, Any] = {
    "payouts_by_two": False, "plans_by_two": False, "rights_by_two": False, "alone_max": 0,
}  # fmt: skip
MEMBERSHIPS = {"starter": (10000, 5000), "business": (25000, 15000), "retired": (50000, 30000)}
PRODUCTS = {"soap": (1250, 1000), "tea": (499, 325), "scales": (19900, 12000), "gone": (100, 100)}


def found(
    plan_kind: str = "binary",
    matrix_width: int | None = None,
    currency: str = "EUR",
    decimals: int = 2,
) -> tuple[str, str]:
    """Found it. Returns an api key, and one that may report orders."""
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.company.models import PlanKind
    from upline.flows import api_keys, configuring, founding
    from upline.flows.permissions import SCOPES

    founding.found_company(
        UnitOfWork(Shell()),
        founding.Founding(
            name="Acme",
            currency=currency,
            exponent=decimals,
            time_zone="Europe/Berlin",
            first_weekday=1,
            plan_kind=PlanKind(plan_kind),
            matrix_width=matrix_width,
            root_username=ROOT_MEMBER,
            root_password=PASSWORD,
            root_email="acme@example.com",
            staff_username=STAFF,
            staff_password=STAFF_PASSWORD,
        ),
    )
    # Who confirms the work of others has been there for longer than a day.
    as_owner("UPDATE members_user SET date_joined = '2020-01-01' WHERE username = %s", STAFF)
    configuring.change_settings(UnitOfWork(Shell()), signup_fee=1000, **LIMITS_LIFTED, **ALONE)
    set_tax_rate("standard", 1900)
    for kind, wares in (("membership", MEMBERSHIPS), ("cart", PRODUCTS)):
        for name, (amount, points) in wares.items():
            put_on_sale(
                f"{kind[0].upper()}-{name}",
                amount,
                kind=kind,
                name=name.title(),
                commissionable_value=amount * 8 // 10,
                points=points,
                tax_class="standard",
                category="Wares" if kind == "cart" else "",
                description=f"The {name}.",
                active=name not in {"retired", "gone"},
            )
    return api_keys.create_key(UnitOfWork(Shell()), "tests"), api_keys.create_key(
        UnitOfWork(Shell()), "web shop", SCOPES
    )


def found_ago(days_ago: int, *wanted: Any) -> tuple[str, str]:
    """Found it as if so many days ago; `wanted` as in `found`."""
    from upline.base import clock

    with clock.pinned(datetime.now(UTC) - timedelta(days=days_ago)):
        return found(*wanted)


def change(settings: dict[str, Any]) -> None:
    """Change office settings."""
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.flows import configuring

    configuring.change_settings(UnitOfWork(Shell()), **settings)
