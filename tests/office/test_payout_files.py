"""The SEPA file, held against ISO's own schema, and the bank data on the way into it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib import resources
from typing import Any
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.abroad import rated_japan
from support.cast import Cast, Player
from support.markets import emigrated
from support.moves import IBAN, tell_bank
from support.office import Visitor, problems
from upline.base import sql
from upline.base.actors import Shell
from upline.base.amounts import Money
from upline.base.bank_accounts import next_target_day
from upline.base.errors import FieldsWrong
from upline.base.models import PersonKey
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows import adjusting, configuring, paying_out
from upline.payouts.bank.details import FIELDS, SEPA_AMOUNT_MAX, obstacle
from upline.payouts.bank.files import BankTransfer, as_sepa
from upline.payouts.errors import NoBankFile
from upline.payouts.models import Batch, Payout

NAMES = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
OWN_IBAN = "DE02120300000000202051"


@lru_cache(maxsize=1)
def schema() -> xmlschema.XMLSchema:
    """pain.001.001.09 as ISO publishes it; the package sepaxml carries it."""
    folder = resources.files("sepaxml") / "schemas"
    return xmlschema.XMLSchema(str(folder / "pain.001.001.09.xsd"))


def texts(document: ElementTree.Element, path: str) -> list[str]:
    steps = "/".join(f"p:{step}" for step in path.split("/"))
    return [each.text or "" for each in document.findall(f".//{steps}", NAMES)]


@pytest.fixture
def batch(cast: Cast, fill: Any, bring_to: Callable[..., str], office_sets: Any) -> Any:
    """Three payouts to three members."""

    office_sets(payout_iban=OWN_IBAN, payout_bic="BYLADEM1001")
    for who in (cast.anna, cast.ben, cast.cleo):
        fill(who, "5000.00")
    tell_bank(cast.anna, account_holder="Jürgen Łukaszewicz & Söhne <x>", ifsc="COBADEFFXXX")
    bring_to(cast.anna, "approved", "1234.50")
    tell_bank(cast.ben, account_holder="Ελένη", account_number="GB29 NWBK 6016 1331 9268 19",
              ifsc="HDFC0001234")  # fmt: skip
    bring_to(cast.ben, "approved", "0.07")
    tell_bank(cast.cleo, ifsc="COBADEFFXXX", account_number="GB29NWBK60161331926819")
    number = bring_to(cast.cleo, "in_batch", "1000.00")
    return Payout.objects.get(number=number).batch


def test_the_file_is_valid_and_says_what_is_to_be_paid(
    olga: Visitor, batch: Any, cast: Cast
) -> None:
    content = olga.send(f"/payouts/batch/{batch.pk}/sepa/").content
    schema().validate(content.decode())
    batch.refresh_from_db()
    found = ElementTree.fromstring(content)
    assert texts(found, "GrpHdr/MsgId") == texts(found, "PmtInfId") == [batch.message_id]
    assert texts(found, "GrpHdr/CreDtTm") == [f"{batch.created_at:%Y-%m-%dT%H:%M:%SZ}"]
    assert texts(found, "NbOfTxs") == ["3", "3"]
    assert texts(found, "CtrlSum") == ["2234.57", "2234.57"]
    assert texts(found, "ReqdExctnDt/Dt") == [batch.execution_date.isoformat()]
    assert texts(found, "Dbtr/Nm") == ["Acme"]
    assert texts(found, "DbtrAcct/Id/IBAN") == [OWN_IBAN]
    assert texts(found, "DbtrAgt/FinInstnId/BICFI") == ["BYLADEM1001"]
    numbers = [each.number for each in batch.payouts.order_by("id")]
    assert texts(found, "EndToEndId") == numbers
    assert texts(found, "InstdAmt") == ["1234.50", "0.07", "1000.00"]
    assert texts(found, "Cdtr/Nm") == ["Jurgen Lukaszewicz . Sohne .x.", "Eleni", "Anna Example"]
    assert texts(found, "CdtrAcct/Id/IBAN") == [
        IBAN.replace(" ", ""), "GB29NWBK60161331926819", "GB29NWBK60161331926819",
    ]  # fmt: skip
    assert texts(found, "CdtrAgt/FinInstnId/BICFI") == ["COBADEFFXXX"], (
        "a BIC of another country than the account's, and what is no BIC, are left out"
    )
    assert texts(found, "Ustrd")[0] == f"Acme payout {numbers[0]} {cast.anna.username}"


def test_without_a_bic_of_the_company_the_file_is_valid_too(
    olga: Visitor, batch: Any, office_sets: Any
) -> None:
    office_sets(payout_bic="")
    content = olga.send(f"/payouts/batch/{batch.pk}/sepa/").content
    schema().validate(content.decode())
    found = ElementTree.fromstring(content)
    assert texts(found, "DbtrAgt/FinInstnId/Othr/Id") == ["NOTPROVIDED"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.text(min_size=1, max_size=100), amount=st.integers(1, 99_999_999_999))
def test_any_name_and_any_amount_make_a_valid_file(name: str, amount: int) -> None:
    bank = dict.fromkeys(FIELDS, "") | {"account_holder": name, "account_number": IBAN}
    batch = Batch(
        message_id="UPLINE-1",
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
        execution_date=date(2026, 1, 2),
        debtor_name=name,
        debtor_iban=OWN_IBAN,
    )
    content = as_sepa(batch, [BankTransfer("PO-1", "anna", amount, bank)] * 2)
    schema().validate(content.decode())
    assert content.isascii()


@pytest.mark.parametrize("digit", range(4, 22))
def test_an_iban_with_one_wrong_digit_is_not_paid(digit: int) -> None:
    right = IBAN.replace(" ", "")
    wrong = right[:digit] + str((int(right[digit]) + 1) % 10) + right[digit + 1 :]
    for number, why in (
        (IBAN.lower(), ""),
        (right, ""),
        (wrong, "not an IBAN"),
        ("", "no longer has a bank account"),
    ):
        bank = dict.fromkeys(FIELDS, "") | {"account_number": number}
        found = obstacle(bank, Money(100, "EUR"), "active")
        assert found == "" if not why else why in found


def test_more_than_a_sepa_transfer_carries_stays_out() -> None:
    bank = dict.fromkeys(FIELDS, "") | {"account_number": IBAN}
    assert obstacle(bank, Money(SEPA_AMOUNT_MAX, "EUR"), "active") == ""
    assert "999,999,999.99" in obstacle(bank, Money(SEPA_AMOUNT_MAX + 1, "EUR"), "active")


def test_members_of_another_currency_are_paid_to_any_account_number_and_by_csv_only(
    cast: Cast, bring_to: Callable[..., str]
) -> None:
    anna = emigrated(cast.anna, rated_japan())
    adjusting.credit_wallet(UnitOfWork(Shell()), anna.id, 1000, "a test")
    tell_bank(anna, account_number="000123456789", ifsc="HDFC0001234")
    number = bring_to(anna, "in_batch", "1000")
    batch_id = Payout.objects.get(number=number).batch_id
    assert batch_id is not None
    with pytest.raises(NoBankFile, match="EUR"):
        paying_out.bank_file(UnitOfWork(Shell()), batch_id, "sepa")
    lines = paying_out.bank_file(UnitOfWork(Shell()), batch_id, "csv").decode().splitlines()
    assert f"{number},{anna.username},1000,JPY,Sparkasse,,Anna Example,000123456789," in (
        line.removesuffix("HDFC0001234") for line in lines
    )


@pytest.mark.parametrize("name", ["payout_iban", "payout_bic"])
def test_the_companys_own_account_is_looked_at(name: str) -> None:
    changed: dict[str, Any] = {name: "DE02120300000000202052"}
    with pytest.raises(FieldsWrong) as refused:
        configuring.change_settings(UnitOfWork(Shell()), **changed)
    assert list(refused.value.fields) == [name]


def test_who_has_left_has_bank_data_that_nobody_reads(
    olga: Visitor, cast: Cast, fill: Any, bring_to: Callable[..., str]
) -> None:
    """A person's key destroyed, as on erasure, while a payout is in a batch."""

    player: Player = cast.dan
    fill(player, "10.00")
    tell_bank(player)
    payout = Payout.objects.get(number=bring_to(player, "in_batch"))
    PersonKey.objects.filter(user_id=player.id).delete()
    said = problems(olga.send(f"/payouts/batch/{payout.batch_id}/csv/"))
    assert said == (
        f"The bank data of {payout.number} cannot be read any more: mark it failed first."
    )
    olga.press(f"/payouts/payout/{payout.pk}/failed/", reason="The account is unknown.")


def test_a_file_fetched_later_asks_for_a_day_that_is_to_come_and_on_which_banks_pay(
    olga: Visitor, cast: Cast, fill: Any, bring_to: Callable[..., str], office_sets: Any
) -> None:
    office_sets(payout_iban=OWN_IBAN)
    fill(cast.anna, "50.00")
    tell_bank(cast.anna)
    batch = Payout.objects.get(number=bring_to(cast.anna, "in_batch")).batch
    assert batch is not None
    sql.run("UPDATE payouts_batch SET execution_date = '2026-01-01' WHERE id = %s", [batch.pk])
    content = olga.send(f"/payouts/batch/{batch.pk}/sepa/").content
    assert content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    [day] = texts(ElementTree.fromstring(content), "ReqdExctnDt/Dt")
    assert day == next_target_day(company.today()).isoformat()
    assert olga.send(f"/payouts/batch/{batch.pk}/sepa/").content == content
