"""Every call, asked in each way that no call answers: without a key, without a token, by another
method, with a body that cannot be read, without each parameter, with each in another type."""

import re
from functools import partial
from typing import Any

from recorded.company import Company
from recorded.recorder import Caller
from recorded.scenes.profiles import BANK, CONTACT, PERSONAL
from support.installation import PASSWORD, TRANSACTION_PASSWORD
from support.moves import ADDRESS, payment, signup_fields

_CHANGED = {"current_password": "current one", "new_password": "another horse entirely",
            "password_confirmation": "another horse entirely"}  # fmt: skip
# Parameters that a call may do without.
_OPTIONAL = {
    "device_token", "lastname", "address_line2", "state", "zip_code", "landline", "address_id",
    *BANK,
}  # fmt: skip
_PATH = {"{package_id}": "1", "{country_id}": "276", "{earning_id}": "999", "{number}": "1",
         "{order_id}": "UP-000000000000", "{payout_id}": "PO-000000000000"}  # fmt: skip
_READS = (
    "package/membership/", "package/cart/", "package/{package_id}/", "signup/fee/", "countries/",
    "countries/{country_id}/states/", "profile/", "profile/image/", "ewallet/balance/",
    "ewallet/transactions/", "epins/", "cart/products/", "cart/shipping_address/", "orders/",
    "orders/{order_id}/", "payouts/", "payouts/{payout_id}/", "network/tree/", "earnings/",
    "earnings/current/", "earnings/{earning_id}/", "earnings/{earning_id}/lines/{number}/",
    "earnings/{earning_id}/statement/", "ranks/me/",
)  # fmt: skip


def _changes(company: Company) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, address and parameters of every call that is no GET."""
    soap = company.packages["soap"]
    totals = {"order_id": "UP-000000000000", "total_amount": "1.00", "total_quantity": "1",
              "total_pv": "1"}  # fmt: skip
    return [
        ("POST", "auth/access/", {"username": "anna", "password": PASSWORD, "device_token": "x"}),
        ("POST", "auth/logout/", {}),
        ("POST", "signup/", signup_fields("nobody", company.packages["starter"], username="zoe")),
        ("POST", "signup/fee/", {}),
        ("POST", "package/cart/", {}),
        ("POST", "profile/image/", {"image": "x"}),
        ("POST", "profile/email/confirmation/", {}),
        ("PUT", "profile/personal/", PERSONAL),
        ("POST", "profile/personal/", {"username": "nobody"}),
        ("PUT", "profile/contact/", CONTACT | {"state": "x"}),
        ("PUT", "profile/bank/", BANK),
        ("PUT", "profile/password/", _CHANGED),
        ("POST", "profile/password/forget/", {"username": "nobody"}),
        ("PUT", "ewallet/password/", _CHANGED),
        ("POST", "ewallet/password/forget/", {}),
        ("POST", "ewallet/balance/", {}),
        ("POST", "ewallet/payment/", payment("nobody", "1.00")),
        ("POST", "ewallet/payment/refund/", {}),
        ("POST", "epin/payment/", {"payment_amount": "1.00", "epin_code": "0000-0000-0000-0000"}),
        ("POST", "cart/products/", {"product_id": soap, "quantity": "1"}),
        ("PUT", "cart/products/", {"product_id": soap, "quantity": "1"}),
        ("DELETE", "cart/products/", {"product_id": soap}),
        ("DELETE", "cart/products/all/", {}),
        ("POST", "cart/products/all/", {}),
        ("POST", "cart/shipping_address/", ADDRESS),
        ("DELETE", "cart/shipping_address/", {"address_id": "999999"}),
        ("POST", "cart/shipping_address/default/", {"address_id": "999999"}),
        ("POST", "cart/checkout/", {}),
        ("POST", "order/", totals),
        ("DELETE", "orders/{order_id}/", {}),
        ("POST", "payouts/", {"amount": "1.00", "transaction_password": TRANSACTION_PASSWORD}),
        ("DELETE", "payouts/{payout_id}/", {}),
    ]


def play(company: Company) -> None:
    changes = _changes(company)
    calls = [("GET", address) for address in _READS]
    calls += [(method, address) for method, address, _ in changes]
    for method, address in calls:
        _without_credentials(company, method, _path(address))
    for address in dict.fromkeys(address for _, address in calls):
        for method in ("PATCH", "OPTIONS"):
            company.asks("erik")(method, _path(address))
    for method, address, parameters in changes:
        _unreadable(company, method, _path(address))
        _without_each(company, method, _path(address), parameters)


def _path(template: str) -> str:
    for name, value in _PATH.items():
        template = template.replace(name, value)
    return template


def _without_credentials(company: Company, method: str, address: str) -> None:
    ask, key = company.recorder.call, company.stranger.api_key
    ask(Caller("no key", "", company.member("erik").access_token), method, address)
    ask(Caller("no token", key), method, address)
    ask(Caller("an unknown token", key, "unknown"), method, address)


def _unreadable(company: Company, method: str, address: str) -> None:
    erik = company.asks("erik")
    if address != "auth/logout/":
        erik(method, address, raw="{", headers={"Content-Type": "application/json"})
        erik(method, address, raw="a=1", headers={"Content-Type": "text/plain"})


def _without_each(company: Company, method: str, address: str, parameters: dict[str, Any]) -> None:
    """Each parameter left out where it is required, and sent as an object."""
    ask = partial(company.asks("erik"), method, address)
    for name in parameters:
        rest = {key: each for key, each in parameters.items() if key != name}
        if name not in _OPTIONAL or address == "cart/shipping_address/":
            ask(form=rest, note=f"no {name}")
            ask(json=parameters | {name: None}, note=f"{name} is null")
        ask(json=parameters | {name: {}}, note=f"{name} is an object")
    if parameters:
        ask(form={}, note="nothing")


def every_call_was_answered(company: Company) -> None:
    """Raise AssertionError where a call of the served OpenAPI document was never answered with
    success, or was never refused."""
    served = company.recorder.served()
    answered: set[str] = set()
    refused: set[str] = set()
    for entries in company.recorder.scenes.values():
        for entry in entries:
            method, path = entry["call"].partition("?")[0].split(" ", 1)
            operation = _operation(served, method, path)
            (answered if entry["status"] < 300 else refused).add(operation)
    calls = {
        f"{method.upper()} {path}"
        for path, methods in served["paths"].items()
        for method in methods
    }
    assert sorted(calls - answered) == [], "these were never answered with success"
    assert sorted(calls - refused) == [], "these were never refused"


def _operation(served: dict[str, Any], method: str, path: str) -> str:
    plain = f"/api/{path.strip('/')}/"
    for template in sorted(served["paths"], key=lambda each: "{" in each):
        pattern = re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, plain):
            return f"{method} {template}"
    return ""
