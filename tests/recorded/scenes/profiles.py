"""The profile, its picture, and both passwords."""

import io
from functools import partial
from typing import Any

from PIL import Image

from recorded.company import Company
from recorded.scenes.goods import PREFER
from support.installation import PASSWORD, TRANSACTION_PASSWORD
from support.moves import IBAN

PERSONAL = {"firstname": "Anna", "lastname": "Novak", "gender": "F", "date_of_birth": "1988-02-29"}
CONTACT = {
    "address_line1": "Long Street 1", "address_line2": "Back yard", "country": "276",
    "city": "Bonn", "zip_code": "53111", "email": "anna.novak@example.com",
    "mobile": "+49 170 7654321", "landline": "0228 123456",
}  # fmt: skip
BANK = {
    "bank_name": "Sparkasse", "branch_name": "Bonn", "account_holder": "Anna Novak",
    "account_number": IBAN, "ifsc": "SPKA0000001", "pan": "ABCDE1234F",
}  # fmt: skip
NEW = "another horse entirely"


def play(company: Company) -> None:
    company.asks("anna")("GET", "profile/")
    _personal(company)
    _contact(company)
    _bank(company)
    _overloads(company)
    _picture(company)
    _login_password(company)
    _transaction_password(company)
    company.asks("anna")("GET", "profile/")


def _personal(company: Company) -> None:
    put = partial(company.asks("anna"), "PUT", "profile/personal/")
    put(form=PERSONAL)
    put(json=PERSONAL | {"gender": "m"}, headers=PREFER)
    put(parts={"Firstname": "Anna", "Gender": "F", "date_of_birth": "1988-02-29"})
    put(json=PERSONAL | {"lastname": None}, headers=PREFER, note="null: unchanged")
    put(form=PERSONAL | {"lastname": ""}, headers=PREFER, note="empty: cleared")
    put(form=PERSONAL | {"current_password": PASSWORD})
    put(form=PERSONAL | {"current_password": "wrong"})
    for day in ("1.1.1990", "1990-02-30", "2020-01-01", "", "2990-01-01", "1800-01-01"):
        put(form=PERSONAL | {"date_of_birth": day})
    put(form=PERSONAL | {"date_of_birth": "x", "gender": "x"}, note="two wrong fields")
    put(form={"firstname": "Anna"})
    put(form=PERSONAL | {"firstname": "\u202eAnna"})
    put(form=PERSONAL | {"firstname": "---"})
    put(form=PERSONAL | {"firstname": "x" * 500})
    put(form={"gender": "F"}, query=PERSONAL)


def _contact(company: Company) -> None:
    put = partial(company.asks("anna"), "PUT", "profile/contact/")
    states = company.asks("anna")("GET", "countries/276/states/").data["states"]
    put(form=CONTACT)
    put(json=CONTACT | {"country": 276, "state": states[0]["id"]}, headers=PREFER)
    put(parts=CONTACT | {"country": "Germany", "state": states[1]["name"]}, headers=PREFER)
    put(form=CONTACT | {"country": "840"}, headers=PREFER, note="another country clears the state")
    put(form=CONTACT | {"address_line2": "", "landline": "", "zip_code": ""}, headers=PREFER)
    put(json=CONTACT | {"zip_code": 53111, "mobile": 491701234567}, headers=PREFER)
    for wrong in ({"country": "999"}, {"country": "x"}, {"country": ""}, {"state": "1"},
                  {"state": "x"}, {"email": "x"}, {"email": "a@b"}, {"mobile": "call me"},
                  {"mobile": "1"}, {"landline": "x"}, {"city": ""}, {"current_password": "x"},
                  {"zip_code": "x" * 50}):  # fmt: skip
        put(form=CONTACT | wrong)
    put()
    anna = company.asks("anna")
    anna("POST", "profile/email/confirmation/")
    company.asks("ben")("POST", "profile/email/confirmation/", note="nothing to confirm")
    anna("GET", "profile/")


def _bank(company: Company) -> None:
    put = partial(company.asks("anna"), "PUT", "profile/bank/")
    put(form=BANK)
    put(json=BANK | {"pan": ""}, headers=PREFER)
    put(json={"branch_name": None, "ifsc": "SPKA0000002"}, headers=PREFER)
    for wrong in ({"account_number": "DE00 3704 0044 0532 0130 00"}, {"pan": "x" * 50},
                  {"account_number": "x" * 60}, {"bank_name": "\u0007"},
                  {"current_password": "x"}):  # fmt: skip
        put(form=BANK | wrong)
    put()


def _overloads(company: Company) -> None:
    put = partial(company.asks("anna"), "PUT", "profile/personal/")
    put(form=BANK, note="the bank data")
    put(form=BANK, headers=PREFER)
    put(form=BANK | PERSONAL, note="fields of two calls")
    put(form=PERSONAL | {"new_password": NEW})
    put(form={"new_password": NEW}, note="the password")
    put(form={"current_password": PASSWORD}, note="alone it is the password's")
    put()
    ask = partial(company.recorder.call, company.stranger, "POST")
    for address in ("profile/personal/", "profile/password/forget/"):
        ask(address, form={"username": "ben"})
        ask(address, form={"ccccc": "ben"})
        ask(address, json={"username": "nobody"})
        ask(address, form={"username": "ben@example.com"})
        ask(address, form={"username": ""})
        ask(address, form={"ccccc": ""})
        ask(address, form={"username": "ben"}, headers=PREFER, note="preferred in vain")
        ask(address)


def _picture(company: Company) -> None:
    anna = company.asks("anna")
    anna("GET", "profile/image/")
    for number, kind in enumerate(("PNG", "JPEG", "WEBP")):
        sent: dict[str, Any] = {"image": (f"me.{kind.lower()}", _painted(kind))}
        headers = {"Prefer": "return=representation"} if number else {}
        anna("POST", "profile/image/", parts=sent, headers=headers)
    anna("GET", "profile/image/")
    anna("HEAD", "profile/image/")
    anna("POST", "profile/image/", parts={"image": ("me.png", b"not a picture")})
    anna("POST", "profile/image/", parts={"image": ("me.gif", _painted("GIF"))})
    anna("POST", "profile/image/", parts={"image": ("me.png", b"")})
    anna("POST", "profile/image/", parts={"image": "a text"})
    anna("POST", "profile/image/", parts={"picture": ("me.png", _painted("PNG"))})
    anna("POST", "profile/image/", form={"image": "a text"})
    anna("POST", "profile/image/", json={"image": "a text"})
    anna("POST", "profile/image/")
    anna("POST", "profile/image/", parts={"image": ("big.png", b"\x89PNG" + bytes(11 * 2**20))})
    anna("POST", "profile/image/", parts={"image": ("wide.png", _painted("PNG", (9000, 6000)))})


def _painted(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(target, kind)
    return target.getvalue()


def _login_password(company: Company) -> None:
    cleo = company.asks("cleo")
    right = {"current_password": PASSWORD, "new_password": NEW, "password_confirmation": NEW}
    address = "profile/password/"
    for wrong in (_both("short"), _both("password123"), _both("cleo cleo"), _both(""),
                  {"password_confirmation": "not the same"}, {"current_password": "wrong"},
                  {"current_password": ""}, _both(TRANSACTION_PASSWORD), _both("x" * 129),
                  _both("acme acme")):  # fmt: skip
        cleo("PUT", address, form=right | wrong)
    cleo("PUT", address)
    cleo("PUT", address, form=right)
    cleo("GET", "profile/", note="all tokens have ended")
    for password in (PASSWORD, NEW):
        sent = {"username": "cleo", "password": password}
        given = company.recorder.call(company.stranger, "POST", "auth/access/", form=sent)
    token = {"access_token": given.data["access_token"]}
    back = {"current_password": NEW, "new_password": PASSWORD, "password_confirmation": PASSWORD}
    cleo("PUT", "profile/personal/", json=back, headers=token, note="back, as printed")
    company.signs_in_anew()


def _both(password: str) -> dict[str, str]:
    return {"new_password": password, "password_confirmation": password}


def _transaction_password(company: Company) -> None:
    cleo = company.asks("cleo")
    right = {"current_password": TRANSACTION_PASSWORD} | _both(NEW)
    address = "ewallet/password/"
    for wrong in (_both("short"), _both(""), _both(PASSWORD), {"current_password": "wrong"},
                  {"password_confirmation": "not the same"}, {"current_password": ""}):  # fmt: skip
        cleo("PUT", address, form=right | wrong)
    cleo("PUT", address)
    cleo("PUT", address, form=right)
    cleo("PUT", address, json={"current_password": NEW} | _both(TRANSACTION_PASSWORD),
         headers=PREFER)  # fmt: skip
    cleo("POST", "ewallet/password/forget/")
    cleo("POST", "ewallet/password/forget/", json=None, headers=PREFER)
