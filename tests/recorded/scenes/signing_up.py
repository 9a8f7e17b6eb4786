"""Signup in a binary company, and the tree that it grows."""

from functools import partial
from typing import Any

from recorded.company import Company
from support.installation import PASSWORD, TRANSACTION_PASSWORD
from support.moves import payment, signup_fields

SIGNUP, TREE = "signup/", "network/tree/"


def play(company: Company) -> None:
    _free(company)
    _wrong_fields(company)
    _wrong_people(company)
    _paid(company)
    _switches(company)
    _tree(company)


def fields(company: Company, username: str, **more: Any) -> dict[str, Any]:
    """A signup that is right: below anna's outer right, which is cleo's."""
    where = {"placement_username": "cleo", "position": "R", "username": username}
    return signup_fields("anna", company.packages["starter"], **where | more)


def _free(company: Company) -> None:
    anna = company.asks("anna")
    sent = fields(company, "nora")
    key = {"Idempotency-Key": "enrol-nora"}
    anna("POST", SIGNUP, form=sent, headers=key)
    anna("POST", SIGNUP, form=sent, headers=key, note="the same again")
    anna("POST", SIGNUP, form=sent | {"username": "nora2"}, headers=key, note="another body")
    right = {"placement_username": "nora", "position": "l", "agree_terms": True}
    anna("POST", SIGNUP, json=fields(company, "olaf", **right), note="JSON; l is L")
    capitals = {name.title(): each for name, each in fields(company, "pam").items()}
    anna("POST", SIGNUP, parts=capitals | {"Placement_Username": "olaf"})
    nora = {"username": "nora", "password": PASSWORD}
    given = company.recorder.call(company.stranger, "POST", "auth/access/", form=nora).data
    token = {"access_token": given["access_token"]}
    anna("GET", "profile/", headers=token, note="nora's")
    order = anna("GET", "orders/", headers=token, note="nora's").data["orders"][0]
    names = ("order_id", "total_amount", "total_quantity", "total_pv")
    anna("POST", "order/", form={name: order[name] for name in names}, headers=token,
         note="nora's, not paid")  # fmt: skip


def _wrong_fields(company: Company) -> None:
    post = partial(company.asks("anna"), "POST", SIGNUP)
    right = fields(company, "rosa", placement_username="pam")
    for name in right:
        post(form={key: each for key, each in right.items() if key != name}, note=f"no {name}")
    for wrong in (
        {"position": "X"}, {"product_id": "x"}, {"product_id": 999999}, {"firstname": "---"},
        {"lastname": "\u200b"}, {"date_of_birth": "17.5.1990"}, {"date_of_birth": "2020-05-17"},
        {"email": "rosa"}, {"mobile": "none"}, {"username": "ro"}, {"username": "r o s a"},
        {"username": "r" * 31}, {"password": "short", "password_confirmation": "short"},
        {"password": "password1", "password_confirmation": "password1"},
        {"password_confirmation": "another"}, {"agree_terms": "false"}, {"agree_terms": "x"},
        {"payment_method": "card"}, {"payment_method": "ewallet", "ewallet_username": "anna"},
        {"total_amount": "x"}, {"total_amount": "1.00"},
        {"date_of_birth": "x", "email": "x", "username": "x"},
    ):  # fmt: skip
        post(form=right | wrong)
    post(json=right | {"agree_terms": 1, "product_id": "1"})
    post(json=right | {"agree_terms": "true", "firstname": 7, "mobile": {}})


def _wrong_people(company: Company) -> None:
    post = partial(company.asks("anna"), "POST", SIGNUP)
    right = fields(company, "rosa", placement_username="pam")
    company.enrol("gina", "cleo", "cleo", "L")
    company.blocks("gina")
    for wrong in (
        {"sponsor_username": "nobody"}, {"sponsor_username": "erik"}, {"sponsor_username": "gina"},
        {"placement_username": "nobody"}, {"placement_username": "erik"},
        {"placement_username": "cleo", "position": "R"}, {"username": "BEN"},
        {"product_id": company.packages["soap"]}, {"product_id": company.packages["retired"]},
        {"sponsor_username": "nobody", "placement_username": "nobody", "username": "ben"},
    ):  # fmt: skip
        post(form=right | wrong)
    post(form=right | {"email": "anna@example.com"}, note="one address may serve several members")


def _paid(company: Company) -> None:
    anna = company.asks("anna")
    post = partial(anna, "POST", SIGNUP)
    company.credit("anna", "1000.00")
    at = {"placement_username": "rosa", "payment_method": "ewallet"}
    wallet = {"ewallet_username": "anna", "transaction_password": TRANSACTION_PASSWORD}
    post(form=fields(company, "sven", **at), note="nothing is paid in")
    post(form=fields(company, "sven", **at, **wallet | {"transaction_password": "wrong"}))
    post(form=fields(company, "sven", **at, **wallet | {"ewallet_username": "nobody"}))
    post(form=fields(company, "sven", **at, **wallet, total_amount="110.00"))
    anna("POST", "ewallet/payment/", form=payment("anna", "110.00"))
    post(form=fields(company, "tina", **at | {"placement_username": "sven"}), note="paid before")
    code, low = company.epin("anna", "110.00"), company.epin("anna", "109.99")
    at = {"placement_username": "tina", "payment_method": "epin"}
    post(form=fields(company, "ulla", **at))
    post(form=fields(company, "ulla", **at, epin_code=low))
    post(form=fields(company, "ulla", **at, epin_code="0000-0000-0000-0000"))
    post(form=fields(company, "ulla", **at, epin_code=code))
    anna("GET", "ewallet/balance/")
    anna("GET", "epins/")


def _switches(company: Company) -> None:
    post = partial(company.asks("anna"), "POST", SIGNUP)
    company.sets(registration_open=False)
    post(form=fields(company, "vera"), note="registration is closed")
    post(form=fields(company, "nora"), headers={"Idempotency-Key": "enrol-nora"}, note="a replay")
    company.sets(registration_open=True, payment_methods=["ewallet"])
    post(form=fields(company, "vera"), note="free_join is switched off")
    company.sets(payment_methods=["free_join", "ewallet", "epin"], kyc_needed_for=["signup"])
    company.asks("ben")("POST", SIGNUP, form=fields(company, "vera", sponsor_username="ben",
                        placement_username="ben"), note="KYC is needed")  # fmt: skip
    company.sets(kyc_needed_for=[], one_member_per_email=True)
    post(form=fields(company, "vera", placement_username="ulla"), note="one member for an address")
    company.sets(one_member_per_email=False, spill_over=True)
    post(form=fields(company, "vera", placement_username="", position=""), note="spill-over")
    post(form=fields(company, "walt", placement_username="", position="R"), note="the right leg")
    company.sets(spill_over=False, dynamic_usernames=True)
    post(form=fields(company, "ignored", placement_username="walt"), note="generated name")
    company.sets(dynamic_usernames=False, public_signup=True)
    somebody = partial(company.recorder.call, company.stranger)
    for address in ("package/membership/", "package/cart/", "signup/fee/", "countries/276/states/",
                    f"package/{company.packages['tea']}/"):  # fmt: skip
        somebody("GET", address, note="public signup")
    somebody("POST", SIGNUP, form=fields(company, "xara", sponsor_username="erik",
             placement_username="erik"), note="public signup")  # fmt: skip
    company.sets(public_signup=False)
    somebody("GET", "package/membership/")
    somebody("POST", SIGNUP, form=fields(company, "yoko"))


def _tree(company: Company) -> None:
    anna = company.asks("anna")
    anna("GET", TREE)
    for query in ({"depth": 0}, {"depth": 1}, {"depth": 50}, {"username": "BEN"},
                  {"username": "cleo", "depth": 1}, {"username": "erik"}, {"username": "acme"},
                  {"username": "nobody"}, {"depth": 51}, {"depth": -1}, {"depth": "x"},
                  {"colour": "red"}):  # fmt: skip
        anna("GET", TREE, query=query)
    company.asks("acme")("GET", TREE)
