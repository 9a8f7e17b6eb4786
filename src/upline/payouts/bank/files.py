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
class Order:
    """One transfer that the bank is told to make. `amount` in minor units."""

    number: str
    username: str
    amount: int
    bank: Mapping[str, str]


def as_csv(orders: Sequence[Order]) -> bytes:
    """A line for each, under a line of names."""
    facts = company.current()
    rows = [["payout_id", "username", "amount", "currency", *FIELDS]]
    for order in orders:
        amount = as_text(order.amount, facts.exponent)
        bank = [order.bank[name] for name in FIELDS]
        rows.append([order.number, order.username, amount, facts.currency, *bank])
    return csv_cells.as_csv(rows).encode()


def as_sepa(batch: Batch, orders: Sequence[Order]) -> bytes:
    """A customer credit transfer initiation with one payment of all orders. Their bank data
    were looked at on the way into the batch."""
    document = ElementTree.Element("Document", xmlns=NAMESPACE)
    message = _inside(document, "CstmrCdtTrfInitn")
    _header(message, batch, orders)
    payment = _payment(message, batch, orders)
    for order in orders:
        _transfer(payment, order)
    ElementTree.indent(document)
    text: bytes = ElementTree.tostring(document, encoding="utf-8")
    return _DECLARATION + text + b"\n"


def _header(message: ElementTree.Element, batch: Batch, orders: Sequence[Order]) -> None:
    header = _inside(message, "GrpHdr")
    _inside(header, "MsgId", batch.message_id)
    _inside(header, "CreDtTm", f"{batch.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    _sums(header, orders)
    _inside(header, "InitgPty/Nm", _plain(batch.debtor_name, _NAME_MAX))


def _payment(
    message: ElementTree.Element, batch: Batch, orders: Sequence[Order]
) -> ElementTree.Element:
    payment = _inside(message, "PmtInf")
    _inside(payment, "PmtInfId", batch.message_id)
    _inside(payment, "PmtMtd", "TRF")
    _inside(payment, "BtchBookg", "true")
    _sums(payment, orders)
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


def _sums(above: ElementTree.Element, orders: Sequence[Order]) -> None:
    _inside(above, "NbOfTxs", str(len(orders)))
    _inside(above, "CtrlSum", as_text(sum(order.amount for order in orders), 2))


def _transfer(payment: ElementTree.Element, order: Order) -> None:
    iban = iban_of(order.bank["account_number"]) or ""
    transfer = _inside(payment, "CdtTrfTxInf")
    _inside(transfer, "PmtId/EndToEndId", order.number)
    _inside(transfer, "Amt/InstdAmt", as_text(order.amount, 2)).set("Ccy", "EUR")
    bic = bic_of(order.bank["ifsc"])
    if bic and bic[4:6] == iban[:2]:
        _inside(transfer, "CdtrAgt/FinInstnId/BICFI", bic)
    _inside(transfer, "Cdtr/Nm", _plain(order.bank["account_holder"], _NAME_MAX))
    _inside(transfer, "CdtrAcct/Id/IBAN", iban)
    said = f"{company.current().name} payout {order.number} {order.username}"
    _inside(transfer, "RmtInf/Ustrd", _plain(said, 140))


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
