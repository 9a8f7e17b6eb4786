"""Signup and the tree in a unilevel and in a matrix company."""

from __future__ import annotations

from functools import partial

from recorded.company import Company
from recorded.recorder import Caller
from support.installation import ROOT_MEMBER
from support.moves import signup_fields
from support.other_company import OtherCompany, other_company


def play(company: Company) -> None:
    for kind, width in (("unilevel", None), ("matrix", 2)):
        other = other_company(company.installation, kind, width)
        try:
            company.recorder.at(other.base_url)
            _play_in(company, other, kind)
        finally:
            other.end()
            company.recorder.at(company.installation.base_url)


def _play_in(company: Company, other: OtherCompany, kind: str) -> None:
    root = other.root
    caller = Caller(f"acme of a {kind}", root.api_key, root.access_token)
    acme = partial(company.recorder.call, caller)
    product = acme("GET", "package/membership/").data["products"][0]["id"]
    company.recorder.masks.name("product", product)
    for number, name in enumerate(("ada", "bob", "cid", "dee"), 1):
        sponsor = ROOT_MEMBER if number < 4 else "ada"
        sent = signup_fields(sponsor, product, username=name, placement_username=ROOT_MEMBER)
        acme("POST", "signup/", form=sent)
    sent = signup_fields(ROOT_MEMBER, product, username="eve")
    acme("POST", "signup/", form=sent | {"placement_username": "", "position": ""})
    acme("POST", "signup/", form=sent | {"placement_username": "nobody", "username": "fay"})
    acme("POST", "signup/", form=sent | {"sponsor_username": "nobody", "username": "fay"})
    acme("POST", "signup/", form=sent | {"position": "X", "username": "fay"})
    acme("GET", "network/tree/")
    acme("GET", "network/tree/", query={"username": "ada", "depth": 1})
    acme("GET", "profile/")
