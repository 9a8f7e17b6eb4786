"""What can happen that others may want to know: the words that events and the audit log share.

docs/events.md lists them. A kind is `subject.verb`; its data are ids, amounts, days and words of
the code: never a name or an address, so that erasing a person need not touch them."""

from dataclasses import dataclass
from enum import StrEnum

from upline.language import lazy


class EventKind(StrEnum):
    """What happened."""

    # People
    MEMBER_JOINED = "member.joined"
    MEMBER_BLOCKED = "member.blocked"
    MEMBER_UNBLOCKED = "member.unblocked"
    MEMBER_CLOSED = "member.closed"
    MEMBER_CORRECTED = "member.corrected"
    MEMBER_MOVED = "member.moved"
    MEMBER_PLACED = "member.placed"
    POSITION_OPENED = "position.opened"
    POSITION_CLOSED = "position.closed"
    POSITION_REOPENED = "position.reopened"
    MEMBER_PACKAGE_CHANGED = "member.package_changed"
    MEMBER_MARKET_CHANGED = "member.market_changed"
    MEMBER_ERASED = "member.erased"
    CUSTOMER_REGISTERED = "customer.registered"
    CUSTOMER_SPONSOR_CHANGED = "customer.sponsor_changed"
    CUSTOMER_CLASS_CHANGED = "customer.class_changed"
    CUSTOMER_BECAME_MEMBER = "customer.became_member"
    KYC_SUBMITTED = "kyc.submitted"
    KYC_VERIFIED = "kyc.verified"
    KYC_REJECTED = "kyc.rejected"
    KYC_EXPIRED = "kyc.expired"
    # Profiles
    PERSONAL_CHANGED = "personal.changed"
    CONTACT_CHANGED = "contact.changed"
    CONTACT_SHOWN = "contact.shown"
    CONTACT_HIDDEN = "contact.hidden"
    EMAIL_CONFIRMED = "email.confirmed"
    EMAIL_VERIFIED = "email.verified"
    EMAIL_UNDONE = "email.undone"
    BANK_CHANGED = "bank.changed"
    BANK_UNDONE = "bank.undone"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105
    PASSWORD_UNDONE = "password.undone"  # noqa: S105
    TRANSACTION_PASSWORD_CHANGED = "transaction_password.changed"  # noqa: S105
    TRANSACTION_PASSWORD_UNDONE = "transaction_password.undone"  # noqa: S105
    # Sales
    PACKAGE_CREATED = "package.created"
    PACKAGE_CHANGED = "package.changed"
    PACKAGE_PRICE_CHANGED = "package.price_changed"
    MARKET_CREATED = "market.created"
    MARKET_CHANGED = "market.changed"
    MARKET_RATE_ADDED = "market.rate_added"
    MARKET_TAX_RATE_ADDED = "market.tax_rate_added"
    TAX_CLASS_CREATED = "tax_class.created"
    ORDER_PLACED = "order.placed"
    ORDER_COMPLETED = "order.completed"
    ORDER_CANCELLED = "order.cancelled"
    ORDER_REFUNDED = "order.refunded"
    REFUND_SENT = "refund.sent"
    # Money
    PAYMENT_RECEIVED = "payment.received"
    PAYMENT_RETURNED = "payment.returned"
    WALLET_CREDITED = "wallet.credited"
    WALLET_DEBITED = "wallet.debited"
    WALLET_CLOSED_PAID = "wallet.closed_paid"
    WALLET_CLOSED_FORFEITED = "wallet.closed_forfeited"
    WALLET_CLOSED_WAIVED = "wallet.closed_waived"
    WALLET_EXCHANGED = "wallet.exchanged"
    EPINS_ISSUED = "epins.issued"
    EPINS_GIVEN = "epins.given"
    EPINS_TAKEN = "epins.taken"
    EPINS_BLOCKED = "epins.blocked"
    EPINS_UNBLOCKED = "epins.unblocked"
    PAYOUT_REQUESTED = "payout.requested"
    PAYOUT_APPROVED = "payout.approved"
    PAYOUT_CANCELLED = "payout.cancelled"
    PAYOUT_DECLINED = "payout.declined"
    PAYOUT_BATCH_MADE = "payout_batch.made"
    PAYOUT_PAID = "payout.paid"
    PAYOUT_FAILED = "payout.failed"
    PAYOUT_RETURNED = "payout.returned"
    # Commissions
    PLAN_PUT_IN_FORCE = "plan.put_in_force"
    RUN_OPENED = "run.opened"
    RUN_COMPUTED = "run.computed"
    RUN_REVIEWED = "run.reviewed"
    RUN_APPROVED = "run.approved"
    RUN_PAID = "run.paid"
    RUN_CLOSED = "run.closed"
    RUN_DROPPED = "run.dropped"
    RUN_FORFEITED = "run.forfeited"
    # Company
    SETTINGS_CHANGED = "settings.changed"
    API_KEY_CREATED = "api_key.created"
    API_KEY_SCOPES_CHANGED = "api_key.scopes_changed"
    API_KEY_REVOKED = "api_key.revoked"
    STAFF_INVITED = "staff.invited"
    STAFF_RIGHTS_CHANGED = "staff.rights_changed"
    STAFF_ACTIVATED = "staff.activated"
    STAFF_DEACTIVATED = "staff.deactivated"
    ROLE_SAVED = "role.saved"


@dataclass(frozen=True)
class Described:
    """What a kind of event means, in a sentence, and the names of its data."""

    meaning: str
    data: tuple[str, ...]


_MEMBER = ("member_id",)
_MONEY = ("amount", "currency")
_EPINS = (*_MEMBER, "epin_ids")
_STAFF = ("user_id",)
_PERIOD = ("every", "first_day", "last_day")

DESCRIBED: dict[EventKind, Described] = {
    EventKind.MEMBER_JOINED: Described(
        lazy("A member joined below a sponsor."), ("member_id", "sponsor_id", "package_id")
    ),
    EventKind.MEMBER_BLOCKED: Described(
        lazy("The office blocked a member, who can no longer sign in."), _MEMBER
    ),
    EventKind.MEMBER_UNBLOCKED: Described(lazy("A blocked member can act again."), _MEMBER),
    EventKind.MEMBER_CLOSED: Described(lazy("A membership ended for good."), _MEMBER),
    EventKind.MEMBER_CORRECTED: Described(
        lazy("The office corrected data of a member."), (*_MEMBER, "fields")
    ),
    EventKind.MEMBER_MOVED: Described(
        lazy("A position has another place, with everybody below, or its member another sponsor."),
        (*_MEMBER, "position_id", "sponsor_id", "parent_id", "side", "since"),
    ),
    EventKind.MEMBER_PLACED: Described(
        lazy("A member who waited has a place in the tree."),
        (*_MEMBER, "position_id", "parent_id", "side"),
    ),
    EventKind.POSITION_OPENED: Described(
        lazy("A member has a further position, which an order paid for or staff opened."),
        (*_MEMBER, "position_id", "parent_id", "side", "order_number"),
    ),
    EventKind.POSITION_CLOSED: Described(
        lazy(
            "A position no longer earns, because the order that opened it was refunded. It keeps "
            "its place."
        ),
        (*_MEMBER, "position_id", "order_number"),
    ),
    EventKind.POSITION_REOPENED: Described(
        lazy("A closed position earns again, because of an order or of staff."),
        (*_MEMBER, "position_id", "order_number"),
    ),
    EventKind.MEMBER_PACKAGE_CHANGED: Described(
        lazy("Staff gave a member another membership package."), (*_MEMBER, "package_id", "since")
    ),
    EventKind.MEMBER_MARKET_CHANGED: Described(
        lazy("Staff moved a member to another market."), (*_MEMBER, "market_id")
    ),
    EventKind.MEMBER_ERASED: Described(lazy("What named a person was erased."), _MEMBER),
    EventKind.CUSTOMER_REGISTERED: Described(
        lazy("A customer of a member was registered."), (*_MEMBER, "sponsor_id", "class")
    ),
    EventKind.CUSTOMER_SPONSOR_CHANGED: Described(
        lazy("A customer belongs to another member."), (*_MEMBER, "sponsor_id")
    ),
    EventKind.CUSTOMER_CLASS_CHANGED: Described(
        lazy("A customer is of another class, retail or preferred."), (*_MEMBER, "class")
    ),
    EventKind.CUSTOMER_BECAME_MEMBER: Described(
        lazy("A customer became a member below their sponsor."),
        (*_MEMBER, "sponsor_id", "package_id"),
    ),
    EventKind.KYC_SUBMITTED: Described(
        lazy("The identity of a member has to be reviewed."), _MEMBER
    ),
    EventKind.KYC_VERIFIED: Described(lazy("The identity of a member was verified."), _MEMBER),
    EventKind.KYC_REJECTED: Described(lazy("The identity of a member was not accepted."), _MEMBER),
    EventKind.KYC_EXPIRED: Described(
        lazy("The verification of a member is no longer valid."), _MEMBER
    ),
    EventKind.PERSONAL_CHANGED: Described(
        lazy("Personal data of a member changed, such as the name."), (*_MEMBER, "fields")
    ),
    EventKind.CONTACT_CHANGED: Described(
        lazy("Contact data of a member changed, such as the e-mail address."), (*_MEMBER, "fields")
    ),
    EventKind.CONTACT_SHOWN: Described(
        lazy("A member allowed those above them to see their e-mail address and mobile phone."),
        _MEMBER,
    ),
    EventKind.CONTACT_HIDDEN: Described(
        lazy("A member hid their e-mail address and mobile phone from those above them."), _MEMBER
    ),
    EventKind.EMAIL_CONFIRMED: Described(
        lazy("A member used the link that was sent to their new e-mail address."), _MEMBER
    ),
    EventKind.EMAIL_VERIFIED: Described(
        lazy("Staff verified the new e-mail address of a member."), _MEMBER
    ),
    EventKind.EMAIL_UNDONE: Described(
        lazy("A member undid a change of the e-mail address."), _MEMBER
    ),
    EventKind.BANK_CHANGED: Described(lazy("A member changed their bank data."), _MEMBER),
    EventKind.BANK_UNDONE: Described(lazy("A member undid a change of the bank data."), _MEMBER),
    EventKind.PASSWORD_CHANGED: Described(
        lazy("A member or a staff user changed their password."), ("user_id",)
    ),
    EventKind.PASSWORD_UNDONE: Described(
        lazy("A member undid a change of the password, and has none until they choose one."),
        _MEMBER,
    ),
    EventKind.TRANSACTION_PASSWORD_CHANGED: Described(
        lazy("A member changed their transaction password."), _MEMBER
    ),
    EventKind.TRANSACTION_PASSWORD_UNDONE: Described(
        lazy(
            "A member undid a change of the transaction password, and has none until they choose "
            "one."
        ),
        _MEMBER,
    ),
    EventKind.PACKAGE_CREATED: Described(lazy("A package was created."), ("package_id", "fields")),
    EventKind.PACKAGE_CHANGED: Described(
        lazy("A package changed, such as its price."), ("package_id", "fields")
    ),
    EventKind.PACKAGE_PRICE_CHANGED: Described(
        lazy(
            "The price of a package in a market changed, is going to, or it is not offered there "
            "any more."
        ),
        ("package_id", "market_id", "fields", "first_day"),
    ),
    EventKind.MARKET_CREATED: Described(lazy("A market was opened."), ("market_id", "currency")),
    EventKind.MARKET_CHANGED: Described(
        lazy("A market changed, such as its countries or its seller."), ("market_id", "fields")
    ),
    EventKind.MARKET_RATE_ADDED: Described(
        lazy("From a day on, the plan currency and points are worth something else in a market."),
        ("market_id", "per_unit", "per_point", "first_day"),
    ),
    EventKind.MARKET_TAX_RATE_ADDED: Described(
        lazy("From a day on, a tax class has another rate in a market."),
        ("market_id", "tax_class_id", "rate", "first_day"),
    ),
    EventKind.TAX_CLASS_CREATED: Described(
        lazy("There is a further tax class."), ("tax_class_id",)
    ),
    EventKind.ORDER_PLACED: Described(
        lazy("A member placed an order, which awaits its payment."),
        (*_MEMBER, "order_kind", *_MONEY, "points"),
    ),
    EventKind.ORDER_COMPLETED: Described(
        lazy(
            "An order was paid in full. From its business date on, it is volume of "
            "`volume_member_id`."
        ),
        (*_MEMBER, "volume_member_id", "order_kind", *_MONEY, "points", "business_date"),
    ),
    EventKind.ORDER_CANCELLED: Described(
        lazy("An order that awaited its payment was cancelled, or its time to be paid ran out."),
        _MEMBER,
    ),
    EventKind.ORDER_REFUNDED: Described(
        lazy("Pieces of an order were refunded, or all of it."),
        (*_MEMBER, "refund_id", *_MONEY, "is_whole"),
    ),
    EventKind.REFUND_SENT: Described(
        lazy("Staff have sent back money that was paid outside Upline."), (*_MEMBER, *_MONEY)
    ),
    EventKind.PAYMENT_RECEIVED: Described(
        lazy(
            "A member paid, from a wallet or an e-pin, which are the payer's, or from outside "
            "Upline."
        ),
        (*_MEMBER, "payer_id", "provider", *_MONEY),
    ),
    EventKind.PAYMENT_RETURNED: Described(
        lazy("A payment that no order used went back to where it came from."), (*_MEMBER, *_MONEY)
    ),
    EventKind.WALLET_CREDITED: Described(
        lazy("Staff put money that came from outside onto a wallet."), (*_MEMBER, *_MONEY)
    ),
    EventKind.WALLET_DEBITED: Described(
        lazy("Staff took money off a wallet."), (*_MEMBER, *_MONEY)
    ),
    EventKind.WALLET_CLOSED_PAID: Described(
        lazy("Staff sent a member who has left what an account held."), (*_MEMBER, *_MONEY, "debt")
    ),
    EventKind.WALLET_CLOSED_FORFEITED: Described(
        lazy("What an account of a member who has left held stays with the company."),
        (*_MEMBER, *_MONEY, "debt"),
    ),
    EventKind.WALLET_CLOSED_WAIVED: Described(
        lazy("Staff waived what a member who has left owed."), (*_MEMBER, *_MONEY)
    ),
    EventKind.WALLET_EXCHANGED: Described(
        lazy("Staff recorded that the company's bank exchanged money."),
        ("sold", "sold_currency", "bought", "bought_currency", "rate"),
    ),
    EventKind.EPINS_ISSUED: Described(
        lazy("E-pins were issued, each with this amount, to a member or to nobody yet."),
        ("batch_id", *_MEMBER, "quantity", *_MONEY),
    ),
    EventKind.EPINS_GIVEN: Described(lazy("Staff gave a member e-pins."), _EPINS),
    EventKind.EPINS_TAKEN: Described(
        lazy("Staff took e-pins of a member and gave them to another."), _EPINS
    ),
    EventKind.EPINS_BLOCKED: Described(lazy("Nobody can pay with these e-pins any more."), _EPINS),
    EventKind.EPINS_UNBLOCKED: Described(lazy("These e-pins can be used again."), _EPINS),
    EventKind.PAYOUT_REQUESTED: Described(
        lazy("A member requested a payout; its money has left the wallet."), (*_MEMBER, *_MONEY)
    ),
    EventKind.PAYOUT_APPROVED: Described(
        lazy("A payout can go into the next batch."), (*_MEMBER, *_MONEY)
    ),
    EventKind.PAYOUT_CANCELLED: Described(
        lazy("A member cancelled a payout; its money is back in the wallet."), (*_MEMBER, *_MONEY)
    ),
    EventKind.PAYOUT_DECLINED: Described(
        lazy("The office declined a payout; its money is back in the wallet."), (*_MEMBER, *_MONEY)
    ),
    EventKind.PAYOUT_BATCH_MADE: Described(
        lazy("Approved payouts go to the bank in one file."), ("quantity", *_MONEY)
    ),
    EventKind.PAYOUT_PAID: Described(lazy("The bank has paid a payout."), (*_MEMBER, *_MONEY)),
    EventKind.PAYOUT_FAILED: Described(
        lazy("The bank has not paid a payout; its money is back in the wallet."),
        (*_MEMBER, *_MONEY),
    ),
    EventKind.PAYOUT_RETURNED: Described(
        lazy("The bank sent back what it had paid; the money is back in the wallet."),
        (*_MEMBER, *_MONEY),
    ),
    EventKind.PLAN_PUT_IN_FORCE: Described(
        lazy("A compensation plan is in force from a day on."), ("since", "digest")
    ),
    EventKind.RUN_OPENED: Described(
        lazy("A commission run was started; its days are frozen."), _PERIOD
    ),
    EventKind.RUN_COMPUTED: Described(
        lazy("A commission run was calculated."),
        (*_PERIOD, "turnover", "gross", "paid", "currency", "members"),
    ),
    EventKind.RUN_REVIEWED: Described(lazy("A person has checked a calculated run."), _PERIOD),
    EventKind.RUN_APPROVED: Described(
        lazy("Another person approved a run: from now on it stays as it is."), _PERIOD
    ),
    EventKind.RUN_PAID: Described(
        lazy("All earnings of a run are in the wallets, or forfeited."), _PERIOD
    ),
    EventKind.RUN_CLOSED: Described(lazy("A paid run was closed."), _PERIOD),
    EventKind.RUN_DROPPED: Described(
        lazy("Two people dropped a run that was started by mistake; its days are open again."),
        _PERIOD,
    ),
    EventKind.RUN_FORFEITED: Described(
        lazy("What a run withheld from a member who has left stays with the company."),
        (*_MEMBER, *_MONEY),
    ),
    EventKind.SETTINGS_CHANGED: Described(lazy("Settings of the company changed."), ("fields",)),
    EventKind.API_KEY_CREATED: Described(
        lazy("A program may call the API from now on."), ("client_id", "scopes")
    ),
    EventKind.API_KEY_SCOPES_CHANGED: Described(
        lazy("A program can do more or less for members with its API key."),
        ("client_id", "scopes"),
    ),
    EventKind.API_KEY_REVOKED: Described(lazy("An API key no longer works."), ("client_id",)),
    EventKind.STAFF_INVITED: Described(lazy("Somebody was invited as a staff user."), _STAFF),
    EventKind.STAFF_RIGHTS_CHANGED: Described(lazy("A staff user may do more, or less."), _STAFF),
    EventKind.STAFF_ACTIVATED: Described(lazy("A staff user can sign in again."), _STAFF),
    EventKind.STAFF_DEACTIVATED: Described(lazy("A staff user can no longer sign in."), _STAFF),
    EventKind.ROLE_SAVED: Described(
        lazy("A role of staff users was made or changed."), ("role_id",)
    ),
}
