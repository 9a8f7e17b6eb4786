"""`/money/`: what a member has, in words, and every movement of it."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from django.http import HttpResponse, QueryDict
from django.urls import reverse

from upline.base.amounts import Money, as_text
from upline.base.csv_cells import as_csv
from upline.base.errors import FieldsWrong
from upline.base.speaking import spoken
from upline.company import current as company
from upline.language import gettext, lazy
from upline.markets import current as markets
from upline.payouts import queries as payouts
from upline.payouts.models import OPEN
from upline.portal.money import obstacles
from upline.portal.money.entries import GROUP_NAMES, GROUPS, said, shown_entry
from upline.portal.money.way import line_of
from upline.portal.visiting import Visit, for_members
from upline.screens import payout_readiness, shown
from upline.screens import wallet as screen
from upline.screens.payout_readiness import PayoutReadiness
from upline.screens.wallet import Holding, MovementsAsked
from upline.wallet.models import AccountKind, TransferKind

ENTRIES_MOST = 30
_FILE_MOST = 100_000
_NAMES = {
    AccountKind.WALLET: lazy("Wallet"),
    AccountKind.PURCHASE: lazy("Shopping balance"),
    AccountKind.DEPOSITS: lazy("Reserved"),
    AccountKind.OWED: lazy("Owed"),
}
_MEANINGS = {
    AccountKind.WALLET: lazy("You can spend it or have it paid out."),
    AccountKind.PURCHASE: lazy("It pays for orders and cannot be paid out. It does not expire."),
    AccountKind.DEPOSITS: lazy(
        "It waits for an order. What came from your wallet or an e-pin goes back after 30 minutes."
    ),
    AccountKind.OWED: lazy("Your next earnings repay it first."),
}
_PERIODS = {
    "": lazy("All time"),
    "month": lazy("This month"),
    "last-month": lazy("Last month"),
    "year": lazy("This year"),
}


class BalanceShown(NamedTuple):
    """A balance: its name, what it is for and until when, how much, and the list behind it."""

    name: str
    meaning: str
    amount: str
    address: str
    is_here: bool


class ChipShown(NamedTuple):
    """A filter: its word, the list that it leads to, and whether it is chosen."""

    word: str
    address: str
    is_here: bool


@for_members
def overview(visit: Visit) -> HttpResponse:
    """`/money/`. `?account=`, `?currency=`, `?group=` and `?period=` narrow the list down,
    `?before=` a movement shows those before it."""
    caller, query = visit.caller, visit.request.GET
    holdings = screen.holdings(caller.member_id, caller.currency)
    asked = _asked(query, holdings)
    found = screen.movements(caller.member_id, asked, ENTRIES_MOST + 1)
    entries = found[:ENTRIES_MOST]
    on_their_way = payouts.own(caller.member_id).filter(status__in=OPEN)
    return visit.page(
        "portal/money/wallet.html",
        title=gettext("Money"),
        available=markets.parts(Money(_held(holdings, caller.currency), caller.currency)),
        **_readiness(visit),
        balances=[_balance(each, asked) for each in holdings if _is_shown(each, caller.currency)],
        payouts=[line_of(each) for each in on_their_way],
        list_title=_list_title(asked, caller.currency),
        group_chips=_chips(query, "group", {"": lazy("All")} | GROUP_NAMES),
        currency_chips=_currency_chips(query, holdings, asked),
        period_chips=_chips(query, "period", _PERIODS),
        is_filtered=bool(query.get("group") or query.get("period") or query.get("before")),
        entries=[shown_entry(each, asked.account, asked.currency) for each in entries],
        older=_narrowed(query, "before", str(entries[-1].id)) if len(found) > ENTRIES_MOST else "",
        file=f"{reverse('money-file')}?{_without(query, 'before').urlencode()}",
    )


@for_members
def file(visit: Visit) -> HttpResponse:
    """`/money/movements.csv`: the whole list as a file, in English."""
    caller = visit.caller
    asked = _asked(visit.request.GET, screen.holdings(caller.member_id, caller.currency))
    found = screen.movements(caller.member_id, asked._replace(before=screen.LAST), _FILE_MOST)
    with spoken("en"):
        rows = [
            [
                company.current().day_of(each.created_at).isoformat(),
                said(each, asked.account).replace("\u00a0", " "),
                _plain(each.amount, asked.currency),
                _plain(each.balance, asked.currency),
                asked.currency,
                each.payout_number or each.order_number or "",
                each.note,
            ]
            for each in found
        ]
    head = ["day", "what", "amount", "balance", "currency", "number", "note"]
    content = as_csv([head, *rows], excel=True)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{asked.account}-{asked.currency}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _readiness(visit: Visit) -> dict[str, object]:
    """What the page says of payouts: the first thing in their way, or that one can be asked for."""
    try:
        ready = payout_readiness.readiness_of(visit.caller)
    except FieldsWrong as refusal:
        return {"obstacle": refusal.sentence, "ready": None}
    found = obstacles.told(ready)
    return {
        "obstacle": found[0].sentence if found else "",
        "is_empty": not ready.available,
        "hold": obstacles.hold_sentence(ready),
        "ready": ready,
        "account": _account(ready),
        "identity": _identity(ready),
    }


def _account(ready: PayoutReadiness) -> str:
    if not ready.ending:
        return gettext("Not given yet") if ready.missing else gettext("Given")
    return gettext("Ending in {ending}", ending=ready.ending)


def _identity(ready: PayoutReadiness) -> str:
    """Whether it is done; '' where the company does not ask for it."""
    if "payout" not in company.office().kyc_needed_for:
        return ""
    return gettext("Needed before a payout") if ready.needs_identity else gettext("Done")


def _held(holdings: list[Holding], currency: str) -> int:
    return next(
        (
            each.balance
            for each in holdings
            if (each.kind, each.currency) == (AccountKind.WALLET, currency)
        ),
        0,
    )


def _is_shown(of: Holding, currency: str) -> bool:
    """The wallet stands large above; of the others, those that hold something."""
    return bool(of.balance) and (of.kind, of.currency) != (AccountKind.WALLET, currency)


def _asked(query: QueryDict, holdings: list[Holding]) -> MovementsAsked:
    """What the address asks for, as far as there is such an account; else the wallet."""
    known = {(each.kind, each.currency) for each in holdings}
    kind = next((each for each in _NAMES if each == query.get("account")), AccountKind.WALLET)
    wanted = str(query.get("currency", ""))
    currency = wanted if (kind, wanted) in known else holdings[0].currency
    kinds = GROUPS.get(query.get("group", ""), tuple(TransferKind))
    first, last = _days_of(query.get("period", ""))
    before = re.fullmatch(r"[0-9]{1,18}", query.get("before", ""), re.ASCII)
    return MovementsAsked(
        kind, currency, kinds, first, last, int(before[0]) if before else screen.LAST
    )


def _days_of(period: str) -> tuple[date, date]:
    today = company.today()
    first_of_month = today.replace(day=1)
    if period == "month":
        return first_of_month, screen.LAST_DAY
    if period == "last-month":
        before = first_of_month - timedelta(days=1)
        return before.replace(day=1), before
    if period == "year":
        return today.replace(month=1, day=1), screen.LAST_DAY
    return screen.FIRST_DAY, screen.LAST_DAY


def _balance(of: Holding, asked: MovementsAsked) -> BalanceShown:
    kind = AccountKind(of.kind)
    query = QueryDict(mutable=True)
    query.update({"account": of.kind, "currency": of.currency})
    return BalanceShown(
        str(_NAMES[kind]),
        str(_MEANINGS[kind]),
        shown.money(of.balance, of.currency),
        f"{reverse('money')}?{query.urlencode()}#movements",
        (of.kind, of.currency) == (asked.account, asked.currency),
    )


def _list_title(asked: MovementsAsked, own_currency: str) -> str:
    if asked.account == AccountKind.WALLET and asked.currency == own_currency:
        return gettext("What moved in your wallet")
    name = str(_NAMES[asked.account])
    if asked.currency == own_currency:
        return gettext("What moved: {account}", account=name)
    return gettext("What moved: {account} in {currency}", account=name, currency=asked.currency)


def _chips(query: QueryDict, name: str, words: dict[str, str]) -> list[ChipShown]:
    chosen = query.get(name, "")
    chosen = chosen if chosen in words else ""
    return [
        ChipShown(str(word), _narrowed(_without(query, "before"), name, value), value == chosen)
        for value, word in words.items()
    ]


def _currency_chips(
    query: QueryDict, holdings: list[Holding], asked: MovementsAsked
) -> list[ChipShown]:
    """Who has money in one currency is not asked which."""
    currencies = list(dict.fromkeys(each.currency for each in holdings))
    if len(currencies) < 2:
        return []
    kept = _without(query, "before")
    return [
        ChipShown(each, _narrowed(kept, "currency", each), each == asked.currency)
        for each in currencies
    ]


def _narrowed(query: QueryDict, name: str, value: str) -> str:
    changed = _without(query, name)
    if value:
        changed[name] = value
    return f"?{changed.urlencode()}#movements"


def _without(query: QueryDict, name: str) -> QueryDict:
    changed = query.copy()
    changed.pop(name, None)
    return changed


def _plain(minor: int, currency: str) -> str:
    return as_text(minor, markets.decimals_of(currency))
