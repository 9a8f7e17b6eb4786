"""What the audit log says, in words: events, the fields that changed, and their values."""

from collections.abc import Callable, Mapping
from typing import Any

from upline.base import places
from upline.base.audit import Change
from upline.company.settings import MONEY
from upline.flows.permissions import meaning
from upline.screens import shown

EVENTS = {
    "bank.change": "Bank data changed",
    "bank.undo": "Change of bank data undone",
    "bank.view": "Bank data looked at",
    "company.found": "Company set up",
    "contact.change": "Contact data changed",
    "demo.build": "Demo company built",
    "email.change": "E-mail address changed",
    "email.confirm": "E-mail address confirmed",
    "email.verify": "E-mail address confirmed by the office",
    "email.undo": "Change of e-mail address undone",
    "epins.allocate": "E-pins given to a member",
    "epins.block": "E-pins blocked",
    "epins.issue": "E-pins issued",
    "epins.print": "Codes of e-pins downloaded",
    "epins.take": "E-pins taken, and given to another member",
    "epins.unblock": "E-pins unblocked",
    "group.save": "Role saved",
    "identity.undo": "Change of identity undone",
    "job.again": "Failed job started again",
    "key.create": "API key created",
    "key.revoke": "API key revoked",
    "kyc.expired": "KYC set to expired",
    "kyc.rejected": "KYC rejected",
    "kyc.submitted": "KYC to be reviewed again",
    "kyc.verified": "KYC verified",
    "ledger.verify": "Books verified",
    "login.unlock": "Sign-in unlocked",
    "mail.send_again": "Mail sent again",
    "master_keys.rotate": "Master keys rotated",
    "member.active": "Member unblocked",
    "member.blocked": "Member blocked",
    "member.closed": "Membership ended",
    "member.correct": "Personal data corrected",
    "member.move": "Member moved in the trees",
    "member.package": "Membership package changed",
    "order.approve": "Order marked as paid",
    "order.cancel": "Order cancelled",
    "order.refund": "Order refunded",
    "package.change": "Package changed",
    "package.create": "Package created",
    "password.change": "Password changed",
    "password.undo": "Change of password undone",
    "payout.approve": "Payout approved",
    "payout.bank_view": "Bank data of a payout looked at",
    "payout.batch": "Payout batch made",
    "payout.cancelled": "Payout cancelled",
    "payout.declined": "Payout declined",
    "payout.failed": "Payout failed",
    "payout.file": "Bank file downloaded",
    "payout.paid": "Payout paid",
    "payout.request": "Payout requested",
    "payout.returned": "Payout returned by the bank",
    "person.erase": "Personal data erased",
    "person.export": "Personal data exported",
    "personal.change": "Personal data changed",
    "plan.use": "Compensation plan put in force",
    "refund.sent": "Refund marked as sent",
    "reset_login.send": "Password link sent",
    "reset_transaction.send": "Transaction password link sent",
    "run.approve": "Run approved",
    "run.ask": "Worker asked to continue a run",
    "run.ask_to_drop": "Asked to drop a run",
    "run.close": "Run closed",
    "run.compute": "Run calculated",
    "run.drop": "Run dropped",
    "run.forfeit": "Withheld earnings forfeited",
    "run.open": "Run started",
    "run.pay": "Run paid",
    "run.refuse": "Step of a run refused",
    "run.review": "Run checked",
    "second_factor.codes": "New recovery codes made",
    "second_factor.off": "Second factor turned off",
    "second_factor.on": "Second factor turned on",
    "second_factor.recovery_code": "Recovery code used",
    "second_factor.reset": "Second factor reset",
    "settings.change": "Settings changed",
    "staff.activate": "Staff user activated",
    "staff.deactivate": "Staff user deactivated",
    "staff.email": "E-mail address of a staff user changed",
    "staff.invite": "Staff user invited",
    "staff.make_link": "Password link for a staff user made",
    "staff.rights": "Rights of a staff user changed",
    "staff.send_link": "Password link sent to a staff user",
    "staff.sign_in": "Signed in to the office",
    "staff.sign_out_of": "Signed out of another browser",
    "transaction_password.change": "Transaction password changed",
    "transaction_password.undo": "Change of transaction password undone",
    "wallet.closed_forfeited": "Balance of a closed account forfeited",
    "wallet.closed_paid": "Balance of a closed account paid",
    "wallet.credit": "Wallet credited",
    "wallet.debit": "Wallet debited",
}

_LABELS = {
    "address_line1": "Address, line 1",
    "address_line2": "Address, line 2",
    "country_id": "Country",
    "email": "E-mail",
    "firstname": "First name",
    "lastname": "Last name",
    "kyc": "KYC",
    "outputs": "Fingerprint of the result",
    "state_id": "State",
    "tax_rate": "Tax",
    "why": "Reason",
    "zip_code": "Postal code",
}


def _words(value: Any) -> str:
    return shown.words(str(value))


# The fields whose values need more than to be printed, by the name they are written under.
_KINDS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        MONEY | {"amount", "balance", "commissionable_value", "debt", "refunded"}, shown.money
    ),
    **dict.fromkeys(("state", "status", "standing", "kyc", "step"), _words),
    "points": shown.points,
    "tax_rate": shown.percent,
    "country_id": places.country_name,
    "state_id": places.state_name,
}


def event(code: str) -> str:
    """`wallet.credit` is `Wallet credited`."""
    return EVENTS.get(code) or shown.words(code.replace(".", ": "))


def label(name: str) -> str:
    """What a field is called."""
    return _LABELS.get(name) or shown.words(name[:1].upper() + name[1:])


def value(name: str, written: Any) -> Any:
    """What a field held, as people read it."""
    if written in (None, "", []):
        return shown.NOTHING
    if isinstance(written, bool):
        return "yes" if written else "no"
    if name == "Permissions" and isinstance(written, list):
        return ". ".join(meaning(str(each)) for each in written)
    if isinstance(written, list):
        return ", ".join(_words(each) for each in written)
    write = _KINDS.get(name, str)
    # Figures become words once a person is erased.
    is_figure = isinstance(written, int) or write is _words
    return write(written) if is_figure else str(written)


def changes_of(facts: Mapping[str, Any]) -> dict[str, Change]:
    """What changed, also in entries from before they all held `changes`."""
    found = facts.get("changes", {})
    if "before" in facts and "after" in facts:
        found = _from_two(facts["before"], facts["after"])
    if not isinstance(found, Mapping):
        return {}
    return {name: _change(each) for name, each in found.items()}


def _change(each: Any) -> Change:
    """Once only the new value was written."""
    if isinstance(each, dict) and each.keys() == {"before", "after"}:
        return each
    return {"before": None, "after": each}


def _from_two(before: Any, after: Any) -> dict[str, Change]:
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return {"value": {"before": before, "after": after}}
    return {
        name: {"before": before.get(name), "after": after[name]}
        for name in after
        if before.get(name) != after[name]
    }
