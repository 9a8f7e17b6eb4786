"""Wrong secrets and too many requests: what is answered at a limit."""

from functools import partial

from recorded.company import LIMITS, Company
from recorded.scenes.signing_up import fields
from support.installation import PASSWORD, TRANSACTION_PASSWORD
from support.moves import payment


def play(company: Company) -> None:
    company.sets(**LIMITS)
    _logins(company)
    _transaction_passwords(company)
    _epins(company)
    _current_passwords(company)
    _requests(company)


def _logins(company: Company) -> None:
    ask = partial(company.recorder.call, company.stranger, "POST", "auth/access/")
    device = ask(form={"username": "ben", "password": PASSWORD}).data["device_token"]
    for name in ("ben", "nobody-at-all"):
        for number in range(1, 7):
            ask(form={"username": name, "password": "wrong"}, note=f"wrong, {number}")
        ask(form={"username": name, "password": PASSWORD}, note="right, and too late")
    ask(form={"username": "ben", "password": PASSWORD, "device_token": device},
        note="right, on a known device")  # fmt: skip


def _transaction_passwords(company: Company) -> None:
    erik = company.asks("erik")
    wrong = payment("erik", "1.00", transaction_password="wrong")
    for number in range(1, 5):
        erik("POST", "ewallet/payment/", form=wrong, note=f"wrong, {number}")
    erik("POST", "ewallet/payment/", form=payment("erik", "1.00"), note="right, and too late")
    asked = {"amount": "1.00", "transaction_password": TRANSACTION_PASSWORD}
    erik("POST", "payouts/", form=asked)
    right = {"current_password": TRANSACTION_PASSWORD, "new_password": "another horse entirely",
             "password_confirmation": "another horse entirely"}  # fmt: skip
    erik("PUT", "ewallet/password/", form=right)


def _epins(company: Company) -> None:
    erik = company.asks("erik")
    for number in range(1, 7):
        erik("POST", "epin/payment/", note=f"wrong, {number}",
             form={"payment_amount": "1.00", "epin_code": "0000-0000-0000-0000"})  # fmt: skip
    code = company.epin("erik", "5.00")
    erik("POST", "epin/payment/", form={"payment_amount": "1.00", "epin_code": code},
         note="right, and too late")  # fmt: skip


def _current_passwords(company: Company) -> None:
    put = partial(company.asks("erik"), "PUT", "profile/password/")
    sent = {"new_password": "another horse entirely",
            "password_confirmation": "another horse entirely"}  # fmt: skip
    for number in range(1, 7):
        put(form=sent | {"current_password": "wrong"}, note=f"wrong, {number}")
    put(form=sent | {"current_password": PASSWORD}, note="right, and too late")


def _requests(company: Company) -> None:
    acme = company.asks("acme")
    company.sets(signup_limit=2, picture_limit=1, forgot_limit=1)
    for _ in range(3):
        acme("POST", "signup/", form=fields(company, "xenia"), note="each one is counted")
    for _ in range(2):
        acme("POST", "profile/image/", parts={"image": ("me.png", b"x")}, note="each is counted")
    for _ in range(2):
        acme("POST", "profile/email/confirmation/")
        acme("POST", "ewallet/password/forget/")
    company.sets(request_limit=3)
    for _ in range(5):
        acme("GET", "ewallet/balance/", note="3 in a minute")
    company.sets(request_limit=0)
