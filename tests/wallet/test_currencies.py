"""Each currency on its own: transfers within one, exchanges at a stored rate, and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError

from support.cast import Cast, Player, unique
from support.client import refused
from support.installation import TRANSACTION_PASSWORD
from support.markets import open_japan
from support.transfers import made_up
from upline.base import sql
from upline.base.actors import Shell
from upline.base.amounts import Money, converted
from upline.base.errors import FieldsWrong
from upline.base.unit import UnitOfWork
from upline.books import invariants
from upline.company import current as company
from upline.flows import changing_market, exchanging, market_rates, order_decisions
from upline.markets import current as markets
from upline.members.models import Member
from upline.orders.models import Order
from upline.wallet import actions as wallet
from upline.wallet.actions import BelongsTo
from upline.wallet.models import AccountKind, Exchange
from upline.wallet.queries import account_of, balances, company_account, total_of

NothingChanges = Callable[[], AbstractContextManager[None]]
YEN_FOR_ONE = 162_345_678  # 1.00 EUR is 162.345678 JPY


@pytest.fixture
def japan() -> int:
    return open_japan()


@pytest.fixture
def erik(cast: Cast, japan: int) -> Iterator[Player]:
    """Somebody in the market in yen, for one test: as if they had joined there."""
    its = Member.objects.filter(pk=cast.erik.id)
    before = its.get().market_id
    its.update(market_id=japan)
    wallet.open_accounts(cast.erik.id)
    yield cast.erik
    its.update(market_id=before)


def in_a_unit(work: Callable[[], Any]) -> Any:
    return UnitOfWork(Shell()).commit(work)


@pytest.mark.parametrize(
    ("minor", "decimals", "rate", "others", "expected"),
    [
        (10_000, 2, 1_085_000, 2, 10_850),
        (10_000, 2, YEN_FOR_ONE, 0, 16_235),
        (1, 2, 500_000, 2, 1),  # half a cent is rounded up
        (1, 2, 499_999, 2, 0),
        (1_500, 3, 1_000_000, 2, 150),
        (7, 0, 6_160, 2, 4),
    ],
)
def test_an_amount_is_converted_and_rounded_once(
    minor: int, decimals: int, rate: int, others: int, expected: int
) -> None:
    assert converted(minor, decimals, rate, others) == expected


def test_no_transfer_goes_from_one_currency_to_another(
    cast: Cast, erik: Player, fill: Any, nothing_changes: NothingChanges
) -> None:
    fill(cast.anna, "100.00")
    euros = account_of(cast.anna.id, AccountKind.WALLET, "EUR")
    yen = account_of(erik.id, AccountKind.WALLET, "JPY")
    with nothing_changes(), pytest.raises(IntegrityError, match="credit_in_the_currency"):
        in_a_unit(
            lambda: wallet.transfer(euros, yen, 1_000, made_up("test"), unique("move"), BelongsTo())
        )


def test_a_settlement_never_mixes_currencies(cast: Cast, nothing_changes: NothingChanges) -> None:
    settle = """SELECT wallet_settle_commissions(77, 'EUR', %s::bigint[], ARRAY[100, 100],
                    ARRAY[0, 0], ARRAY[0, 0], ARRAY[0, 0], current_date, now(), '(shell,,,)')"""
    without_euros = cast.erik.id + 10_000_000
    refused_ = pytest.raises(DatabaseError, match="would settle 1 members of 2 in EUR")
    with nothing_changes(), refused_:
        in_a_unit(lambda: sql.run(settle, [[cast.anna.id, without_euros]]))


def test_a_wallet_in_another_currency_pays_nothing(
    cast: Cast, erik: Player, nothing_changes: NothingChanges
) -> None:
    with nothing_changes():
        answer = cast.anna.client.post(
            "ewallet/payment/", payment_amount="1", purpose="purchase",
            ewallet_username=erik.username, transaction_password=TRANSACTION_PASSWORD,
        )  # fmt: skip
        refused(answer, 422, "1004", "ewallet_username")


def test_the_company_exchanges_money_at_a_stored_rate(cast: Cast, japan: int) -> None:
    before = {code: total_of(company_account(AccountKind.OUTSIDE, code)) for code in ("EUR", "JPY")}
    bought = exchanging.exchange_company(
        UnitOfWork(Shell()), Money(10_000, "EUR"), "JPY", YEN_FOR_ONE, "a test"
    )
    assert bought == Money(16_235, "JPY")
    after = {code: total_of(company_account(AccountKind.OUTSIDE, code)) for code in ("EUR", "JPY")}
    assert {code: after[code] - before[code] for code in after} == {"EUR": 10_000, "JPY": -16_235}
    stored = Exchange.objects.latest("pk")
    assert (stored.rate, stored.sold.amount, stored.bought.amount) == (YEN_FOR_ONE, 10_000, 16_235)
    assert invariants.check() == {}


@pytest.mark.parametrize(
    ("sold", "currency", "rate", "reason"),
    [
        (Money(10_000, "EUR"), "EUR", 1_000_000, "a test"),
        (Money(10_000, "EUR"), "XTS", 1_000_000, "a test"),
        (Money(0, "EUR"), "JPY", 1_000_000, "a test"),
        (Money(1, "EUR"), "JPY", 1_000_000, "a test"),
        (Money(10_000, "EUR"), "JPY", 0, "a test"),
        (Money(10_000, "EUR"), "JPY", YEN_FOR_ONE, " "),
    ],
)
def test_what_cannot_be_exchanged_is_refused(
    sold: Money, currency: str, rate: int, reason: str, japan: int, nothing_changes: NothingChanges
) -> None:
    with nothing_changes(), pytest.raises(FieldsWrong):
        exchanging.exchange_company(UnitOfWork(Shell()), sold, currency, rate, reason)


def test_who_moves_to_another_currency_takes_along_what_they_hold_and_owe(cast: Cast) -> None:
    erik, japan = cast.erik, open_japan()
    market_rates.add_rate(UnitOfWork(Shell()), japan, YEN_FOR_ONE, None, company.today())
    for order in Order.objects.filter(member_id=erik.id, status="awaiting_payment"):
        order_decisions.cancel_order(UnitOfWork(Shell()), order.number)
    sources = (
        (AccountKind.CLAIMS, AccountKind.OWED, 2_000),
        (AccountKind.OUTSIDE, AccountKind.PURCHASE, 500),
        (AccountKind.OUTSIDE, AccountKind.WALLET, 10_000),
    )
    for source, kind, amount in sources:
        accounts = company_account(source, "EUR"), account_of(erik.id, kind, "EUR")
        move = partial(wallet.transfer, *accounts, amount, made_up("test"), unique("move"))
        in_a_unit(partial(move, BelongsTo(erik.id)))
    changing_market.move(UnitOfWork(Shell()), erik.id, japan, "a test")
    assert not any(balances(erik.id, "EUR").values())
    assert balances(erik.id, "JPY") == {
        AccountKind.WALLET: 16_235,
        AccountKind.PURCHASE: 812,
        AccountKind.OWED: 3_247,
        AccountKind.DEPOSITS: 0,
    }
    assert invariants.check() == {}
    home = markets.home().id
    changing_market.move(UnitOfWork(Shell()), erik.id, home, "back again")
    # Rounded once in each direction.
    assert balances(erik.id, "EUR")[AccountKind.WALLET] == 10_001


def test_an_exchange_is_never_changed(japan: int) -> None:
    exchanging.exchange_company(
        UnitOfWork(Shell()), Money(10_000, "EUR"), "JPY", YEN_FOR_ONE, "a test"
    )
    for statement in ("UPDATE wallet_exchange SET rate = 1", "DELETE FROM wallet_exchange"):
        with pytest.raises(Exception, match="permission denied"):
            in_a_unit(lambda: sql.run(statement))  # noqa: B023
