"""`customers/`: customers who register themselves, and the link of a member that leads there."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.test_passwords import set_by_link
from support.cast import Cast, unique
from support.client import Client, data, refused
from support.customers import customer_of, join
from support.installation import PASSWORD, Installation
from support.markets import JAPAN, open_japan, set_price
from support.moves import ADDRESS
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.books import invariants
from upline.company import current as company
from upline.events.models import Event
from upline.flows import market_rates, order_decisions, selling
from upline.mailings.models import Mail
from upline.markets.models import Market
from upline.members import actions
from upline.members.models import LinkPurpose, Member
from upline.orders.models import Order


@pytest.fixture
def wish(cast: Cast) -> dict[str, Any]:
    """A registration that is right in every field."""
    username = unique("carl")
    return {
        "sponsor_username": cast.ben.username, "firstname": "Carl", "lastname": "Example",
        "email": f"{username}@example.com", "mobile": "+49 170 1234567", "username": username,
        "agree_terms": "true",
    }  # fmt: skip


def test_a_customer_registers_buys_and_becomes_a_member(
    cast: Cast,
    wish: dict[str, Any],
    stranger: Client,
    office_sets: Callable[..., None],
    product: Callable[[str], int],
    installation: Installation,
) -> None:
    """Everything with an api_key alone until the password is chosen; the row stays the same."""
    office_sets(customer_signup=True)
    answer = stranger.call("POST", "customers/", data=wish)
    assert (answer.status_code, data(answer)) == (201, {"username": wish["username"]})
    customer = Member.objects.get(user__username=wish["username"])
    assert (customer.kind, customer.member_since) == ("retail", None)
    assert not customer.user.has_usable_password()
    event = Event.objects.filter(kind="customer.registered").latest("pk")
    assert event.data == {
        "member_id": customer.pk, "sponsor_id": cast.ben.id, "class": "retail"
    }  # fmt: skip
    mail = Mail.objects.get(user_id=customer.pk)
    assert (mail.kind, mail.to_address) == ("customer_welcome", wish["email"])
    signing_in = {"username": wish["username"], "password": PASSWORD}
    refused(stranger.post("auth/access/", **signing_in), 401, "1003")

    secret = actions.make_link(customer.pk, LinkPurpose.LOGIN_PASSWORD)
    set_by_link(f"{installation.base_url}/link/login-password/{secret}/", PASSWORD, PASSWORD)
    carl = Client(stranger.base_url, stranger.api_key)
    carl.sign_in(wish["username"], PASSWORD)
    assert carl.post("cart/shipping_address/", **ADDRESS).status_code == 204
    assert carl.post("cart/products/", product_id=product("soap"), quantity=1).status_code == 204
    assert carl.post("cart/checkout/").status_code == 204
    order = Order.objects.get(member_id=customer.pk)
    order_decisions.approve_order(UnitOfWork(Shell()), order.number)
    order.refresh_from_db()
    assert (order.status, order.volume_member_id) == ("complete", cast.ben.id)

    join(customer.pk, placement=cast.dan.username, side="L")
    customer.refresh_from_db()
    assert (customer.kind, customer.user.username) == ("member", wish["username"])
    assert data(carl.get("profile/"))["sponsor_user"] == cast.ben.username
    order.refresh_from_db()
    assert order.volume_member_id == cast.ben.id
    assert list(invariants.check()) == []


def test_nobody_registers_where_the_office_has_not_opened_it(
    cast: Cast,
    wish: dict[str, Any],
    stranger: Client,
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    with nothing_changes():
        refused(stranger.call("POST", "customers/", data=wish), 401, "1002")
    office_sets(customer_signup=True, registration_open=False)
    with nothing_changes():
        refused(stranger.call("POST", "customers/", data=wish), 403, "1006")
    office_sets(registration_open=True)
    with nothing_changes():
        preferred = wish | {"kind": "preferred"}
        refused(stranger.call("POST", "customers/", data=preferred), 422, "1004", "kind")


@pytest.mark.parametrize(
    ("wrong", "code", "fields"),
    [
        ({"sponsor_username": "nobody.here"}, "1007", ["sponsor_username"]),
        ({"agree_terms": "false"}, "1004", ["agree_terms"]),
        ({"email": "carl", "mobile": ""}, "1004", ["email", "mobile"]),
        ({"username": "x"}, "1004", ["username"]),
        ({"country": "Atlantis"}, "1004", ["country"]),
    ],
)
def test_what_is_wrong_is_told_field_by_field(
    wish: dict[str, Any],
    stranger: Client,
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
    wrong: dict[str, str],
    code: str,
    fields: list[str],
) -> None:
    office_sets(customer_signup=True)
    with nothing_changes():
        refused(stranger.call("POST", "customers/", data=wish | wrong), 422, code, *fields)


def test_a_username_that_is_taken_and_a_customer_as_sponsor_are_refused(
    cast: Cast,
    wish: dict[str, Any],
    stranger: Client,
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    office_sets(customer_signup=True)
    other = customer_of(cast.ben)
    with nothing_changes():
        taken = wish | {"username": cast.cleo.username.upper()}
        refused(stranger.call("POST", "customers/", data=taken), 422, "1010", "username")
        under = wish | {"sponsor_username": other.username}
        refused(stranger.call("POST", "customers/", data=under), 422, "1007", "sponsor_username")
        refused(other.client.call("POST", "customers/", data=wish), 403, "1101")


def test_a_member_registers_customers_of_the_own_team_only(
    cast: Cast, wish: dict[str, Any], office_sets: Callable[..., None]
) -> None:
    office_sets(preferred_signup=True)
    refused(cast.cleo.client.call("POST", "customers/", data=wish), 422, "1007", "sponsor_username")
    preferred = wish | {"kind": "preferred"}
    assert cast.ben.client.call("POST", "customers/", data=preferred).status_code == 201
    assert Member.objects.get(user__username=wish["username"]).kind == "preferred"


def test_registrations_are_counted_with_signups(
    wish: dict[str, Any],
    stranger: Client,
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    office_sets(customer_signup=True, signup_limit=1)
    assert stranger.call("POST", "customers/", data=wish).status_code == 201
    again = wish | {"username": unique("carl")}
    with nothing_changes():
        refused(stranger.call("POST", "customers/", data=again), 429, "1104")


def test_a_repeated_registration_makes_one_customer(
    wish: dict[str, Any], stranger: Client, office_sets: Callable[..., None]
) -> None:
    office_sets(customer_signup=True)
    key = {"Idempotency-Key": unique("register")}
    first, again = (stranger.call("POST", "customers/", data=wish, headers=key) for _ in range(2))
    assert first.json() == again.json()
    assert again.headers["Idempotency-Hit"] == "true"
    assert Member.objects.filter(email=wish["email"]).count() == 1


def test_a_shop_reads_what_it_needs_with_its_api_key(
    cast: Cast, stranger: Client, office_sets: Callable[..., None]
) -> None:
    office_sets(customer_signup=True)
    assert stranger.get("package/cart/").status_code == 200
    assert stranger.get("countries/").status_code == 200
    refused(stranger.get("package/membership/"), 401, "1002")
    refused(stranger.get("signup/fee/"), 401, "1002")


def test_a_members_link_leads_to_the_shop(
    cast: Cast, installation: Installation, office_sets: Callable[..., None]
) -> None:
    link = data(cast.ben.client.get("customers/link/"))["link"]
    assert link == f"{installation.base_url}/r/{cast.ben.username}"
    joining = httpx.get(link)
    assert joining.status_code == 302
    assert joining.headers["Location"] == f"/join/{cast.ben.username}/"
    office_sets(customer_link="https://shop.example/join?sponsor={username}&from=link")
    led = httpx.get(link)
    assert led.status_code == 302
    address = f"https://shop.example/join?sponsor={cast.ben.username}&from=link"
    assert led.headers["Location"] == address
    customer = customer_of(cast.ben)
    refused(customer.client.get("customers/link/"), 403, "1101")
    for name in ("nobody.here", customer.username):
        led = httpx.get(f"{installation.base_url}/r/{name}", follow_redirects=True)
        assert led.status_code == 404


def test_new_people_belong_to_the_market_of_their_country(
    cast: Cast,
    wish: dict[str, Any],
    newcomer: dict[str, Any],
    stranger: Client,
    office_sets: Callable[..., None],
    product: Callable[[str], int],
) -> None:
    """Who names no country, or one of no market, is in the sponsor's."""
    office_sets(customer_signup=True)
    japan = open_japan()
    market = Market.objects.get(pk=japan)
    facts = {"name": market.name, "seller": market.seller, "seller_address": "Tokyo",
             "seller_tax_number": "T1", "language": "ja"}  # fmt: skip
    selling.change_market(UnitOfWork(Shell()), japan, None, [JAPAN], **facts)
    home = Member.objects.get(pk=cast.ben.id).market_id
    for country, expected in (("Japan", japan), (str(JAPAN), japan), ("", home), ("France", home)):
        name = unique("carl")
        asked = wish | {"username": name, "email": f"{name}@example.com", "country": country}
        assert stranger.call("POST", "customers/", data=asked).status_code == 201
        assert Member.objects.get(user__username=name).market_id == expected, country
    refused(cast.anna.client.call("POST", "signup/", data=newcomer | {"country": "Japan"}), 422,
            "1012", "product_id")  # fmt: skip
    set_price(product("starter"), japan, 15_000)
    abroad = newcomer | {"country": "Japan"}
    refused(cast.anna.client.call("POST", "signup/", data=abroad), 422, "1004")
    today = company.today()
    market_rates.add_rate(UnitOfWork(Shell()), japan, 160_000_000, None, today)
    paid = abroad | {"payment_method": "ewallet"}
    refused(cast.anna.client.call("POST", "signup/", data=paid), 422, "1014")
    joined = cast.anna.client.call("POST", "signup/", data=newcomer | {"country": "Japan"})
    assert joined.status_code == 201, joined.text
    made = Member.objects.get(user__username=newcomer["username"])
    assert (made.market_id, made.country_id) == (japan, JAPAN)
    order = Order.objects.get(member_id=made.pk)
    assert (order.currency, order.total_amount) == ("JPY", 15_000 + 160 * 10)
    assert list(invariants.check()) == []
