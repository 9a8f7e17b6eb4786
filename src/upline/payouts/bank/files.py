"""The file that tells the bank to pay a batch: CSV, or SEPA (ISO 20022 pain.001.001.09).

Everything in a file is stored, so that made again it is the same, byte for byte."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from xml.etree import ElementTree

from anyascii import anyascii

from upline.base import csv_cells
from upline.base.amounts import as_text
from upline.base.bank_accounts import bic_of, iban_of
from upline.company import current as company
from upline.markets import current as markets
from upline.payouts.bank.details import FIELDS
from upline.payouts.models import Batch

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
# Python's own has single quotes, which some banks refuse.
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
# The letters that every bank of SEPA takes.
_SEPA_LETTERS = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ "
)
_NAME_MAX = 70


@dataclass(frozen=True)
class BankTransfer:
    """One transfer that the bank is told to make. `amount` in minor units."""

    number: str
    username: str
    amount: int
    bank: Mapping[str, str]


def as_csv(batch: Batch, transfers: Sequence[BankTransfer]) -> bytes:
    """A line for each, under a line of names."""
    decimals = markets.decimals_of(batch.currency)
    rows = [["payout_id", "username", "amount", "currency", *FIELDS]]
    for transfer in transfers:
        amount = as_text(transfer.amount, decimals)
        bank = [transfer.bank[name] for name in FIELDS]
        rows.append([transfer.number, transfer.username, amount, batch.currency, *bank])
    return csv_cells.as_csv(rows).encode()


def as_sepa(batch: Batch, transfers: Sequence[BankTransfer]) -> bytes:
    """A customer credit transfer initiation with one payment of all transfers. Their bank data
    were looked at on the way into the batch."""
    document = ElementTree.Element("Document", xmlns=NAMESPACE)
    message = _inside(document, "CstmrCdtTrfInitn")
    _header(message, batch, transfers)
    payment = _payment(message, batch, transfers)
    for transfer in transfers:
        _transfer(payment, transfer)
    ElementTree.indent(document)
    text: bytes = ElementTree.tostring(document, encoding="utf-8")
    return _DECLARATION + text + b"\n"


def _header(message: ElementTree.Element, batch: Batch, transfers: Sequence[BankTransfer]) -> None:
    header = _inside(message, "GrpHdr")
    _inside(header, "MsgId", batch.message_id)
    _inside(header, "CreDtTm", f"{batch.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    _sums(header, transfers)
    _inside(header, "InitgPty/Nm", _plain(batch.debtor_name, _NAME_MAX))


def _payment(
    message: ElementTree.Element, batch: Batch, transfers: Sequence[BankTransfer]
) -> ElementTree.Element:
    payment = _inside(message, "PmtInf")
    _inside(payment, "PmtInfId", batch.message_id)
    _inside(payment, "PmtMtd", "TRF")
    _inside(payment, "BtchBookg", "true")
    _sums(payment, transfers)
    _inside(payment, "PmtTpInf/SvcLvl/Cd", "SEPA")
    _inside(payment, "ReqdExctnDt/Dt", batch.execution_date.isoformat())
    _inside(payment, "Dbtr/Nm", _plain(batch.debtor_name, _NAME_MAX))
    _inside(payment, "DbtrAcct/Id/IBAN", batch.debtor_iban)
    if batch.debtor_bic:
        _inside(payment, "DbtrAgt/FinInstnId/BICFI", batch.debtor_bic)
    else:
        _inside(payment, "DbtrAgt/FinInstnId/Othr/Id", "NOTPROVIDED")
    _inside(payment, "ChrgBr", "SLEV")
    return payment


def _sums(above: ElementTree.Element, transfers: Sequence[BankTransfer]) -> None:
    _inside(above, "NbOfTxs", str(len(transfers)))
    _inside(above, "CtrlSum", as_text(sum(transfer.amount for transfer in transfers), 2))


def _transfer(payment: ElementTree.Element, transfer: BankTransfer) -> None:
    iban = iban_of(transfer.bank["account_number"]) or ""
    element = _inside(payment, "CdtTrfTxInf")
    _inside(element, "PmtId/EndToEndId", transfer.number)
    _inside(element, "Amt/InstdAmt", as_text(transfer.amount, 2)).set("Ccy", "EUR")
    bic = bic_of(transfer.bank["ifsc"])
    if bic and bic[4:6] == iban[:2]:
        _inside(element, "CdtrAgt/FinInstnId/BICFI", bic)
    _inside(element, "Cdtr/Nm", _plain(transfer.bank["account_holder"], _NAME_MAX))
    _inside(element, "CdtrAcct/Id/IBAN", iban)
    said = f"{company.current().name} payout {transfer.number} {transfer.username}"
    _inside(element, "RmtInf/Ustrd", _plain(said, 140))


def _inside(above: ElementTree.Element, path: str, text: str | None = None) -> ElementTree.Element:
    """A new element, and those between; the innermost one."""
    for name in path.split("/"):
        above = ElementTree.SubElement(above, name)
    above.text = text
    return above


def _plain(text: str, most: int) -> str:
    """The text in letters that every bank takes."""
    letters = (each if each in _SEPA_LETTERS else "." for each in anyascii(text))
    return "".join(letters)[:most].strip() or "."
