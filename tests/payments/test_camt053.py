"""Account statements in XML: what banks write is read as the CSV would be, and nothing else is."""

import pytest

from upline.base.errors import FieldsWrong
from upline.payments.providers import bank_file

NUMBER = "UP-0123456789AB"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
    "<GrpHdr><MsgId>M1</MsgId></GrpHdr><Stmt><Id>S1</Id>"
    "<Bal><Amt Ccy='EUR'>99.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>"
)
FOOT = "</Stmt></BkToCstmrStmt></Document>"


def statement(*entries: str, version: str = "08") -> str:
    return HEAD.format(version=version) + "".join(entries) + FOOT


def entry(
    amount: str = "25.00", *, reference: str = "R1", text: str = NUMBER, sign: str = "CRDT",
    currency: str = "EUR", status: str = "<Sts><Cd>BOOK</Cd></Sts>", more: str = "",
) -> str:  # fmt: skip
    """One transfer, booked by itself."""
    ref = f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{more}{status}'
        f"{ref}<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def read(*entries: str, version: str = "08") -> list[tuple[str, str, int, str]]:
    """What a statement says: kind, reference, minor units, order."""
    return [
        (str(each.kind), each.reference, each.amount, each.order_number)
        for each in bank_file.read(statement(*entries, version=version))
    ]


@pytest.mark.parametrize("version", ["02", "04", "08", "11"])
def test_a_booked_credit_is_a_payment_in_any_version(version: str) -> None:
    assert read(entry(), version=version) == [("paid", "R1", 2500, NUMBER)]


def test_the_older_way_to_say_that_an_entry_is_booked_is_read_too() -> None:
    assert read(entry(status="<Sts>BOOK</Sts>"), version="02") == [("paid", "R1", 2500, NUMBER)]


def test_what_is_not_booked_and_what_the_company_paid_is_left_out() -> None:
    own_returned = entry(reference="R4", more="<RvslInd>true</RvslInd>")
    found = read(
        entry(reference="R2", status="<Sts><Cd>PDNG</Cd></Sts>"),
        entry(reference="R3", sign="DBIT"), own_returned, entry(),
    )  # fmt: skip
    assert found == [("paid", "R1", 2500, NUMBER)]


def test_a_credit_that_the_bank_reversed_is_a_return() -> None:
    reversed_entry = entry(sign="DBIT", more="<RvslInd>true</RvslInd>")
    assert read(reversed_entry) == [("returned", "R1", 2500, NUMBER)]


def test_a_batch_is_read_transfer_by_transfer() -> None:
    part = (
        "<TxDtls><Refs><AcctSvcrRef>{}</AcctSvcrRef></Refs><AmtDtls><TxAmt><Amt Ccy='EUR'>{}</Amt>"
        "</TxAmt></AmtDtls><RmtInf><Ustrd>{}</Ustrd></RmtInf></TxDtls>"
    )
    batch = (
        "<Ntry><Amt Ccy='EUR'>40.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
        "<AcctSvcrRef>BATCH</AcctSvcrRef><NtryDtls>"
        + part.format("A", "25.00", NUMBER) + part.format("B", "15.00", "no order")
        + "</NtryDtls></Ntry>"
    )  # fmt: skip
    assert read(batch) == [("paid", "A", 2500, NUMBER), ("paid", "B", 1500, "")]


def test_transfers_of_a_batch_that_all_have_its_reference_are_told_by_their_place() -> None:
    part = (
        "<TxDtls><Refs><AcctSvcrRef>BATCH</AcctSvcrRef></Refs><Amt Ccy='EUR'>{}</Amt>"
        "<RmtInf><Ustrd>{}</Ustrd></RmtInf></TxDtls>"
    )
    batch = (
        "<Ntry><Amt Ccy='EUR'>50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
        "<AcctSvcrRef>BATCH</AcctSvcrRef><NtryDtls>"
        + part.format("25.00", NUMBER) + part.format("25.00", "no order")
        + "</NtryDtls></Ntry>"
    )  # fmt: skip
    assert read(batch) == [("paid", "BATCH/1", 2500, NUMBER), ("paid", "BATCH/2", 2500, "")]


def test_an_orders_number_that_the_bank_cut_in_two_is_found() -> None:
    assert read(entry(text="thanks for UP-01234</Ustrd><Ustrd>56789AB"))[0][3] == NUMBER


def test_a_transfer_without_a_reference_is_told_by_its_place_in_the_statement() -> None:
    again = [read(entry(reference=""), entry(reference="")) for _ in range(2)]
    assert again[0] == again[1] == [("paid", "S1/1", 2500, NUMBER), ("paid", "S1/2", 2500, NUMBER)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<Document/>", "This is not an account statement in the format camt.053."),
        ("<html><body>", "The file is not valid XML"),
        (statement(), "There is no booked transfer in this file"),
        (statement(entry(currency="CHF")), "Entry S1/1: The currency must be one of"),
        (statement(entry("25.0001")), "Entry S1/1: This can have at most 2 decimal"),
        (statement(entry("9" * 20)), "Entry S1/1: The amount is too large."),
        (statement(entry(reference="x" * 101)), "Entry S1/1: The reference must have 1 to 100"),
        (statement(entry("0.00")), "Entry S1/1: The amount must be above zero."),
        (statement(entry("abc")), "Entry S1/1: Write this as a number"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + statement(entry(text="&b;"))[38:],
         "The file must not have a document type."),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(FieldsWrong) as refused:
        bank_file.read(text)
    assert refused.value.fields["lines"].startswith(sentence)
