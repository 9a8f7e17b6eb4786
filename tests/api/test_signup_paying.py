"""`signup/`: how it is paid, and who may do it. `signup/fee/`."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from support.cast import Cast, Player, minor, unique
from support.client import Client, data, refused
from support.installation import PASSWORD, TRANSACTION_PASSWORD
from support.logged import PACKAGE, logged
from support.moves import balances, pay_in, sign_up
from support.wares import price_of
from upline.base import clock
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import housekeeping, verifying
from upline.kyc.models import KycStatus
from upline.markets.models import TaxClass
from upline.members.models import Member, PackageFact
from upline.orders.models import Order
from upline.payments.models import Payment

REQUIRED = ["sponsor_username", "placement_username", "position", "product_id", "firstname",
            "lastname", "date_of_birth", "email", "mobile", "username", "password",
            "password_confirmation", "agree_terms", "payment_method"]  # fmt: skip


def test_free_join_makes_an_order_that_waits_without_end(
    cast: Cast, newcomer: dict[str, Any]
) -> None:
    sign_up(cast.anna, newcomer)
    order = Order.objects.get(member__user__username=newcomer["username"])
    assert (order.status, order.kind, order.lapses_at) == ("awaiting_payment", "membership", None)
    assert (order.total_amount, order.total_points) == (minor("110.00"), 5000)
    assert not PackageFact.objects.filter(member_id=order.member_id).exists()


def test_a_free_joiners_order_lapses_after_the_days_that_the_office_sets(
    cast: Cast,
    newcomer: dict[str, Any],
    office_sets: Callable[..., None],
    fill: Callable[..., None],
    give_epin: Callable[..., str],
) -> None:
    office_sets(signup_order_days=14)
    sign_up(cast.anna, newcomer)
    order = Order.objects.get(member__user__username=newcomer["username"])
    assert order.lapses_at is not None
    assert abs(order.lapses_at - order.created_at - timedelta(days=14)) < timedelta(seconds=5)
    housekeeping.let_time_pass()
    assert Order.objects.get(pk=order.pk).status == "awaiting_payment"
    Order.objects.filter(pk=order.pk).update(lapses_at=clock.now())
    housekeeping.let_time_pass()
    assert Order.objects.get(pk=order.pk).status == "cancelled"


def test_an_unpaid_signup_holds_no_payment_back(
    cast: Cast,
    office_sets: Callable[..., None],
    player: Callable[..., Player],
    fill: Callable[..., None],
) -> None:
    office_sets(signup_order_days=14)
    joined = player("joined")
    fill(joined, "20.00")
    pay_in(joined, "20.00")
    Payment.objects.filter(member_id=joined.id).update(expires_at=clock.now())
    housekeeping.let_time_pass()
    assert balances(joined) == ("20", "0")


def test_row_17_a_signup_charges_what_package_and_fee_were_quoted(
    cast: Cast,
    newcomer: dict[str, Any],
    office_sets: Callable[..., None],
    fill: Callable[..., None],
) -> None:
    fill(cast.anna, "1000000.00")
    chance = random.Random(17)
    price = price_of(newcomer["product_id"])
    kept = price.values("amount", "commissionable_value", "tax_class").get()
    try:
        for _ in range(12):
            amount = chance.choice((0, 1, 99, chance.randrange(10**6)))
            tax_class = TaxClass.objects.get(code=chance.choice(("none", "standard")))
            with logged(PACKAGE):
                price.update(amount=amount, commissionable_value=0, tax_class=tax_class)
            office_sets(spill_over=True, signup_fee=chance.choice((0, 1, chance.randrange(10**5))))
            assert_charged_as_quoted(cast.anna, newcomer)
    finally:
        with logged(PACKAGE):
            price.update(**kept)


def assert_charged_as_quoted(payer: Player, newcomer: dict[str, Any]) -> None:
    client = payer.client
    fee = data(client.get("signup/fee/"))["fee"]
    shown = data(client.get(f"package/{newcomer['product_id']}/"))["amount"]
    listed = {
        each["id"]: each["amount"] for each in data(client.get("package/membership/"))["products"]
    }
    before = data(client.get("ewallet/balance/"))["balance"]
    paid = {
        "username": unique("quoted"),
        "placement_username": "",
        "payment_method": "ewallet",
        "ewallet_username": payer.username,
        "transaction_password": TRANSACTION_PASSWORD,
    }
    answer = sign_up(payer, newcomer, **paid)
    assert answer.status_code == 201, answer.text
    charged = before - data(client.get("ewallet/balance/"))["balance"]
    assert charged == fee + shown == fee + listed[newcomer["product_id"]]


def test_row_17_a_signup_is_refused_where_another_price_was_shown(
    cast: Cast,
    newcomer: dict[str, Any],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    shown = data(cast.anna.client.get(f"package/{newcomer['product_id']}/"))["amount"]
    fee = data(cast.anna.client.get("signup/fee/"))["fee"]
    office_sets(signup_fee=2500)
    with nothing_changes():
        answer = sign_up(cast.anna, newcomer, total_amount=str(shown + fee))
        refused(answer, 422, "1107", "total_amount")
    assert sign_up(cast.anna, newcomer, total_amount=str(shown + 25)).status_code == 201


def test_a_free_joiners_order_is_paid_later_and_the_package_takes_effect(
    cast: Cast, newcomer: dict[str, Any], give_epin: Callable[..., str]
) -> None:
    sign_up(cast.anna, newcomer)
    made = Member.objects.get(user__username=newcomer["username"])
    client = Client(cast.anna.client.base_url, cast.anna.client.api_key)
    client.sign_in(newcomer["username"], PASSWORD)
    nora = Player(made.pk, newcomer["username"], client)
    order = data(client.get("orders/"))["orders"][0]
    assert order["status"] == "awaiting_payment"
    totals = {
        name: order[name] for name in ("order_id", "total_amount", "total_quantity", "total_pv")
    }
    refused(client.post("order/", **totals), 422, "1014")
    paid = client.post("epin/payment/", payment_amount="110", epin_code=give_epin(nora, "110.00"))
    assert paid.status_code == 204
    assert client.post("order/", **totals).status_code == 204
    assert data(client.get("orders/"))["orders"][0]["status"] == "complete"
    assert PackageFact.objects.filter(member_id=made.pk).count() == 1


def test_a_signup_is_paid_from_the_callers_purchase_account(
    cast: Cast, newcomer: dict[str, Any], fill: Callable[..., None]
) -> None:
    fill(cast.anna, "200.00")
    pay_in(cast.anna, "120")
    assert sign_up(cast.anna, newcomer, payment_method="ewallet").status_code == 201
    assert balances(cast.anna) == ("80", "10")
    order = Order.objects.get(member__user__username=newcomer["username"])
    assert (order.status, order.total_amount) == ("complete", minor("110.00"))


def test_a_signup_is_paid_from_a_wallet_named_with_it_only_as_far_as_needed(
    cast: Cast, newcomer: dict[str, Any], fill: Callable[..., None]
) -> None:
    fill(cast.anna, "100.00")
    fill(cast.ben, "100.00")
    pay_in(cast.anna, "30")
    answer = sign_up(
        cast.anna, newcomer, payment_method="ewallet", ewallet_username=cast.ben.username,
        transaction_password=TRANSACTION_PASSWORD,
    )  # fmt: skip
    assert answer.status_code == 201
    assert (balances(cast.anna), balances(cast.ben)) == (("70", "0"), ("20", "0"))


def test_a_signup_is_paid_from_an_epin_which_keeps_the_rest(
    cast: Cast, newcomer: dict[str, Any], give_epin: Callable[..., str]
) -> None:
    code = give_epin(cast.anna, "150.00")
    answer = sign_up(cast.anna, newcomer, payment_method="epin", epin_code=code)
    assert answer.status_code == 201
    epin = data(cast.anna.client.get("epins/"))["epins"][0]
    assert (str(epin["balance"]), epin["status"]) == ("40", "active")


def test_row_2_a_signup_that_cannot_be_paid_leaves_no_trace(
    cast: Cast,
    newcomer: dict[str, Any],
    fill: Callable[..., None],
    give_epin: Callable[..., str],
    nothing_changes: Callable[[], Any],
) -> None:
    fill(cast.anna, "109.99")
    small, foreign = give_epin(cast.anna, "109.99"), give_epin(cast.erik, "500.00")
    wallet = {"payment_method": "ewallet", "ewallet_username": cast.anna.username}
    right = wallet | {"transaction_password": TRANSACTION_PASSWORD}
    cases: list[tuple[dict[str, str], int, str]] = [
        ({"payment_method": "ewallet"}, 422, "1014"),
        ({"payment_method": "epin"}, 422, "1014"),
        (right, 422, "1014"),
        (wallet | {"transaction_password": "wrong"}, 422, "1015"),
        (right | {"ewallet_username": unique("nobody")}, 422, "1011"),
        (wallet, 422, "1004"),
        ({"payment_method": "epin", "epin_code": small}, 422, "1016"),
        ({"payment_method": "epin", "epin_code": foreign}, 422, "1016"),
    ]
    with nothing_changes():
        for more, status, code in cases:
            refused(sign_up(cast.anna, newcomer, **more), status, code)


def test_a_signup_without_kyc_is_1019_where_the_office_requires_it(
    cast: Cast,
    newcomer: dict[str, Any],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    office_sets(kyc_needed_for=["signup"])
    with nothing_changes():
        refused(sign_up(cast.anna, newcomer), 403, "1019")
    verifying.review_kyc(UnitOfWork(Shell()), cast.anna.id, KycStatus.VERIFIED)
    assert sign_up(cast.anna, newcomer).status_code == 201


PUBLIC = [
    "signup/fee/",
    "package/membership/",
    "package/cart/",
    "countries/",
    "countries/276/states/",
]


@pytest.mark.parametrize("path", PUBLIC)
def test_public_signup_opens_what_a_visitor_needs(
    stranger: Client, office_sets: Callable[..., None], path: str
) -> None:
    refused(stranger.get(path), 401, "1002")
    office_sets(public_signup=True)
    assert stranger.get(path).status_code == 200
    wrong = Client(stranger.base_url, stranger.api_key, "junk")
    refused(wrong.get(path), 401, "1002")
    refused(stranger.get("profile/"), 401, "1002")


def test_in_public_signup_the_api_key_is_enough(
    cast: Cast,
    newcomer: dict[str, Any],
    stranger: Client,
    office_sets: Callable[..., None],
    fill: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    with nothing_changes():
        refused(stranger.call("POST", "signup/", data=newcomer), 401, "1002")
    office_sets(public_signup=True)
    assert stranger.call("POST", "signup/", data=newcomer).status_code == 201
    fill(cast.ben, "200.00")
    paid = newcomer | {
        "username": unique("nora"), "position": "R", "payment_method": "ewallet",
        "ewallet_username": cast.ben.username, "transaction_password": TRANSACTION_PASSWORD,
    }  # fmt: skip
    assert stranger.call("POST", "signup/", data=paid).status_code == 201
    assert balances(cast.ben) == ("90", "0")


def test_the_fee_is_the_offices(cast: Cast, office_sets: Callable[..., None]) -> None:
    for minor_units, shown in ((0, "0"), (1, "0.01"), (4990, "49.9")):
        office_sets(signup_fee=minor_units)
        assert str(data(cast.anna.client.get("signup/fee/"))["fee"]) == shown
        assert str(data(cast.anna.client.post("signup/fee/"))["fee"]) == shown
