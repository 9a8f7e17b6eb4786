"""Somebody has a member's access_token, and buys to an address of their own."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest

from attacks.parallel import Gate, times
from public_pages.conftest import Page, said
from support.cast import Cast, Player, unique
from support.client import data
from support.installation import STAFF, TRANSACTION_PASSWORD
from support.moves import ADDRESS, balances, pay_in
from support.transfers import made_up
from upline.base import sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import mailing, order_decisions, permissions
from upline.mailings.models import MOST_AN_HOUR, Mail
from upline.members.models import User
from upline.orders import actions
from upline.wallet import actions as wallet
from upline.wallet.models import AccountKind
from upline.wallet.queries import account_of, company_account

THEIRS = ADDRESS | {"name": "A Thief", "address": "Dock 9"}
TOTALS = {"total_amount": "25.00", "total_quantity": "2", "total_pv": "20"}


@pytest.fixture
def anna(cast: Cast, office_sets: Callable[..., None], product: Callable[[str], int]) -> Player:
    """Two soaps (25.00) in the cart, an address that she has had for long, and 40.00 that she can
    only buy with."""
    office_sets(protect_recent_changes=True)
    anna = cast.anna
    anna.client.post("cart/shipping_address/", **ADDRESS)
    let_addresses_age(anna, 73)
    UnitOfWork(Shell()).commit(
        lambda: wallet.transfer(
            company_account(AccountKind.OUTSIDE, "EUR"),
            account_of(anna.id, AccountKind.PURCHASE, "EUR"),
            4000,
            made_up("credit"),
            unique("credit"),
            wallet.BelongsTo(anna.id),
        )
    )
    anna.client.post("cart/products/", product_id=product("soap"), quantity=2)
    return anna


def let_addresses_age(member: Player, hours: int) -> None:
    sql.run(
        """UPDATE shipping_shippingaddress SET created_at = created_at - make_interval(hours => %s)
           WHERE member_id = %s""",
        [hours, member.id],
    )


def add_theirs(member: Player) -> int:
    answer = member.client.call(
        "POST", "cart/shipping_address/", headers={"Prefer": "return=representation"}, data=THEIRS
    )
    return int(data(answer)["address_id"])


def check_out(member: Player, **body: Any) -> str:
    """Returns the order's number."""
    answer = member.client.post("cart/checkout/", **body)
    assert (answer.status_code, answer.content) == (204, b""), answer.text
    return str(answer.headers["Location"]).rstrip("/").rpartition("/")[2]


def status_of(member: Player, number: str) -> str:
    return str(data(member.client.get(f"orders/{number}/"))["status"])


def mails(member: Player) -> list[Any]:
    return list(Mail.objects.filter(user_id=member.id, kind="confirm_order"))


def link_of(member: Player) -> Page:
    (mail,) = mails(member)
    assert mail.to_address == f"{member.username}@example.com"
    _, text = mailing.render(mail, link := mailing.link_for(mail))
    assert link in text
    assert "25.00" in text
    return Page(link)


def complete(member: Player, number: str) -> Any:
    return member.client.post("order/", order_id=number, **TOTALS)


def test_row_6_an_order_to_a_new_address_waits_for_the_owner(
    anna: Player, nothing_changes: Any
) -> None:
    number = check_out(anna, address_id=add_theirs(anna))
    assert status_of(anna, number) == "awaiting_payment"
    assert balances(anna) == ("0", "40")
    with nothing_changes():
        for _ in range(2):
            assert complete(anna, number).status_code == 204
    assert status_of(anna, number) == "awaiting_payment"
    page = link_of(anna)
    with nothing_changes():
        shown = page.get().text
    assert "25.00 EUR" in shown
    assert "Dock 9" in shown
    assert "confirmed and paid" in said(page.send())
    assert status_of(anna, number) == "complete"
    assert balances(anna) == ("0", "15")
    assert "already been confirmed" in said(page.get()) or "already been used" in page.get().text
    assert balances(anna) == ("0", "15")


def test_row_6_orders_in_a_loop_mail_their_owner_six_times_an_hour(
    anna: Player, product: Callable[[str], int]
) -> None:
    theirs = add_theirs(anna)
    numbers = []
    for _ in range(MOST_AN_HOUR + 2):
        numbers.append(check_out(anna, address_id=theirs))
        anna.client.post("cart/products/", product_id=product("soap"), quantity=2)
    assert {mail.facts["order"] for mail in mails(anna)} == set(numbers[:MOST_AN_HOUR])
    assert {status_of(anna, number) for number in numbers} == {"awaiting_payment"}
    assert balances(anna) == ("0", "40")


def test_row_6_own_epins_are_no_way_around(anna: Player, give_epin: Callable[..., str]) -> None:
    code = give_epin(anna, "30.00")
    number = check_out(anna, address_id=add_theirs(anna), payment_method="epin", epin_code=code)
    assert status_of(anna, number) == "awaiting_payment"
    link_of(anna).send()
    assert status_of(anna, number) == "complete"


def test_row_6_paid_later_it_waits_as_well(
    anna: Player, give_epin: Callable[..., str], product: Callable[[str], int]
) -> None:
    anna.client.post("cart/products/", product_id=product("soap"), quantity=4)
    number = check_out(anna, address_id=add_theirs(anna))
    assert mails(anna) == [], "it is not covered yet"
    paid = anna.client.post(
        "epin/payment/", payment_amount="40", epin_code=give_epin(anna, "50.00")
    )
    assert paid.status_code == 204, paid.text
    order = data(anna.client.get(f"orders/{number}/"))
    totals = {name: str(order[name]) for name in TOTALS}
    anna.client.post("order/", order_id=number, **totals)
    assert status_of(anna, number) == "awaiting_payment"


def test_row_6_of_many_uses_at_once_one_pays(anna: Player) -> None:
    number = check_out(anna, address_id=add_theirs(anna))
    page = link_of(anna)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.get().text)
    assert token
    form, cookies = {"csrfmiddlewaretoken": token[1]}, dict(page.http.cookies)
    press = partial(httpx.post, page.url, data=form, cookies=cookies, timeout=30)
    answers = times(8, press, Gate(8, "members_mailedlink, orders_order"))
    assert sum("confirmed and paid" in each.text for each in answers) == 1
    assert status_of(anna, number) == "complete"
    assert balances(anna) == ("0", "15")


def test_what_was_known_or_proven_does_not_wait(
    anna: Player, fill: Callable[..., None], product: Callable[[str], int]
) -> None:
    assert status_of(anna, check_out(anna)) == "complete", "an address known for long"
    soaps = {"product_id": product("soap"), "quantity": 2}
    fill(anna, "100.00")
    theirs = add_theirs(anna)
    anna.client.post("cart/products/", **soaps)
    wallet = {"payment_method": "ewallet", "transaction_password": TRANSACTION_PASSWORD}
    assert status_of(anna, check_out(anna, address_id=theirs, **wallet)) == "complete"
    anna.client.post("cart/products/", **soaps)
    pay_in(anna, "25")
    assert status_of(anna, check_out(anna, address_id=theirs)) == "complete"
    assert mails(anna) == []


def test_a_company_that_does_not_ask_for_it_holds_no_order(
    anna: Player, office_sets: Callable[..., None]
) -> None:
    office_sets(protect_recent_changes=False)
    assert status_of(anna, check_out(anna, address_id=add_theirs(anna))) == "complete"


def test_the_office_releases_an_order_that_waits(anna: Player) -> None:
    number = check_out(anna, address_id=add_theirs(anna))
    order_decisions.release_order(
        UnitOfWork(permissions.staff(User.objects.get(username=STAFF).pk)), number
    )
    assert status_of(anna, number) == "complete"
    assert balances(anna) == ("0", "15")


def test_an_order_that_nobody_confirms_lapses(anna: Player) -> None:
    number = check_out(anna, address_id=add_theirs(anna))
    page = link_of(anna)
    sql.run("UPDATE orders_order SET lapses_at = now() WHERE number = %s", [number])
    actions.cancel_lapsed()
    assert status_of(anna, number) == "cancelled"
    assert "can no longer be confirmed" in said(page.get())
    assert balances(anna) == ("0", "40")
