"""What staff decide about money and rights is an event too: ids and amounts, no name."""

from datetime import timedelta
from typing import Any

import pytest

from events.test_written import told
from support.cast import Cast, unique
from support.markets import move, open_japan
from support.office import hire_staff
from support.transfers import made_up
from upline.base import clock
from upline.base.actors import Shell
from upline.base.amounts import Money
from upline.base.errors import FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company.models import ApiClient
from upline.epins.models import EPin
from upline.flows import (
    api_keys,
    blocking,
    closed_accounts,
    epin_batches,
    exchanging,
    market_rates,
    roles,
    selling,
    staff,
)
from upline.markets.models import TaxClass
from upline.members.models import User
from upline.screens import leaving
from upline.wallet import actions as wallet
from upline.wallet.models import AccountKind
from upline.wallet.queries import account_of, company_account

RATE = 162_000_000  # 1.00 EUR is 162 JPY


def unit() -> UnitOfWork:
    return UnitOfWork(Shell())


def test_epins_are_told_from_the_issue_to_the_block(cast: Cast) -> None:
    with told() as found:
        epin_batches.issue_epins(unit(), 500, 2, cast.anna.id)
    pins = list(EPin.objects.filter(owner_id=cast.anna.id).order_by("-pk")[:2])
    ids, batch = sorted(pin.pk for pin in pins), pins[0].batch_id
    with told() as changed:
        epin_batches.allocate_epins(unit(), ids, cast.ben.id)
        epin_batches.block_epins(unit(), ids)
        epin_batches.unblock_epins(unit(), ids)
    issued = {"batch_id": batch, "member_id": cast.anna.id, "quantity": 2, "amount": 500}
    anna, ben = ({"member_id": each.id, "epin_ids": ids} for each in (cast.anna, cast.ben))
    assert found == [("epins.issued", f"batch:{batch}", issued | {"currency": "EUR"})]
    assert changed == [
        ("epins.given", f"user:{cast.ben.id}", ben),
        ("epins.taken", "epins", anna),
        ("epins.blocked", "epins", ben),
        ("epins.unblocked", "epins", ben),
    ]


def test_an_api_key_is_told_by_number_once_made_and_once_revoked() -> None:
    name = unique("key of a shop")
    with told() as found:
        api_keys.create_key(unit(), name, ["orders:report"])
        api_keys.revoke_key(unit(), name)
        api_keys.revoke_key(unit(), name)
    client = ApiClient.objects.get(name=name).pk
    subject = f"api_client:{client}"
    assert found == [
        ("api_key.created", subject, {"client_id": client, "scopes": ["orders:report"]}),
        ("api_key.revoked", subject, {"client_id": client}),
    ]


def test_markets_and_their_rates_are_told(cast: Cast) -> None:
    tomorrow = (clock.now() + timedelta(days=2)).date()
    with told() as found:
        market_id = open_japan()
        selling.change_market(unit(), market_id, None, [], name="Nippon")
        standard = TaxClass.objects.get(code="standard").pk
        market_rates.add_rate(unit(), market_id, RATE, None, tomorrow)
        market_rates.add_tax_rate(unit(), market_id, standard, 800, tomorrow)
        selling.add_tax_class(unit(), unique("food"), "Food")
        move(cast.erik.id, market_id)
    day, its = tomorrow.isoformat(), {"market_id": market_id}
    of_kind = {kind: what for kind, _, what in found}
    assert of_kind["market.created"] == its | {"currency": "JPY"}
    assert of_kind["market.changed"] == its | {"fields": ["name"]}
    rate = {"per_unit": RATE, "per_point": None, "first_day": day}
    assert of_kind["market.rate_added"] == its | rate
    tax = {"tax_class_id": standard, "rate": 800, "first_day": day}
    assert of_kind["market.tax_rate_added"] == its | tax
    assert of_kind["tax_class.created"] == {"tax_class_id": TaxClass.objects.latest("pk").pk}
    assert of_kind["member.market_changed"] == its | {"member_id": cast.erik.id}


def test_an_exchange_of_the_company_is_told_in_both_currencies() -> None:
    open_japan()
    with told() as found:
        exchanging.exchange_company(unit(), Money(10_000, "EUR"), "JPY", RATE, "a test")
    what = {"sold": 10_000, "sold_currency": "EUR", "bought": 16_200, "bought_currency": "JPY"}
    about = [each for each in found if each[0] == "wallet.exchanged"]
    assert about == [("wallet.exchanged", "company", what | {"rate": RATE})]


@pytest.mark.parametrize(
    ("decide", "kind"),
    [
        (closed_accounts.pay, EventKind.WALLET_CLOSED_PAID),
        (closed_accounts.forfeit, EventKind.WALLET_CLOSED_FORFEITED),
    ],
)
def test_what_becomes_of_a_balance_of_who_has_left_is_told(
    cast: Cast, fill: Any, decide: Any, kind: EventKind
) -> None:
    fill(cast.ben, "30.00")
    blocking.block_member(unit(), cast.ben.id, "a test")
    blocking.close_member(unit(), cast.ben.id, "a test", leaving.remains(cast.ben.id))
    with told() as found:
        decide(unit(), account_of(cast.ben.id, AccountKind.WALLET, "EUR"), "sent by bank")
    what = {"member_id": cast.ben.id, "amount": 3000, "currency": "EUR", "debt": 0}
    assert found == [(kind, f"user:{cast.ben.id}", what)]


def test_a_waived_debt_is_told(cast: Cast) -> None:
    to = account_of(cast.cleo.id, AccountKind.OWED, "EUR")
    its = wallet.BelongsTo(cast.cleo.id)
    claims = company_account(AccountKind.CLAIMS, "EUR")
    unit().commit(lambda: wallet.transfer(claims, to, 700, made_up("test_debt"), f"test:{to}", its))
    blocking.block_member(unit(), cast.cleo.id, "a test")
    blocking.close_member(unit(), cast.cleo.id, "a test", leaving.remains(cast.cleo.id))
    with told() as found:
        closed_accounts.waive(unit(), to, "cannot pay")
    what = {"member_id": cast.cleo.id, "amount": 700, "currency": "EUR"}
    assert found == [("wallet.closed_waived", f"user:{cast.cleo.id}", what)]


def test_who_may_do_what_is_told_by_number() -> None:
    with told() as found:
        sam = hire_staff("members.view_member")
        user_id = User.objects.get(username=sam).pk
        staff.change_standing(unit(), user_id, is_active=False)
        staff.change_standing(unit(), user_id, is_active=True)
        role_id = roles.save(unit(), None, unique("Approvers"), [])
    about = [each for each in found if each[0].startswith(("staff.", "role."))]
    its, subject = {"user_id": user_id}, f"user:{user_id}"
    assert about == [
        ("staff.invited", subject, its),
        ("staff.rights_changed", subject, its),
        ("staff.deactivated", subject, its),
        ("staff.activated", subject, its),
        ("role.saved", f"group:{role_id}", {"role_id": role_id}),
    ]
    assert sam not in str(found)


def test_what_is_refused_tells_nothing() -> None:
    with told() as found, pytest.raises(FieldsWrong):
        api_keys.create_key(unit(), unique("key"), ["everything"])
    assert found == []
