"""Bank transfers from an account statement in XML: camt.053 of ISO 20022, any version.

Booked credits become payments. A credit that the bank reversed becomes a return. What the company
itself paid is left out, and so is what is not booked yet. A batch is read transfer by transfer."""

from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from upline.base.amounts import NotAnAmount
from upline.language import gettext
from upline.payments.models import PaymentEventKind
from upline.payments.providers.event import (
    NO_REFERENCE,
    TEXT_MOST,
    TRANSFERS_MAX,
    ProviderEvent,
    amount_of,
    must_be_reference,
    order_in,
    wrong,
)

_STATEMENT = "BkToCstmrStmt"
_BOOKED = "BOOK"


def is_xml(text: str) -> bool:
    """Whether a file is XML at all; then it is read here."""
    return text.lstrip("\ufeff \t\r\n").startswith("<")


def read(text: str) -> list[ProviderEvent]:
    """What the statements in a file say. Raises FieldsWrong, naming the first wrong entry."""
    events: list[ProviderEvent] = []
    for statement in _statements(text):
        number = _text(statement, "Id")
        for index, entry in enumerate(statement.findall("Ntry"), start=1):
            try:
                events += _of_entry(entry, f"{number}/{index}")
            except (NotAnAmount, ValueError) as error:
                where = f"{number}/{index}"
                sentence = gettext("Entry {where}: {reason}", where=where, reason=error)
                raise wrong(sentence) from error
            if len(events) > TRANSFERS_MAX:
                raise wrong(gettext("Import at most {most} transfers at once.", most=TRANSFERS_MAX))
    if not events:
        raise wrong(
            gettext("There is no booked transfer in this file that came in or was taken back.")
        )
    return events


def _statements(text: str) -> list[Element]:
    # A document type could define entities that grow without end, or read other files.
    if "<!DOCTYPE" in text:
        raise wrong(gettext("The file must not have a document type."))
    try:
        root = ElementTree.fromstring(text.lstrip("\ufeff \t\r\n"))  # noqa: S314 - see above
    except ElementTree.ParseError as error:
        raise wrong(gettext("The file is not valid XML: {reason}.", reason=error)) from error
    for element in root.iter():
        # Each bank has its own version, and so its own namespace.
        element.tag = element.tag.rpartition("}")[2]
    report = root.find(_STATEMENT)
    if report is None:
        raise wrong(gettext("This is not an account statement in the format camt.053."))
    return report.findall("Stmt")


def _of_entry(entry: Element, number: str) -> Iterator[ProviderEvent]:
    """The transfers of a booked entry; `number` tells it from all others."""
    if (_text(entry, "Sts", "Cd") or _text(entry, "Sts")) != _BOOKED:
        return
    kind = _kind(entry)
    if kind is None:
        return
    parts = entry.findall("NtryDtls/TxDtls")
    # Some banks write the reference of a batch at each of its transfers.
    times = Counter(_reference([part]) for part in parts)
    for index, part in enumerate(parts or [entry], start=1):
        # Of a single transfer the amount and the reference may stand at the entry alone.
        around = [part] if len(parts) > 1 else [part, entry]
        own = _reference(around)
        reference = own or number
        if len(parts) > 1 and (not own or times[own] > 1):
            reference = f"{reference}/{index}"
        yield _event(kind, reference, _amount(around), _remittance(part, entry))


def _kind(entry: Element) -> PaymentEventKind | None:
    """What an entry says; None for what the company paid, and for what it got back of that."""
    is_credit = _text(entry, "CdtDbtInd") == "CRDT"
    is_reversal = _text(entry, "RvslInd").lower() in ("true", "1")
    if is_credit == is_reversal:
        return None
    return PaymentEventKind.PAID if is_credit else PaymentEventKind.RETURNED


def _reference(around: list[Element]) -> str:
    """The bank's own reference."""
    for element in around:
        for path in (("Refs", "AcctSvcrRef"), ("AcctSvcrRef",)):
            found = _text(element, *path)
            if found not in NO_REFERENCE:
                return found
    return ""


def _amount(around: list[Element]) -> tuple[str, str]:
    """The amount as it is written, and its currency."""
    for element in around:
        for path in ("Amt", "AmtDtls/TxAmt/Amt"):
            found = element.find(path)
            if found is not None and found.text:
                return found.text.strip(), str(found.get("Ccy", "")).upper()
    raise ValueError(gettext("The amount is missing."))


def _remittance(part: Element, entry: Element) -> list[str]:
    """What the payer wrote, as the bank has cut it up."""
    found = [each.text or "" for each in part.iter("Ustrd")]
    found += [each.text or "" for each in part.findall("RmtInf/Strd/CdtrRefInf/Ref")]
    end_to_end = _text(part, "Refs", "EndToEndId")
    found += [end_to_end] if end_to_end not in NO_REFERENCE else []
    return found or [_text(part, "AddtlTxInf") or _text(entry, "AddtlNtryInf")]


def _event(
    kind: PaymentEventKind, reference: str, amount: tuple[str, str], remittance: list[str]
) -> ProviderEvent:
    written, currency = amount
    minor = amount_of(written, currency)
    must_be_reference(reference)
    if minor <= 0:
        raise ValueError(gettext("The amount must be above zero."))
    text = " ".join(" ".join(remittance).split())
    return ProviderEvent(
        event_id=f"{kind}:{reference}",
        kind=kind,
        reference=reference,
        amount=minor,
        currency=currency,
        order_number=order_in(text) or order_in("".join(remittance)),
        text=text[:TEXT_MOST],
    )


def _text(element: Element, *path: str) -> str:
    found = element.find("/".join(path))
    return (found.text or "").strip() if found is not None else ""
