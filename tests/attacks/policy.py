"""Who may make which call, and what the ids in it may name: one line for every route.

`test_privacy.py` fails where a served route has no line here, and tries each line."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from attacks import hostile_files
from support.cast import Player, unique
from support.installation import PASSWORD, TRANSACTION_PASSWORD
from support.moves import signup_fields

CLIENT = "an api_key is enough"
MEMBER = "an api_key and a member's access_token"
PUBLIC = "as MEMBER, unless the office allows public signup"


@dataclass
class World:
    """Vera has everything. Erik, who calls, has as much, and is not in her team."""

    vera: Player
    erik: Player
    veras: dict[str, Any] = field(default_factory=dict)
    eriks: dict[str, Any] = field(default_factory=dict)
    soap: int = 0
    starter: int = 0


Sends = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Line:
    """`sends` what a good call of Erik's sends (`{…}` of the path too, `image` as a file).

    `own` the parameters that may only name the caller's own things: a foreign one is answered
    as one that does not exist. `missing` what does not exist, where 0 would not do."""

    who: str
    sends: Sends = lambda _: {}
    own: tuple[str, ...] = ()
    missing: Any = 0


def _signup(world: World) -> dict[str, Any]:
    paid = {"payment_method": "epin", "epin_code": world.eriks["epin_code"]}
    return signup_fields(world.erik.username, world.starter, **paid)


def _customer(world: World) -> dict[str, Any]:
    name = unique("carl")
    return {"sponsor_username": world.erik.username, "firstname": "Carl", "username": name,
            "email": f"{name}@example.com", "mobile": "030 1234567",
            "agree_terms": "true"}  # fmt: skip


def _place(world: World) -> dict[str, Any]:
    return {
        "username": world.eriks["waiting"],
        "placement_username": world.erik.username,
        "position": "L",
    }


def _address(world: World) -> dict[str, Any]:
    return {"address_id": world.eriks["address_id"]}


def _order(world: World) -> dict[str, Any]:
    return {"order_id": world.eriks["order_id"]}


def _totals(world: World) -> dict[str, Any]:
    return _order(world) | {"total_amount": "12.5", "total_quantity": "1", "total_pv": "10"}


def _payout(world: World) -> dict[str, Any]:
    return {"payout_id": world.eriks["payout_id"]}


def _earning(world: World) -> dict[str, Any]:
    return {"earning_id": world.eriks["earning_id"]}


def _product(world: World) -> dict[str, Any]:
    return {"product_id": world.soap, "quantity": 2}


def _checkout(world: World) -> dict[str, Any]:
    return _address(world) | {"payment_method": "epin", "epin_code": world.eriks["epin_code"]}


def _new_password(_: World) -> dict[str, Any]:
    new = "a better password than before"
    return {"current_password": PASSWORD, "new_password": new, "password_confirmation": new}


def _new_transaction_password(world: World) -> dict[str, Any]:
    return _new_password(world) | {"current_password": TRANSACTION_PASSWORD}


def _payment(world: World) -> dict[str, Any]:
    return {
        "payment_amount": "1.00",
        "purpose": "purchase",
        "ewallet_username": world.erik.username,
        "transaction_password": TRANSACTION_PASSWORD,
    }


def _epin(world: World) -> dict[str, Any]:
    return {"payment_amount": "1.00", "epin_code": world.eriks["epin_code"]}


def _contact(_: World) -> dict[str, Any]:
    return {
        "address_line1": "2 Side Street",
        "country": 276,
        "city": "Berlin",
        "email": "erik.new@example.com",
        "mobile": "0170 7654321",
    }


_UNKNOWN_ORDER = "UP-000000000000"
_UNKNOWN_PAYOUT = "PO-000000000000"
_UNKNOWN_EPIN = "0000-0000-0000-0000"
_UNKNOWN_NAME = "nobody-of-this-name"

POLICY: dict[str, Line] = {
    "POST /api/auth/access/": Line(
        CLIENT, lambda world: {"username": world.erik.username, "password": PASSWORD}
    ),
    "POST /api/auth/logout/": Line(MEMBER),
    # Profile
    "GET /api/profile/": Line(MEMBER),
    "GET /api/profile/image/": Line(MEMBER),
    "POST /api/profile/image/": Line(MEMBER, lambda _: {"image": hostile_files.picture()}),
    "GET /api/profile/language/": Line(MEMBER),
    "GET /api/profile/visibility/": Line(MEMBER),
    "PUT /api/profile/visibility/": Line(MEMBER, lambda _: {"show": "true"}),
    "PUT /api/profile/language/": Line(MEMBER, lambda _: {"language": "en"}),
    "PUT /api/profile/personal/": Line(
        MEMBER, lambda _: {"firstname": "Eric", "gender": "M", "date_of_birth": "1980-01-02"}
    ),
    "PUT /api/profile/contact/": Line(MEMBER, _contact),
    "PUT /api/profile/bank/": Line(MEMBER, lambda _: {"bank_name": "Bank of Erik", "pan": "E1"}),
    "PUT /api/profile/password/": Line(MEMBER, _new_password),
    "POST /api/profile/password/forget/": Line(
        CLIENT,
        lambda world: {"username": world.erik.username},
        own=("username",),
        missing=_UNKNOWN_NAME,
    ),
    "POST /api/profile/personal/": Line(
        CLIENT, lambda world: {"ccccc": world.erik.username}, own=("ccccc",), missing=_UNKNOWN_NAME
    ),
    # Wallet and e-pins. Another's wallet pays with its own transaction password only.
    "GET /api/ewallet/balance/": Line(MEMBER),
    "POST /api/ewallet/balance/": Line(MEMBER),
    "GET /api/ewallet/transactions/": Line(MEMBER),
    "POST /api/ewallet/payment/": Line(MEMBER, _payment),
    "POST /api/ewallet/payment/refund/": Line(MEMBER),
    "PUT /api/ewallet/password/": Line(MEMBER, _new_transaction_password),
    "POST /api/ewallet/password/forget/": Line(MEMBER),
    "POST /api/profile/email/confirmation/": Line(MEMBER),
    "POST /api/epin/payment/": Line(MEMBER, _epin, own=("epin_code",), missing=_UNKNOWN_EPIN),
    "GET /api/epins/": Line(MEMBER),
    # Cart and addresses
    "GET /api/cart/products/": Line(MEMBER),
    "POST /api/cart/products/": Line(MEMBER, _product),
    "PUT /api/cart/products/": Line(MEMBER, _product),
    "DELETE /api/cart/products/": Line(MEMBER, lambda world: {"product_id": world.soap}),
    "DELETE /api/cart/products/all/": Line(MEMBER),
    "POST /api/cart/products/all/": Line(MEMBER),
    "GET /api/cart/shipping_address/": Line(MEMBER),
    "POST /api/cart/shipping_address/": Line(
        MEMBER,
        lambda _: {"name": "E", "address": "1 X", "zip_code": "1", "city": "Y", "phone": "12345"},
    ),
    "DELETE /api/cart/shipping_address/": Line(MEMBER, _address, own=("address_id",)),
    "POST /api/cart/shipping_address/default/": Line(MEMBER, _address, own=("address_id",)),
    # Orders
    "POST /api/cart/checkout/": Line(MEMBER, _checkout, own=("address_id",)),
    "POST /api/order/": Line(MEMBER, _totals, own=("order_id",), missing=_UNKNOWN_ORDER),
    "GET /api/orders/": Line(MEMBER),
    "GET /api/orders/{order_id}/": Line(MEMBER, _order, own=("order_id",), missing=_UNKNOWN_ORDER),
    "DELETE /api/orders/{order_id}/": Line(
        MEMBER, _order, own=("order_id",), missing=_UNKNOWN_ORDER
    ),
    # Payouts
    "POST /api/payouts/": Line(
        MEMBER, lambda _: {"amount": "2.00", "transaction_password": TRANSACTION_PASSWORD}
    ),
    "GET /api/payouts/": Line(MEMBER),
    "GET /api/payouts/{payout_id}/": Line(
        MEMBER, _payout, own=("payout_id",), missing=_UNKNOWN_PAYOUT
    ),
    "DELETE /api/payouts/{payout_id}/": Line(
        MEMBER, _payout, own=("payout_id",), missing=_UNKNOWN_PAYOUT
    ),
    # Earnings
    "GET /api/earnings/current/": Line(MEMBER),
    "GET /api/earnings/": Line(MEMBER),
    "GET /api/earnings/{earning_id}/": Line(MEMBER, _earning, own=("earning_id",)),
    "GET /api/earnings/{earning_id}/lines/{number}/": Line(
        MEMBER, lambda world: _earning(world) | {"number": 1}, own=("earning_id",)
    ),
    "GET /api/earnings/{earning_id}/statement/": Line(
        MEMBER, lambda world: _earning(world) | {"format": "csv"}, own=("earning_id",)
    ),
    "GET /api/ranks/me/": Line(MEMBER),
    # The tree, and who joins it
    "GET /api/network/tree/": Line(
        MEMBER,
        lambda world: {"username": world.erik.username, "depth": 50},
        own=("username",),
        missing=_UNKNOWN_NAME,
    ),
    "GET /api/network/team/": Line(MEMBER),
    "GET /api/network/team/{username}/": Line(
        MEMBER,
        lambda world: {"username": world.eriks["waiting"]},
        own=("username",),
        missing=_UNKNOWN_NAME,
    ),
    "GET /api/network/positions/": Line(MEMBER),
    "GET /api/network/waiting/": Line(MEMBER),
    "PUT /api/network/waiting/{username}/": Line(
        MEMBER, _place, own=("username",), missing=_UNKNOWN_NAME
    ),
    "POST /api/signup/": Line(
        PUBLIC,
        _signup,
        own=("sponsor_username", "placement_username"),
        missing=_UNKNOWN_NAME,
    ),
    "POST /api/customers/": Line(
        PUBLIC, _customer, own=("sponsor_username",), missing=_UNKNOWN_NAME
    ),
    "GET /api/customers/link/": Line(MEMBER),
    # What everybody may see
    "GET /api/signup/fee/": Line(PUBLIC),
    "POST /api/signup/fee/": Line(PUBLIC),
    "GET /api/package/membership/": Line(PUBLIC),
    "GET /api/package/cart/": Line(PUBLIC),
    "POST /api/package/cart/": Line(PUBLIC),
    "GET /api/package/{package_id}/": Line(PUBLIC, lambda world: {"package_id": world.soap}),
    "GET /api/countries/": Line(PUBLIC),
    "GET /api/countries/{country_id}/states/": Line(PUBLIC, lambda _: {"country_id": 276}),
}
