"""Signing in and out, and what every request has around its parameters."""

from functools import partial

from recorded.company import Company
from recorded.recorder import Caller
from support.installation import PASSWORD

RIGHT = {"username": "anna", "password": PASSWORD}


def play(company: Company) -> None:
    _sign_in(company)
    _credentials(company)
    _addresses(company)
    _bodies(company)
    _sign_out(company)
    _blocked(company)


def _sign_in(company: Company) -> None:
    somebody = partial(company.recorder.call, company.stranger, "POST", "auth/access/")
    given = somebody(form=RIGHT).data
    somebody(json=RIGHT)
    somebody(parts=RIGHT)
    somebody(form={"UserName": "ANNA", "Password": PASSWORD}, note="names in another case")
    somebody(form=RIGHT | {"device_token": given["device_token"]}, note="a known device")
    somebody(form=RIGHT | {"device_token": "never given"})
    somebody(form=RIGHT | {"colour": "red"}, note="an unknown parameter")
    somebody(form=RIGHT, headers={"Idempotency-Key": "a-key-of-eight"}, note="the key is ignored")
    somebody(form=RIGHT, headers={"Idempotency-Key": "a-key-of-eight"})
    somebody(form=RIGHT | {"password": "wrong"})
    somebody(form=RIGHT | {"username": "nobody"})
    somebody(form={"username": "anna"})
    somebody(form={"username": "", "password": ""})
    somebody(json={"username": None, "password": 12})
    somebody()


def _credentials(company: Company) -> None:
    anna, ask = company.member("anna"), company.recorder.call
    key, token = anna.api_key, anna.access_token
    for name, headers in {
        "with underscores": {"api_key": key, "access_token": token},
        "with dashes": {"api-key": key, "access-token": token},
        "as a bearer": {"api_key": key, "Authorization": f"Bearer {token}"},
        "the same token twice": {
            "api_key": key, "access_token": token, "Authorization": f"Bearer {token}"
        },
        "no key": {"access_token": token},
        "an unknown key": {"api_key": "unknown", "access_token": token},
        "two keys in one header": {"api_key": f"{key}, {key}", "access_token": token},
        "no token": {"api_key": key},
        "an unknown token": {"api_key": key, "access_token": "unknown"},
        "two tokens in one header": {"api_key": key, "access_token": f"{token}, {token}"},
        "two different tokens": {
            "api_key": key, "access_token": token, "Authorization": "Bearer unknown"
        },
        "a token of another client": {
            "api_key": company.installation.store_api_key, "access_token": token
        },
    }.items():  # fmt: skip
        company.recorder.masks.name("token", token)
        for secret in (key, company.installation.store_api_key):
            company.recorder.masks.name("token", secret)
        ask(Caller("somebody", ""), "GET", "ewallet/balance/", headers=headers, note=name)


def _addresses(company: Company) -> None:
    anna = company.asks("anna")
    for address in ("", "docs/", "openapi.json", "openapi.json/", "ewallet/balance", "nothing/"):
        anna("GET", address)
    anna("GET", "ewallet/balance/", headers={"X-Request-Id": "a-request-of-mine"})
    anna("GET", "ewallet/balance/", headers={"X-Request-Id": "short"})
    anna("GET", "ewallet/balance/", headers={"Accept": "text/html"})
    anna("HEAD", "ewallet/balance/")
    anna("OPTIONS", "ewallet/balance/")
    anna("HEAD", "auth/access/")
    origin = {"Origin": "https://shop.example.com"}
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "api_key"}
    for note in ("a web page that may not", "a web page that may"):
        anna("GET", "ewallet/balance/", headers=origin, note=note)
        anna("OPTIONS", "profile/bank/", headers=origin | asked, note=note)
        anna("GET", "nothing/", headers=origin, note=note)
        company.sets(allowed_origins=["https://shop.example.com"])
    company.sets(allowed_origins=[])


def _bodies(company: Company) -> None:
    somebody = partial(company.recorder.call, company.stranger, "POST", "auth/access/")
    typed = {"Content-Type": "application/json"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for raw in ("{", '"text"', "[]", "null", "[1]", '{"username": "a", "username": "b"}', "NaN",
                b"\xff\xfe", '{"username": "\\u0000", "password": "x"}'):  # fmt: skip
        somebody(raw=raw, headers=typed)
    for raw in ("username=anna&username=ben&password=x", "username=anna&USERNAME=anna&password=x",
                "username=%ff&password=x", b"username=\xff", "username"):  # fmt: skip
        somebody(raw=raw, headers=form)
    somebody(raw="--edge", headers={"Content-Type": "multipart/form-data; boundary=edge"})
    somebody(raw="--edge", headers={"Content-Type": "multipart/form-data"})
    somebody(raw="<a/>", headers={"Content-Type": "application/xml"})
    somebody(raw="text", headers={"Content-Type": "text/plain"})
    somebody(raw="username=anna")
    somebody(form={f"p{number}": "1" for number in range(51)}, note="too many parameters")
    somebody(raw='{"username": "' + "a" * 70_000 + '"}', headers=typed, note="too large")
    somebody(form=RIGHT, query={"username": "anna"}, note="a parameter in the query")
    somebody(form=RIGHT, query={"_": "1"}, note="a cache-buster")


def _sign_out(company: Company) -> None:
    ask = company.recorder.call
    for headers in ({}, {"Idempotency-Key": "sign-me-out"}):
        given = ask(company.stranger, "POST", "auth/access/", form=RIGHT).data
        leaving = Caller("anna", company.stranger.api_key, given["access_token"])
        ask(leaving, "POST", "auth/logout/", headers=headers)
        ask(leaving, "POST", "auth/logout/", headers=headers, note="once more")
        ask(leaving, "GET", "profile/")
    given = ask(company.stranger, "POST", "auth/access/", form=RIGHT).data
    leaving = Caller("anna", company.stranger.api_key, given["access_token"])
    ask(leaving, "POST", "auth/logout/", headers={"Idempotency-Key": "sign-me-out"},
        note="the key of an earlier token")  # fmt: skip
    ask(leaving, "POST", "auth/logout/", headers={"Idempotency-Key": "short"})


def _blocked(company: Company) -> None:
    company.enrol("gus", "acme", "dan", "L")
    gus = company.asks("gus")
    gus("GET", "ewallet/balance/")
    company.blocks("gus")
    gus("GET", "ewallet/balance/", note="blocked by the office")
    for password in (PASSWORD, "wrong"):
        company.recorder.call(
            company.stranger, "POST", "auth/access/", form={"username": "gus", "password": password}
        )
