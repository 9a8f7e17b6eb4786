"""What an asked step would do, in words: one function for each kind of step (`_ROWS`)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.models import Group, Permission

from upline.base.amounts import Money, as_text
from upline.base.audit import AuditEvent
from upline.base.event_kinds import EventKind
from upline.company import current as company
from upline.company.models import ApiClient
from upline.flows.exchanging import bought_for
from upline.flows.permissions import meaning, name_of
from upline.language import gettext
from upline.markets import current as markets
from upline.members.models import StepAsked, User
from upline.office import subjects
from upline.office.audit_words import label, value
from upline.office.buttons import TableBlock
from upline.payments.models import PaymentEvent, ProviderSecret, Surplus
from upline.screens import shown
from upline.wallet.models import Account

Row = tuple[str, Any]
Kept = Mapping[str, Any]


def person(user_id: int | None) -> Any:
    """A link to whom a step concerns."""
    user = User.objects.filter(pk=user_id or 0).first()
    return named(user) if user else shown.NOTHING


def named(user: User) -> Any:
    """A link to a staff user's or a member's page, with the username."""
    page = "members_user" if user.is_staff else "members_member"
    return shown.link(page, user.pk, user.username)


def rows_of(asked: StepAsked) -> list[Row]:
    """What would be done, line by line."""
    rows = _ROWS[asked.event](asked.arguments)
    if asked.amount is not None:
        rows.append((gettext("Amount"), shown.amount(asked)))
    if asked.reason:
        rows.append((gettext("Reason"), asked.reason))
    return rows


def _credit(kept: Kept) -> list[Row]:
    return [(gettext("To the wallet of"), person(kept["member_id"]))]


def _waiver(kept: Kept) -> list[Row]:
    account = Account.objects.select_related("member__user").filter(pk=kept["account_id"]).first()
    return [(gettext("Account"), shown.link("wallet_account", account.pk, shown.account(account)))
            if account else (gettext("Account"), shown.NOTHING)]  # fmt: skip


def _exchange(kept: Kept) -> list[Row]:
    sold = Money(kept["minor"], kept["currency"])
    bought = bought_for(sold, kept["bought_currency"], kept["rate"])
    return [
        (gettext("Sells"), markets.money(sold)),
        (gettext("Buys"), markets.money(bought)),
        (gettext("Rate"), as_text(kept["rate"], 6)),
    ]


def _debit(kept: Kept) -> list[Row]:
    return [(gettext("From the wallet of"), person(kept["member_id"]))]


def _payouts(kept: Kept) -> list[Row]:
    if "number" in kept:
        return [(gettext("Payout"), subjects.linked(f"payout:{kept['number']}"))]
    return [(gettext("Payout batch"), subjects.linked(f"payout_batch:{kept['batch_id']}"))]


def _market(kept: Kept) -> list[Row]:
    market = markets.market(kept["market_id"])
    return [
        (gettext("Member"), person(kept["member_id"])),
        (gettext("To the market"), market.name),
    ]


def _given(kept: Kept) -> list[Row]:
    return [
        (gettext("E-pins"), len(kept["epin_ids"])),
        (gettext("Given to"), person(kept["owner_id"])),
    ]


def _epins(kept: Kept) -> list[Row]:
    return [
        (gettext("E-pins"), kept["quantity"]),
        (gettext("Of"), shown.money(kept["amount"], kept["currency"])),
        (gettext("Given to"), person(kept["owner_id"])),
        (gettext("Valid until"), kept["expires_at"] or gettext("no expiry date")),
    ]


def _order_row(kept: Kept) -> list[Row]:
    rows = [(gettext("Order"), subjects.linked(f"order:{kept['number']}"))]
    pieces = kept.get("quantities")
    return [*rows, (gettext("Pieces"), sum(pieces.values()))] if pieces else rows


def _payment_rows(kept: Kept) -> list[Row]:
    return [
        *_order_row(kept),
        (gettext("Received"), shown.money(kept["amount"], kept["currency"])),
        (gettext("Reference"), kept["reference"]),
    ]


_SHOWN_OF_A_FILE = 5000


def _bank_file_rows(kept: Kept) -> list[Row]:
    return [(gettext("File"), kept["lines"][:_SHOWN_OF_A_FILE])]


def _payment_event_rows(kept: Kept) -> list[Row]:
    found = PaymentEvent.objects.filter(pk=kept["event_id"]).first()
    amount = shown.amount(found) if found else shown.NOTHING
    link = shown.link("payments_paymentevent", kept["event_id"], amount)
    return [(gettext("Payment event"), link), *_order_row(kept)]


def _surplus_rows(kept: Kept) -> list[Row]:
    found = Surplus.objects.select_related("payment").filter(pk=kept["surplus_id"]).first()
    amount = shown.money(found.amount, found.payment.currency) if found else shown.NOTHING
    return [
        (gettext("Surplus payment"), shown.link("payments_surplus", kept["surplus_id"], amount))
    ]


def _plan(kept: Kept) -> list[Row]:
    return [(gettext("Plan"), kept["name"]), (gettext("In force from"), kept["since"])]


def _run(kept: Kept) -> list[Row]:
    return [(gettext("Run"), subjects.linked(f"run:{kept['run_id']}"))]


def _rights(kept: Kept) -> list[Row]:
    groups = Group.objects.filter(pk__in=kept["groups"]).order_by("name")
    return [
        (gettext("Staff user"), person(kept["user_id"])),
        (
            gettext("Owner"),
            gettext("yes, can do everything") if kept["is_superuser"] else gettext("no"),
        ),
        (gettext("Roles"), ", ".join(each.name for each in groups) or shown.NOTHING),
        (gettext("Additional rights"), _said(kept["permissions"])),
    ]


def _standing(kept: Kept) -> list[Row]:
    word = gettext("can sign in") if kept["is_active"] else gettext("can no longer sign in")
    return [(gettext("Staff user"), person(kept["user_id"])), (gettext("Afterwards"), word)]


def _group(kept: Kept) -> list[Row]:
    return [(gettext("Role"), kept["name"]), (gettext("Can"), _said(kept["permissions"]))]


def _said(ids: list[int]) -> str:
    found = Permission.objects.filter(pk__in=ids).select_related("content_type")
    return ". ".join(meaning(name_of(each)) for each in found) or shown.NOTHING


def _scopes(kept: Kept) -> list[Row]:
    client = ApiClient.objects.filter(pk=kept["client_id"]).first()
    link = shown.link("company_apiclient", client.pk, client.name) if client else shown.NOTHING
    return [
        (gettext("API key"), link),
        (gettext("Can"), ". ".join(meaning(each) for each in kept["scopes"])),
    ]


def _secret(kept: Kept) -> list[Row]:
    found = ProviderSecret.objects.filter(pk=kept["secret_id"]).first()
    if found is None:
        return [(gettext("Secret"), shown.NOTHING)]
    link = shown.link("payments_providersecret", found.pk, f"…{found.last_four}")
    return [(gettext("Payment provider"), found.provider), (gettext("Secret"), link)]


def _names(kept: Kept) -> list[Row]:
    return [(gettext("Settings"), ", ".join(label(name) for name in kept["changes"]))]


def settings_table(changes: Kept) -> TableBlock:
    """Each setting that would change: as it is now, and as it was asked for."""
    now = company.office().by_name()
    rows = [
        (label(name), value(name, now.get(name)), value(name, wanted))
        for name, wanted in changes.items()
    ]
    return TableBlock(
        gettext("Settings"), (gettext("Setting"), gettext("Now"), gettext("Asked for")), rows
    )


_ROWS: dict[str, Callable[[Kept], list[Row]]] = {
    EventKind.WALLET_CREDITED: _credit,
    EventKind.WALLET_DEBITED: _debit,
    EventKind.PAYOUT_FAILED: _payouts,
    EventKind.PAYOUT_RETURNED: _payouts,
    EventKind.MEMBER_MARKET_CHANGED: _market,
    EventKind.EPINS_GIVEN: _given,
    EventKind.WALLET_CLOSED_PAID: _waiver,
    EventKind.EPINS_ISSUED: _epins,
    AuditEvent.ORDER_APPROVE: _payment_rows,
    AuditEvent.PAYMENTS_IMPORT: _bank_file_rows,
    AuditEvent.PAYMENT_EVENT_ASSIGN: _payment_event_rows,
    AuditEvent.SURPLUS_SEND: _surplus_rows,
    EventKind.ORDER_REFUNDED: _order_row,
    EventKind.PLAN_PUT_IN_FORCE: _plan,
    EventKind.RUN_DROPPED: _run,
    EventKind.STAFF_RIGHTS_CHANGED: _rights,
    EventKind.STAFF_ACTIVATED: _standing,
    EventKind.ROLE_SAVED: _group,
    EventKind.API_KEY_SCOPES_CHANGED: _scopes,
    AuditEvent.PROVIDER_SECRET_USE: _secret,
    EventKind.SETTINGS_CHANGED: _names,
    EventKind.WALLET_CLOSED_WAIVED: _waiver,
    EventKind.WALLET_EXCHANGED: _exchange,
}
