"""What the audit log says, in words: events, the fields that changed, and their values."""

from collections.abc import Callable, Mapping
from typing import Any

from upline.base import countries
from upline.base.audit import AuditEvent, Change
from upline.base.event_kinds import EventKind
from upline.company.settings import IN_CURRENCY, MONEY
from upline.flows.permissions import meaning
from upline.markets import current as markets
from upline.screens import shown

EVENTS: dict[str, str] = {
    EventKind.MEMBER_JOINED: "Member joined",
    EventKind.ORDER_PLACED: "Order placed",
    EventKind.ORDER_COMPLETED: "Order completed",
    EventKind.ORDER_CANCELLED: "Order cancelled",
    EventKind.PAYMENT_RECEIVED: "Payment received",
    EventKind.PAYMENT_RETURNED: "Payment returned",
    EventKind.BANK_CHANGED: "Bank data changed",
    EventKind.BANK_UNDONE: "Change of bank data undone",
    AuditEvent.BANK_VIEW: "Bank data looked at",
    AuditEvent.COMPANY_FOUND: "Company set up",
    EventKind.CONTACT_CHANGED: "Contact data changed",
    EventKind.CUSTOMER_CLASS_CHANGED: "Customer reclassified",
    EventKind.CUSTOMER_BECAME_MEMBER: "Customer became a member",
    EventKind.CUSTOMER_REGISTERED: "Customer registered",
    EventKind.CUSTOMER_SPONSOR_CHANGED: "Customer given another sponsor",
    AuditEvent.DEMO_BUILD: "Demo company built",
    EventKind.EMAIL_CONFIRMED: "E-mail address confirmed",
    EventKind.EMAIL_VERIFIED: "E-mail address confirmed by the office",
    EventKind.EMAIL_UNDONE: "Change of e-mail address undone",
    EventKind.EPINS_GIVEN: "E-pins given to a member",
    EventKind.EPINS_BLOCKED: "E-pins blocked",
    EventKind.EPINS_ISSUED: "E-pins issued",
    AuditEvent.EPINS_PRINT: "Codes of e-pins downloaded",
    EventKind.EPINS_TAKEN: "E-pins taken, and given to another member",
    EventKind.EPINS_UNBLOCKED: "E-pins unblocked",
    EventKind.ROLE_SAVED: "Role saved",
    AuditEvent.JOB_AGAIN: "Failed job started again",
    EventKind.API_KEY_CREATED: "API key created",
    AuditEvent.KEY_SCOPES: "Scopes of an API key changed",
    EventKind.API_KEY_REVOKED: "API key revoked",
    EventKind.KYC_EXPIRED: "KYC set to expired",
    EventKind.KYC_REJECTED: "KYC rejected",
    EventKind.KYC_SUBMITTED: "KYC to be reviewed again",
    EventKind.KYC_VERIFIED: "KYC verified",
    AuditEvent.LEDGER_VERIFY: "Books verified",
    AuditEvent.LOGIN_UNLOCK: "Sign-in unlocked",
    AuditEvent.MAIL_SEND_AGAIN: "Mail sent again",
    AuditEvent.MASTER_KEYS_ROTATE: "Master keys rotated",
    EventKind.MARKET_CHANGED: "Market changed",
    EventKind.MARKET_CREATED: "Market created",
    EventKind.MARKET_RATE_ADDED: "Exchange rate added",
    EventKind.MARKET_TAX_RATE_ADDED: "Tax rate added",
    EventKind.MEMBER_UNBLOCKED: "Member unblocked",
    EventKind.MEMBER_BLOCKED: "Member blocked",
    EventKind.MEMBER_CLOSED: "Membership ended",
    EventKind.MEMBER_CORRECTED: "Personal data corrected",
    EventKind.MEMBER_MOVED: "Member moved in the trees",
    EventKind.MEMBER_PACKAGE_CHANGED: "Membership package changed",
    EventKind.MEMBER_MARKET_CHANGED: "Moved to another market",
    AuditEvent.ORDER_APPROVE: "Order marked as paid",
    EventKind.ORDER_REFUNDED: "Order refunded",
    AuditEvent.ORDER_RELEASE: "Order paid without its owner's confirmation",
    EventKind.PACKAGE_PRICE_CHANGED: "Price of a package changed",
    EventKind.PACKAGE_CHANGED: "Package changed",
    EventKind.PACKAGE_CREATED: "Package created",
    EventKind.PASSWORD_CHANGED: "Password changed",
    EventKind.PASSWORD_UNDONE: "Change of password undone",
    EventKind.PAYOUT_APPROVED: "Payout approved",
    AuditEvent.PAYOUT_BANK_VIEW: "Bank data of a payout looked at",
    EventKind.PAYOUT_BATCH_MADE: "Payout batch made",
    EventKind.PAYOUT_CANCELLED: "Payout cancelled",
    EventKind.PAYOUT_DECLINED: "Payout declined",
    EventKind.PAYOUT_FAILED: "Payout failed",
    AuditEvent.PAYOUT_FILE: "Bank file downloaded",
    EventKind.PAYOUT_PAID: "Payout paid",
    EventKind.PAYOUT_REQUESTED: "Payout requested",
    EventKind.PAYOUT_RETURNED: "Payout returned by the bank",
    EventKind.MEMBER_ERASED: "Personal data erased",
    AuditEvent.PERSON_EXPORT: "Personal data exported",
    AuditEvent.PAYMENT_EVENT_ASSIGN: "Payment event assigned to an order",
    AuditEvent.PAYMENT_EVENT_SET_ASIDE: "Payment event set aside",
    AuditEvent.PAYMENT_RECORD: "Payment recorded",
    AuditEvent.PAYMENTS_IMPORT: "Bank file imported",
    AuditEvent.PROVIDER_SECRET_ADD: "Secret of a payment provider made",
    AuditEvent.PROVIDER_SECRET_END: "Secret of a payment provider ended",
    EventKind.POSITION_OPENED: "Further position opened",
    EventKind.MEMBER_PLACED: "Member who waited was placed",
    EventKind.PERSONAL_CHANGED: "Personal data changed",
    EventKind.PLAN_PUT_IN_FORCE: "Compensation plan put in force",
    EventKind.REFUND_SENT: "Refund marked as sent",
    AuditEvent.RESET_LOGIN_SEND: "Password link sent",
    AuditEvent.RESET_TRANSACTION_SEND: "Transaction password link sent",
    AuditEvent.SURPLUS_KEEP: "Surplus payment left as shopping balance",
    AuditEvent.SURPLUS_SEND: "Surplus payment sent back",
    EventKind.RUN_APPROVED: "Run approved",
    AuditEvent.RUN_ASK: "Worker asked to continue a run",
    EventKind.RUN_CLOSED: "Run closed",
    EventKind.RUN_COMPUTED: "Run calculated",
    EventKind.RUN_DROPPED: "Run dropped",
    EventKind.RUN_FORFEITED: "Withheld earnings forfeited",
    EventKind.RUN_OPENED: "Run started",
    EventKind.RUN_PAID: "Run paid",
    AuditEvent.RUN_PAY_PART: "Run paid except for what it withholds",
    AuditEvent.RUN_REFUSE: "Step of a run refused",
    EventKind.RUN_REVIEWED: "Run checked",
    AuditEvent.SECOND_FACTOR_CODES: "New recovery codes made",
    AuditEvent.SECOND_FACTOR_OFF: "Second factor turned off",
    AuditEvent.SECOND_FACTOR_ON: "Second factor turned on",
    AuditEvent.SECOND_FACTOR_RECOVERY_CODE: "Recovery code used",
    AuditEvent.SECOND_FACTOR_RESET: "Second factor reset",
    EventKind.SETTINGS_CHANGED: "Settings changed",
    EventKind.STAFF_ACTIVATED: "Staff user activated",
    EventKind.STAFF_DEACTIVATED: "Staff user deactivated",
    AuditEvent.STAFF_EMAIL: "E-mail address of a staff user changed",
    EventKind.STAFF_INVITED: "Staff user invited",
    AuditEvent.STAFF_MAKE_LINK: "Password link for a staff user made",
    AuditEvent.STAFF_OWN_MEMBER: "Staff user named their own member account",
    EventKind.STAFF_RIGHTS_CHANGED: "Rights of a staff user changed",
    AuditEvent.STAFF_SEND_LINK: "Password link sent to a staff user",
    AuditEvent.STAFF_SIGN_IN: "Signed in to the office",
    AuditEvent.STAFF_SIGN_OUT_OF: "Signed out of another browser",
    EventKind.TAX_CLASS_CREATED: "Tax class created",
    EventKind.TRANSACTION_PASSWORD_CHANGED: "Transaction password changed",
    EventKind.TRANSACTION_PASSWORD_UNDONE: "Change of transaction password undone",
    EventKind.WALLET_CLOSED_FORFEITED: "Balance of a closed account forfeited",
    EventKind.WALLET_CLOSED_PAID: "Balance of a closed account paid",
    EventKind.WALLET_CLOSED_WAIVED: "Debt of a closed account waived",
    EventKind.WALLET_EXCHANGED: "Money exchanged for another currency",
    AuditEvent.STEP_AGREE: "Agreed to a step that takes two people",
    AuditEvent.STEP_ASK: "Asked for a step that takes two people",
    AuditEvent.STEP_REFUSE: "Refused a step that takes two people",
    AuditEvent.STEP_WITHDRAW: "Withdrew a request for a step that takes two people",
    EventKind.WALLET_CREDITED: "Wallet credited",
    EventKind.WALLET_DEBITED: "Wallet debited",
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
_AMOUNTS = MONEY | {
    "amount", "balance", "commissionable_value", "debt", "member_amount", "owed", "refunded",
    "surplus",
}  # fmt: skip
_KINDS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("status", "status", "standing", "kyc", "step"), _words),
    "points": shown.points,
    "tax_rate": shown.percent,
    "country_id": countries.country_name,
    "state_id": countries.state_name,
}


def event(code: str) -> str:
    """`wallet.credit` is `Wallet credited`."""
    return EVENTS.get(code) or shown.words(code.replace(".", ": "))


def label(name: str) -> str:
    """What a field is called; an amount in a further currency `Payout minimum (JPY)`."""
    name, _, currency = name.partition(IN_CURRENCY)
    if currency:
        return f"{label(name)} ({currency})"
    return _LABELS.get(name) or shown.words(name[:1].upper() + name[1:])


def value(name: str, written: Any, currency: str = "") -> Any:
    """What a field held, as people read it. `currency` is that of the entry; '' for that of the
    home market, in which settings and its prices are. One whose name says its currency, such as
    `payout_minimum.JPY`, is in that."""
    name, _, own = name.partition(IN_CURRENCY)
    if written in (None, "", []):
        return shown.NOTHING
    if isinstance(written, bool):
        return "yes" if written else "no"
    if name in {"Permissions", "scopes"} and isinstance(written, list):
        return ". ".join(meaning(str(each)) for each in written)
    if isinstance(written, list):
        return ", ".join(_words(each) for each in written)
    if name in _AMOUNTS and isinstance(written, int):
        return shown.money(written, own or currency or markets.home().currency)
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
