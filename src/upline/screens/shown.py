"""How the office shows amounts, moments and people."""

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from upline.base.amounts import Money, grouped
from upline.commissions.models import RunStatus
from upline.company import current as company
from upline.language import gettext, lazy, writing
from upline.markets import current as markets
from upline.plans.periods import Every
from upline.wallet.models import AccountKind

NOTHING = "—"
# Statuses that the office calls by another word than the code, and the job queue.
_STATES: dict[str, str] = {
    RunStatus.COMPUTED: lazy("calculated"),
    RunStatus.REVIEWED: lazy("checked"),
    "todo": lazy("waiting"),
    "doing": lazy("running"),
    "succeeded": lazy("done"),
    "not sent yet": lazy("not sent yet"),
    "on sale": lazy("on sale"),
    "off": lazy("off"),
    "live": lazy("live"),
    "revoked": lazy("revoked"),
}
_ACCOUNTS: dict[str, str] = {
    AccountKind.WALLET: lazy("wallet"),
    AccountKind.DEPOSITS: lazy("reserved balance"),
    AccountKind.PURCHASE: lazy("shopping balance"),
    AccountKind.OWED: lazy("debt"),
    AccountKind.OUTSIDE: lazy("outside Upline"),
    AccountKind.EPINS: lazy("unused e-pins"),
    AccountKind.PAYOUTS: lazy("payouts under way"),
    AccountKind.CHARGES: lazy("service charges"),
    AccountKind.TAX_WITHHELD: lazy("tax withheld"),
    AccountKind.CLAIMS: lazy("owed by members"),
}
_SIDES = {"L": lazy("left"), "R": lazy("right")}


def money(minor: int | None, currency: str) -> str:
    """`123450` is `1,234.50 EUR` where a unit has two decimals, or `1.234,50 EUR`."""
    if minor is None:
        return NOTHING
    amount = Money(abs(minor), currency)
    written = markets.money(amount)
    return written if minor >= 0 else f"\u2212{written}"


def plan_money(minor: int | None) -> str:
    """An amount in plan currency, in which the totals of a run are."""
    return money(minor, company.current().plan_currency)


def amount(of: Any) -> str:
    """The `amount` of a thing that has a `currency`, such as a payout."""
    return money(of.amount, of.currency)


def points(hundredths: int) -> str:
    """`123450` is `1,234.50`, or `1.234,50`."""
    return company.current().points(hundredths)


def short_points(hundredths: int) -> str:
    """The same without decimals where they are zero: `1,234`."""
    whole, part = divmod(hundredths, 100)
    return points(hundredths) if part else writing.whole(whole)


def percent(basis_points: int) -> str:
    """`1050` is `10.50 %`, or `10,50 %`."""
    return f"{grouped(basis_points, 2, company.office().decimal_mark)} %"


def rate(millionths: int) -> str:
    """An exchange rate: `1080000` is `1.08`, or `1,08`."""
    text = grouped(millionths, 6, company.office().decimal_mark)
    return text.rstrip("0").rstrip(".,")


def moment(at: datetime | None) -> str:
    """In the company's time zone: `22 Nov 2026, 14:05`."""
    if at is None:
        return NOTHING
    return writing.moment(timezone.localtime(at))


def moment_by(at: datetime | None, who: Any) -> str:
    """The same with whoever acted, where that is known: `22 Nov 2026, 14:05 by olga`."""
    if at is None or not who:
        return moment(at)
    return gettext("{moment} by {who}", moment=moment(at), who=who)


def yes_or_no(is_so: bool) -> str:
    """`yes` or `no`."""
    return gettext("yes") if is_so else gettext("no")


def transfer(pk: int | None) -> SafeString | str:
    """A link to a movement of money: `transfer 12`; a dash for none."""
    return link("wallet_transfer", pk, gettext("transfer {id}", id=pk)) if pk else NOTHING


def day(on: date | None) -> str:
    """`22 Nov 2026`."""
    return writing.named_day(on) if on else NOTHING


def period(every: str, first: date, last: date) -> str:
    """A period of commissions by its name, such as `November 2026`, or by its days; no line breaks
    inside."""
    is_month = first.day == 1 and (last + timedelta(days=1)).day == 1
    if every == Every.MONTH and is_month:
        return writing.month(first).replace(" ", "\u00a0")
    return writing.days(first, last)


def words(code: str) -> str:
    """`awaiting_payment` is `awaiting payment`."""
    return gettext(code.replace("_", " "))


def status_word(code: str) -> str:
    """What the office calls a status: `computed` is `calculated`."""
    return str(_STATES.get(code) or words(code))


def account_kind(kind: str) -> str:
    """What the office calls a kind of account: `purchase` is `shopping balance`."""
    return str(_ACCOUNTS.get(kind) or words(kind))


def account(of: Any) -> str:
    """What an account is called: `wallet of anna`, or `company: sales`; with its currency where
    there are several: `company: sales (USD)`."""
    kind = account_kind(of.kind)
    currency = f" ({of.currency})" if len(markets.currencies()) > 1 else ""
    if of.member_id is not None:
        return gettext("{account} of {member}", account=kind, member=of.member) + currency
    if of.kind == AccountKind.OUTSIDE:
        return kind + currency
    return gettext("company: {account}", account=kind) + currency


def side(side: Any) -> str:
    """Where a member is placed: `L` is `left`; in a matrix a number."""
    return str(_SIDES.get(str(side)) or side or NOTHING)


def status(code: str) -> SafeString:
    """A status as a small label, coloured by what it means."""
    return format_html('<span class="status status-{}">{}</span>', code, status_word(code))


def address(model: str, pk: Any) -> str:
    """The address of a thing's page: `address("members_member", 5)`."""
    return reverse(f"admin:{model}_change", args=[pk])


def link(model: str, pk: Any, text: Any) -> SafeString:
    """A link to a page of the office: `link("members_member", 5, "anna")`."""
    return anchor(address(model, pk), text)


def member(user_id: int | None, username: str) -> SafeString | str:
    """A link to a member's page; a dash for nobody."""
    return link("members_member", user_id, username) if user_id else NOTHING


def listing(model: str, **filters: Any) -> str:
    """The address of a list, narrowed down."""
    return reverse(f"admin:{model}_changelist", query=filters)


def anchor(address: str, text: Any) -> SafeString:
    """A link to any address of the office."""
    return format_html('<a href="{}">{}</a>', address, text)
