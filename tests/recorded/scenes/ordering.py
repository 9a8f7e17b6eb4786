"""An order's life from checkout to refund, and the orders of an outside shop."""

from functools import partial
from typing import Any

from recorded.company import Company
from recorded.scenes.goods import PREFER
from support.installation import TRANSACTION_PASSWORD
from support.moves import ADDRESS, payment

CHECKOUT = "cart/checkout/"
BY_WALLET = {"payment_method": "ewallet", "transaction_password": TRANSACTION_PASSWORD}


def play(company: Company) -> None:
    _refused_checkouts(company)
    _paid_before(company)
    _paid_later(company)
    _paid_at_once(company)
    _cancelled(company)
    _refunded(company)
    _outside_shop(company)
    _lists(company)


def _fill_cart(company: Company, name: str, **pieces: int) -> None:
    member = company.asks(name)
    for product, quantity in pieces.items():
        sent = {"product_id": company.packages[product], "quantity": quantity}
        member("POST", "cart/products/", form=sent)


def _order_of(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = answer.data
    return found


def _totals(order: dict[str, Any], **other: Any) -> dict[str, Any]:
    names = ("order_id", "total_amount", "total_quantity", "total_pv")
    return {name: order[name] for name in names} | other


def _refused_checkouts(company: Company) -> None:
    anna, cleo = company.asks("anna"), company.asks("cleo")
    anna("POST", CHECKOUT, note="an empty cart")
    _fill_cart(company, "cleo", tea=1)
    cleo("POST", CHECKOUT, note="no address")
    cleo("DELETE", "cart/products/all/")
    _fill_cart(company, "anna", soap=2, tea=1)
    for wrong in ({"address_id": 999999}, {"address_id": "x"}, {"payment_method": "card"},
                  {"payment_method": "ewallet"}, {"payment_method": "epin"},
                  {"total_amount": "x"}, {"total_amount": "1.00"},
                  BY_WALLET | {"transaction_password": "wrong"},
                  BY_WALLET | {"ewallet_username": "nobody"},
                  {"payment_method": "epin", "epin_code": "0000-0000-0000-0000"}):  # fmt: skip
        anna("POST", CHECKOUT, form=wrong)
    company.prices("tea", "5.49")
    anna("POST", CHECKOUT, note="a price has changed since the cart was shown")
    anna("GET", "cart/products/")
    company.prices("tea", "4.99")
    anna("GET", "cart/products/")
    company.sets(kyc_needed_for=["checkout"])
    company.reviews_kyc("anna", "submitted")
    anna("POST", CHECKOUT, note="KYC is needed")
    company.reviews_kyc("anna", "verified")
    company.sets(kyc_needed_for=[])


def _paid_before(company: Company) -> None:
    """anna's cart is full; the money is paid in first."""
    anna = company.asks("anna")
    anna("POST", "ewallet/payment/", form=payment("anna", "30.00"))
    anna("POST", CHECKOUT, form={"total_amount": "29.99"}, headers={"Idempotency-Key": "buy-it-1"})
    anna("POST", CHECKOUT, form={"total_amount": "29.99"}, headers={"Idempotency-Key": "buy-it-1"},
         note="the same again")  # fmt: skip
    anna("GET", "ewallet/balance/")
    anna("GET", "cart/products/")
    order = anna("GET", "orders/").data["orders"][0]
    anna("GET", f"orders/{order['order_id']}/")
    anna("GET", f"orders/{order['order_id']}")
    company.asks("ben")("GET", f"orders/{order['order_id']}/", note="another's order")
    anna("POST", "order/", form=_totals(order), note="complete already")
    anna("DELETE", f"orders/{order['order_id']}/", note="complete already")


def _paid_later(company: Company) -> None:
    anna = company.asks("anna")
    _fill_cart(company, "anna", scales=1, soap=1)
    order = _order_of(anna("POST", CHECKOUT, headers=PREFER))
    complete = partial(anna, "POST", "order/")
    complete(form=_totals(order), note="not paid")
    complete(form=_totals(order, total_amount="1.00", total_pv=3))
    complete(json=_totals(order, total_quantity=7))
    complete(form=_totals(order, order_id="UP-000000000000"))
    complete(form={"order_id": order["order_id"]})
    complete(form=_totals(order, total_amount="x", total_quantity="1.5", total_pv="1.001"))
    complete(form=_totals(order, order_id="x" * 200))
    company.asks("ben")("POST", "order/", form=_totals(order), note="another's order")
    anna("POST", "ewallet/payment/", form=payment("anna", "211.50"), headers=PREFER)
    complete(json=_totals(order), headers=PREFER)
    complete(form=_totals(order), note="once more")
    anna("GET", f"orders/{order['order_id']}/")


def _paid_at_once(company: Company) -> None:
    anna, ben = company.asks("anna"), company.asks("ben")
    _fill_cart(company, "anna", tea=3)
    anna("POST", CHECKOUT, json=BY_WALLET | {"total_amount": 14.97}, headers=PREFER)
    code = company.epin("ben", "100.00")
    _fill_cart(company, "ben", scales=1)
    by_epin = {"payment_method": "epin", "epin_code": code}
    ben("POST", CHECKOUT, form=by_epin, note="the e-pin is lower than the amount")
    ben("POST", CHECKOUT, form=BY_WALLET, note="the wallet does not cover it")
    ben("GET", "cart/products/", note="still there")
    ben("DELETE", "cart/products/all/")
    _fill_cart(company, "ben", soap=4)
    ben("POST", CHECKOUT, parts=by_epin, headers=PREFER)
    ben("GET", "epins/")
    _fill_cart(company, "ben", soap=1)
    ben("POST", CHECKOUT, form=BY_WALLET | {"ewallet_username": "anna"}, headers=PREFER)
    cleo = company.asks("cleo")
    company.credit("cleo", "300.00")
    cleo("POST", "cart/shipping_address/", form=ADDRESS | {"name": "Cleo"})
    _fill_cart(company, "cleo", scales=1, tea=2)
    cleo("POST", CHECKOUT, form=BY_WALLET, headers=PREFER)


def _cancelled(company: Company) -> None:
    anna = company.asks("anna")
    for headers in ({}, PREFER):
        _fill_cart(company, "anna", tea=1)
        order = _order_of(anna("POST", CHECKOUT, headers=PREFER))
        address = f"orders/{order['order_id']}/"
        anna("DELETE", address, headers=headers)
        anna("DELETE", address, note="cancelled already")
        anna("POST", "order/", form=_totals(order), note="cancelled")
    for unknown in ("UP-000000000000", "x", "1"):
        anna("GET", f"orders/{unknown}/")
        anna("DELETE", f"orders/{unknown}/")


def _refunded(company: Company) -> None:
    anna = company.asks("anna")
    _fill_cart(company, "anna", tea=2)
    order = _order_of(anna("POST", CHECKOUT, form=BY_WALLET, headers=PREFER))
    for _ in range(2):
        company.refunds(order["order_id"], 1)
        anna("GET", f"orders/{order['order_id']}/")
    anna("POST", "order/", form=_totals(order), note="refunded")
    anna("DELETE", f"orders/{order['order_id']}/", note="refunded")
    anna("GET", "ewallet/balance/")


def _outside_shop(company: Company) -> None:
    sale = {"order_id": "shop-1", "total_amount": "80.00", "total_quantity": 2, "total_pv": "60.5"}
    company.asks("anna")("POST", "order/", form=sale, note="an api_key that may not report")
    anna, ben = company.asks("anna", shop=True), company.asks("ben", shop=True)
    anna("POST", "order/", form=sale, headers=PREFER)
    anna("POST", "order/", json=sale, note="the same again")
    anna("POST", "order/", form=sale | {"total_amount": "81.00"})
    ben("POST", "order/", form=sale, note="the same id, another member")
    anna("POST", "order/", json=sale | {"order_id": 2, "total_pv": 10}, headers=PREFER)
    for wrong in ({"total_quantity": 0}, {"total_pv": "100000"}, {"total_amount": "-1"},
                  {"total_quantity": "x"}, {"order_id": ""}, {"total_pv": "1.234"}):  # fmt: skip
        anna("POST", "order/", form=sale | {"order_id": "shop-3"} | wrong)
    for name, points in (("ben", "300"), ("cleo", "200"), ("dan", "100")):
        sold = {"order_id": f"shop-{name}", "total_amount": points, "total_quantity": 1,
                "total_pv": points}  # fmt: skip
        company.asks(name, shop=True)("POST", "order/", form=sold)
    company.sets(report_points_per_day=700)
    ben("POST", "order/", form=sale | {"order_id": "shop-4"}, note="past the day's points")
    company.sets(report_points_per_day=1_000_000)


def _lists(company: Company) -> None:
    anna = company.asks("anna")
    anna("GET", "orders/")
    cursor = anna("GET", "orders/", query={"limit": 3}).data["next_cursor"]
    anna("GET", "orders/", query={"limit": 3, "cursor": cursor})
    for wrong in ({"limit": 0}, {"limit": 201}, {"cursor": "x"}, {"status": "complete"}):
        anna("GET", "orders/", query=wrong)
    anna("GET", "ewallet/transactions/")
    anna("GET", "ewallet/balance/")
