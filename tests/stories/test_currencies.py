"""A company in a currency without decimals, and one with three: from order to bank file."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from commissions.founding import FIRST
from commissions.world import acting, noon, opened, paid, people, sell
from support.cast import enrol, set_transaction_password
from support.client import Client, data, refused
from support.installation import ROOT_MEMBER, STAFF, STAFF_PASSWORD, Installation
from support.installation import TRANSACTION_PASSWORD as SECRET
from support.moves import ADDRESS, IBAN
from support.office import Visitor, problems
from support.other_company import OtherCompany, other_company
from upline.base import sql
from upline.books import invariants
from upline.flows import paying_out

PLAN = """
name = "Levels"
currency = "{code}"
decimals = {decimals}
packages = ["Starter", "Business"]

[[bonuses]]
name = "levels"
kind = "levels"
percents = [10, 5]

[settlement]
service_charge = 10
"""


def enrol_mia() -> int:
    with noon(FIRST):
        enrol(ROOT_MEMBER, "mia")
    sell("mia", FIRST + timedelta(days=3), 3000, 0)
    (mia,) = people("mia")
    set_transaction_password(mia)
    return mia


def pay_by_plan(path: str) -> None:
    people("otto")
    call_command("plan", "use", path, "--from", str(FIRST))
    for run in opened(STAFF):
        paid(run)


def let_hours_pass() -> None:
    """A change that could hand an account over was long ago."""
    sql.run("UPDATE members_protectedchange SET at = at - interval '100 hours'")


def file_for_the_bank(number: str) -> str:
    paying_out.approve(acting(STAFF), number)
    batch = paying_out.make_batch(acting(STAFF))
    return paying_out.bank_file(acting(STAFF), batch.id, "csv").decode()


@dataclass
class Currency:
    """A company with its decimals, and a 100 as its people write and as its programs show it."""

    company: OtherCompany
    code: str
    decimals: int

    def written(self, minor: int) -> str:
        """`12345` is `12,345 JPY` or `12.345 KWD`."""
        whole, part = divmod(minor, 10**self.decimals)
        return f"{whole:,}" + (f".{part:0{self.decimals}}" if self.decimals else "")


@pytest.fixture(scope="module", params=[("JPY", 0), ("KWD", 3)], ids=["JPY", "KWD"])
def currency(request: pytest.FixtureRequest, installation: Installation) -> Iterator[Currency]:
    company = other_company(installation, "unilevel", money=request.param, days_ago=100)
    yield Currency(company, *request.param)
    company.end()


def test_a_company_lives_in_its_own_decimals(currency: Currency, tmp_path: Any) -> None:
    company, written, decimals = currency.company, currency.written, currency.decimals
    root = company.root
    fee = data(root.get("signup/fee/"))["fee"]
    assert str(fee) == str(1000 if decimals == 0 else 1)
    mia_id = company.does(enrol_mia)

    # The office credits a wallet, in what people type.
    olga = Visitor(company.base_url)
    olga.sign_in(STAFF, STAFF_PASSWORD)
    page = f"/members/member/{mia_id}/credit/"
    typed = "50000" if decimals == 0 else "50.000"
    too_fine = "50000.5" if decimals == 0 else "50.0005"
    assert "decimal" in problems(olga.post(page, olga.open(page) | {
        "amount": too_fine, "reason": "cash"}))  # fmt: skip
    assert f"{written(50000)} {currency.code} was added to the wallet" in olga.press(
        page, amount=typed, reason="cash"
    )

    # An order, paid from the wallet.
    mia = company.member("mia")
    soap = next(each for each in data(mia.get("package/cart/"))["products"]
                if each["name"] == "Soap")  # fmt: skip
    assert float(soap["amount"]) == 1250 / 10**decimals
    mia.post("cart/products/", product_id=soap["id"], quantity=3)
    mia.post("cart/shipping_address/", **ADDRESS)
    total = data(mia.get("cart/products/"))["total_amount"]
    assert float(total) == 3750 / 10**decimals
    funds = {"payment_method": "ewallet", "transaction_password": SECRET}
    refused(mia.post("cart/checkout/", total_amount=too_fine, **funds), 422, "1004", "total_amount")
    assert mia.post("cart/checkout/", total_amount=str(total), **funds).status_code == 204
    balance = data(mia.get("ewallet/balance/"))
    assert float(balance["balance"]) == (50000 - 3750) / 10**decimals
    assert balance["currency"] == currency.code

    _run(currency, tmp_path)
    _earned(currency, root)
    _paid_out(currency, mia)
    assert company.does(invariants.check) == {}


def _run(currency: Currency, folder: Any) -> None:
    """The plan comes into force and its month is over: a run pays the root 10 % of 3,000."""
    plan = folder / "plan.toml"
    plan.write_text(PLAN.format(code=currency.code, decimals=currency.decimals))
    currency.company.does(pay_by_plan, str(plan))


def _earned(currency: Currency, root: Client) -> None:
    (earning,) = data(root.get("earnings/"))["earnings"]
    assert float(earning["gross"]) == 300 / 10**currency.decimals
    assert float(earning["total"]) == 270 / 10**currency.decimals
    table = root.get(f"earnings/{earning['id']}/statement/", format="csv")
    assert table.status_code == 200
    amounts = {cell for row in csv.reader(io.StringIO(table.text)) for cell in row}
    assert {currency.written(300), currency.written(270)} & amounts
    paper = root.get(f"earnings/{earning['id']}/statement/", format="pdf")
    assert paper.content.startswith(b"%PDF")


def _paid_out(currency: Currency, mia: Client) -> None:
    bank = {"account_holder": "Mia Example", "account_number": IBAN, "bank_name": "Bank"}
    assert mia.put("profile/bank/", **bank).status_code == 204
    currency.company.does(let_hours_pass)
    asked = currency.written(12345).replace(",", "")
    answer = mia.post("payouts/", amount=asked, transaction_password=SECRET)
    assert answer.status_code == 201, answer.text
    number = data(answer)["payout_id"]
    said = currency.company.does(file_for_the_bank, number)
    (row,) = csv.DictReader(io.StringIO(said))
    assert (row["amount"], row["currency"]) == (asked, currency.code)
