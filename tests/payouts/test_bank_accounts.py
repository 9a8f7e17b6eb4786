"""What is told of a bank account before money is sent to it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from support.cast import Cast
from support.client import data, refused
from support.moves import IBAN, tell_bank
from upline.base.amounts import Money
from upline.base.bank_accounts import next_target_day
from upline.payouts.bank.details import FIELDS, obstacle

HOLIDAYS = ["2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25",
            "2027-03-26", "2027-03-29", "2028-04-14", "2028-04-17"]  # fmt: skip
NEXT = {
    "2026-11-27": "2026-11-27", "2026-11-28": "2026-11-30", "2026-11-29": "2026-11-30",
    "2026-04-03": "2026-04-07", "2026-12-25": "2026-12-28", "2026-12-31": "2026-12-31",
    "2027-01-01": "2027-01-04", "2024-02-29": "2024-02-29", "2026-05-01": "2026-05-04",
}  # fmt: skip


@pytest.mark.parametrize("day", HOLIDAYS)
def test_banks_do_not_pay_on_a_holiday_of_target(day: str) -> None:
    assert next_target_day(date.fromisoformat(day)) > date.fromisoformat(day)


@pytest.mark.parametrize(("day", "due"), NEXT.items())
def test_the_next_day_on_which_banks_pay(day: str, due: str) -> None:
    assert next_target_day(date.fromisoformat(day)) == date.fromisoformat(due)


@pytest.mark.parametrize(
    "number", ["DE89370400440532013001", "de89 3704 0044 0532 0130 01", "GB29NWBK60161331926818"]
)
def test_a_mistyped_iban_is_told_when_it_is_typed(
    cast: Cast, number: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = cast.anna.client.put("profile/bank/", account_number=number)
        refused(answer, 422, "1004", "account_number")
        assert "check digits" in answer.json()["error"]["fields"]["account_number"]


@pytest.mark.parametrize("number", ["000123456789", "12-345678-9", IBAN, "30009876543", ""])
def test_an_account_number_of_any_country_is_taken_as_it_is(cast: Cast, number: str) -> None:
    tell_bank(cast.anna, account_number=number)
    assert data(cast.anna.client.get("profile/"))["account_number"] == number


def test_an_account_outside_sepa_stays_out_of_the_batch(cast: Cast) -> None:
    bank = dict.fromkeys(FIELDS, "") | {"account_number": "BR1800360305000010009795493C1"}
    assert obstacle(bank, Money(100, "EUR"), "active") == (
        "The account is in BR, which SEPA transfers do not reach."
    )
