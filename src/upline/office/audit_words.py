"""What the audit log says, in words: events, the fields that changed, and their values."""

from collections.abc import Callable, Mapping
from typing import Any

from upline.base import countries
from upline.base.audit import AuditEvent, Change
from upline.base.event_kinds import EventKind
from upline.company.settings import IN_CURRENCY, MONEY
from upline.flows.permissions import meaning
from upline.language import gettext, lazy
from upline.markets import current as markets
from upline.screens import shown

EVENTS: dict[str, str] = {
    EventKind.MEMBER_JOINED: lazy("Member joined"),
    EventKind.ORDER_PLACED: lazy("Order placed"),
    EventKind.ORDER_COMPLETED: lazy("Order completed"),
    EventKind.ORDER_CANCELLED: lazy("Order cancelled"),
    EventKind.PAYMENT_RECEIVED: lazy("Payment received"),
    EventKind.PAYMENT_RETURNED: lazy("Payment returned"),
    EventKind.BANK_CHANGED: lazy("Bank data changed"),
    EventKind.BANK_UNDONE: lazy("Change of bank data undone"),
    AuditEvent.BANK_VIEW: lazy("Bank data looked at"),
    AuditEvent.COMPANY_FOUND: lazy("Company set up"),
    EventKind.CONTACT_CHANGED: lazy("Contact data changed"),
    EventKind.CUSTOMER_CLASS_CHANGED: lazy("Customer reclassified"),
    EventKind.CUSTOMER_BECAME_MEMBER: lazy("Customer became a member"),
    EventKind.CUSTOMER_REGISTERED: lazy("Customer registered"),
    EventKind.CUSTOMER_SPONSOR_CHANGED: lazy("Customer given another sponsor"),
    AuditEvent.DEMO_BUILD: lazy("Demo company built"),
    EventKind.CONTACT_SHOWN: lazy("contact shown to those above"),
    EventKind.CONTACT_HIDDEN: lazy("contact hidden from those above"),
    EventKind.EMAIL_CONFIRMED: lazy("E-mail address confirmed"),
    EventKind.EMAIL_VERIFIED: lazy("E-mail address confirmed by the office"),
    EventKind.EMAIL_UNDONE: lazy("Change of e-mail address undone"),
    EventKind.EPINS_GIVEN: lazy("E-pins given to a member"),
    EventKind.EPINS_BLOCKED: lazy("E-pins blocked"),
    EventKind.EPINS_ISSUED: lazy("E-pins issued"),
    AuditEvent.EPINS_PRINT: lazy("Codes of e-pins downloaded"),
    EventKind.EPINS_TAKEN: lazy("E-pins taken, and given to another member"),
    EventKind.EPINS_UNBLOCKED: lazy("E-pins unblocked"),
    EventKind.ROLE_SAVED: lazy("Role saved"),
    AuditEvent.JOB_AGAIN: lazy("Failed job started again"),
    EventKind.API_KEY_CREATED: lazy("API key created"),
    EventKind.API_KEY_SCOPES_CHANGED: lazy("Scopes of an API key changed"),
    EventKind.API_KEY_REVOKED: lazy("API key revoked"),
    EventKind.KYC_EXPIRED: lazy("KYC set to expired"),
    EventKind.KYC_REJECTED: lazy("KYC rejected"),
    EventKind.KYC_SUBMITTED: lazy("KYC to be reviewed again"),
    EventKind.KYC_VERIFIED: lazy("KYC verified"),
    AuditEvent.LEDGER_VERIFY: lazy("Books verified"),
    AuditEvent.LOGIN_UNLOCK: lazy("Sign-in unlocked"),
    AuditEvent.MAIL_SEND_AGAIN: lazy("Mail sent again"),
    AuditEvent.MASTER_KEYS_ROTATE: lazy("Master keys rotated"),
    EventKind.MARKET_CHANGED: lazy("Market changed"),
    EventKind.MARKET_CREATED: lazy("Market created"),
    EventKind.MARKET_RATE_ADDED: lazy("Exchange rate added"),
    EventKind.MARKET_TAX_RATE_ADDED: lazy("Tax rate added"),
    EventKind.MEMBER_UNBLOCKED: lazy("Member unblocked"),
    EventKind.MEMBER_BLOCKED: lazy("Member blocked"),
    EventKind.MEMBER_CLOSED: lazy("Membership ended"),
    EventKind.MEMBER_CORRECTED: lazy("Personal data corrected"),
    EventKind.MEMBER_MOVED: lazy("Member moved in the trees"),
    EventKind.MEMBER_PACKAGE_CHANGED: lazy("Membership package changed"),
    EventKind.MEMBER_MARKET_CHANGED: lazy("Moved to another market"),
    AuditEvent.ORDER_APPROVE: lazy("Order marked as paid"),
    EventKind.ORDER_REFUNDED: lazy("Order refunded"),
    AuditEvent.ORDER_RELEASE: lazy("Order paid without its owner's confirmation"),
    EventKind.PACKAGE_PRICE_CHANGED: lazy("Price of a package changed"),
    EventKind.PACKAGE_CHANGED: lazy("Package changed"),
    EventKind.PACKAGE_CREATED: lazy("Package created"),
    EventKind.PASSWORD_CHANGED: lazy("Password changed"),
    EventKind.PASSWORD_UNDONE: lazy("Change of password undone"),
    EventKind.PAYOUT_APPROVED: lazy("Payout approved"),
    AuditEvent.PAYOUT_BANK_VIEW: lazy("Bank data of a payout looked at"),
    EventKind.PAYOUT_BATCH_MADE: lazy("Payout batch made"),
    EventKind.PAYOUT_CANCELLED: lazy("Payout cancelled"),
    EventKind.PAYOUT_DECLINED: lazy("Payout declined"),
    EventKind.PAYOUT_FAILED: lazy("Payout failed"),
    AuditEvent.PAYOUT_FILE: lazy("Bank file downloaded"),
    EventKind.PAYOUT_PAID: lazy("Payout paid"),
    EventKind.PAYOUT_REQUESTED: lazy("Payout requested"),
    EventKind.PAYOUT_RETURNED: lazy("Payout returned by the bank"),
    EventKind.MEMBER_ERASED: lazy("Personal data erased"),
    AuditEvent.PERSON_EXPORT: lazy("Personal data exported"),
    AuditEvent.PAYMENT_EVENT_ASSIGN: lazy("Payment event assigned to an order"),
    AuditEvent.PAYMENT_EVENT_SET_ASIDE: lazy("Payment event set aside"),
    AuditEvent.PAYMENT_RECORD: lazy("Payment recorded"),
    AuditEvent.PAYMENTS_IMPORT: lazy("Bank file imported"),
    AuditEvent.PROVIDER_SECRET_ADD: lazy("Secret of a payment provider made"),
    AuditEvent.PROVIDER_SECRET_USE: lazy("Secret of a payment provider in use"),
    AuditEvent.PROVIDER_SECRET_END: lazy("Secret of a payment provider ended"),
    EventKind.POSITION_OPENED: lazy("Further position opened"),
    EventKind.POSITION_CLOSED: lazy("Position closed"),
    EventKind.POSITION_REOPENED: lazy("Position opened again"),
    EventKind.MEMBER_PLACED: lazy("Member who waited was placed"),
    EventKind.PERSONAL_CHANGED: lazy("Personal data changed"),
    EventKind.PLAN_PUT_IN_FORCE: lazy("Compensation plan put in force"),
    EventKind.REFUND_SENT: lazy("Refund marked as sent"),
    AuditEvent.RESET_LOGIN_SEND: lazy("Password link sent"),
    AuditEvent.RESET_TRANSACTION_SEND: lazy("Transaction password link sent"),
    AuditEvent.SURPLUS_KEEP: lazy("Surplus payment left as shopping balance"),
    AuditEvent.SURPLUS_SEND: lazy("Surplus payment sent back"),
    EventKind.RUN_APPROVED: lazy("Run approved"),
    AuditEvent.RUN_ASK: lazy("Worker asked to continue a run"),
    EventKind.RUN_CLOSED: lazy("Run closed"),
    EventKind.RUN_COMPUTED: lazy("Run calculated"),
    EventKind.RUN_DROPPED: lazy("Run dropped"),
    EventKind.RUN_FORFEITED: lazy("Withheld earnings forfeited"),
    EventKind.RUN_OPENED: lazy("Run started"),
    EventKind.RUN_PAID: lazy("Run paid"),
    AuditEvent.RUN_PAY_PART: lazy("Run paid except for what it withholds"),
    AuditEvent.RUN_REFUSE: lazy("Step of a run refused"),
    EventKind.RUN_REVIEWED: lazy("Run checked"),
    AuditEvent.SECOND_FACTOR_CODES: lazy("New recovery codes made"),
    AuditEvent.SECOND_FACTOR_OFF: lazy("Second factor turned off"),
    AuditEvent.SECOND_FACTOR_ON: lazy("Second factor turned on"),
    AuditEvent.SECOND_FACTOR_RECOVERY_CODE: lazy("Recovery code used"),
    AuditEvent.SECOND_FACTOR_RESET: lazy("Second factor reset"),
    EventKind.SETTINGS_CHANGED: lazy("Settings changed"),
    EventKind.STAFF_ACTIVATED: lazy("Staff user activated"),
    EventKind.STAFF_DEACTIVATED: lazy("Staff user deactivated"),
    AuditEvent.STAFF_EMAIL: lazy("E-mail address of a staff user changed"),
    EventKind.STAFF_INVITED: lazy("Staff user invited"),
    AuditEvent.STAFF_MAKE_LINK: lazy("Password link for a staff user made"),
    AuditEvent.STAFF_OWN_MEMBER: lazy("Staff user named their own member account"),
    EventKind.STAFF_RIGHTS_CHANGED: lazy("Rights of a staff user changed"),
    AuditEvent.STAFF_SEND_LINK: lazy("Password link sent to a staff user"),
    AuditEvent.STAFF_SIGN_IN: lazy("Signed in to the office"),
    AuditEvent.STAFF_SIGN_OUT_OF: lazy("Signed out of another browser"),
    EventKind.TAX_CLASS_CREATED: lazy("Tax class created"),
    EventKind.TRANSACTION_PASSWORD_CHANGED: lazy("Transaction password changed"),
    EventKind.TRANSACTION_PASSWORD_UNDONE: lazy("Change of transaction password undone"),
    EventKind.WALLET_CLOSED_FORFEITED: lazy("Balance of a closed account forfeited"),
    EventKind.WALLET_CLOSED_PAID: lazy("Balance of a closed account paid"),
    EventKind.WALLET_CLOSED_WAIVED: lazy("Debt of a closed account waived"),
    EventKind.WALLET_EXCHANGED: lazy("Money exchanged for another currency"),
    AuditEvent.STEP_AGREE: lazy("Agreed to a step that takes two people"),
    AuditEvent.STEP_ASK: lazy("Asked for a step that takes two people"),
    AuditEvent.STEP_REFUSE: lazy("Refused a step that takes two people"),
    AuditEvent.STEP_WITHDRAW: lazy("Withdrew a request for a step that takes two people"),
    EventKind.WALLET_CREDITED: lazy("Wallet credited"),
    EventKind.WALLET_DEBITED: lazy("Wallet debited"),
}

_LABELS = {
    "address_line1": lazy("Address, line 1"),
    "address_line2": lazy("Address, line 2"),
    "country_id": lazy("Country"),
    "email": lazy("E-mail"),
    "firstname": lazy("First name"),
    "lastname": lazy("Last name"),
    "kyc": "KYC",
    "outputs": lazy("Fingerprint of the result"),
    "state_id": lazy("State"),
    "tax_rate": lazy("Tax"),
    "why": lazy("Reason"),
    "zip_code": lazy("Postal code"),
}


# Fields that are called as they are written: `first_day` is `First day`.
_AS_WRITTEN = (
    lazy("Account holder"), lazy("Account number"), lazy("Active"), lazy("Address"),
    lazy("Amount"), lazy("Asked"), lazy("Balance"), lazy("Bank name"), lazy("Below"),
    lazy("Bought"), lazy("Branch name"), lazy("By"), lazy("Category"), lazy("City"),
    lazy("Code"), lazy("Commissionable value"), lazy("Countries"), lazy("Currency"),
    lazy("Date of birth"), lazy("Debt"), lazy("Description"), lazy("Email confirmed at"),
    lazy("Ending"), lazy("Epins"), lazy("Every"), lazy("Figures"), lazy("First day"),
    lazy("Gender"), lazy("Has second factor"), lazy("Is active"), lazy("Job"), lazy("Kind"),
    lazy("Landline"), lazy("Language"), lazy("Last day"), lazy("Leg"), lazy("Line"),
    lazy("Lines"), lazy("Market"), lazy("May sign in"), lazy("Member"), lazy("Member amount"),
    lazy("Mobile"), lazy("Mode"), lazy("Name"), lazy("New email"), lazy("Note"), lazy("Number"),
    lazy("Opens position"), lazy("Order"), lazy("Order type"), lazy("Owed"), lazy("Own member"),
    lazy("Owner"), lazy("Package"), lazy("Per point"), lazy("Per unit"), lazy("Permissions"),
    lazy("Picture"), lazy("Placement"), lazy("Points"), lazy("Position"), lazy("Positions"),
    lazy("Prices"), lazy("Quantity"), lazy("Rate"), lazy("Reference"), lazy("Refunded"),
    lazy("Right"), lazy("Roles"), lazy("Run"), lazy("Scopes"), lazy("Sealed"), lazy("Seats"),
    lazy("Seller"), lazy("Seller address"), lazy("Seller tax number"), lazy("Side"),
    lazy("Since"), lazy("Sold"), lazy("Sponsor"), lazy("Standing"), lazy("Status"),
    lazy("Step"), lazy("Surplus"), lazy("Tax class"), lazy("Terms version"), lazy("Total"),
    lazy("Username"), lazy("Withheld"),
)  # fmt: skip


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
    "country_id": countries.spoken_name,
    "state_id": countries.state_name,
}


def event(code: str) -> str:
    """`wallet.credit` is `Wallet credited`."""
    return str(EVENTS.get(code) or shown.words(code.replace(".", ": ")))


def label(name: str) -> str:
    """What a field is called; an amount in a further currency `Payout minimum (JPY)`."""
    name, _, currency = name.partition(IN_CURRENCY)
    if currency:
        return f"{label(name)} ({currency})"
    return str(_LABELS.get(name) or shown.words(name[:1].upper() + name[1:]))


def value(name: str, written: Any, currency: str = "") -> Any:
    """What a field held, as people read it. `currency` is that of the entry; '' for that of the
    home market, in which settings and its prices are. One whose name says its currency, such as
    `payout_minimum.JPY`, is in that."""
    name, _, own = name.partition(IN_CURRENCY)
    if written in (None, "", []):
        return shown.NOTHING
    if isinstance(written, bool):
        return gettext("yes") if written else gettext("no")
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
