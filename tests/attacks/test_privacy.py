"""Two members, and every call there is: neither sees or changes what is the other's."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import httpx
import pytest

from attacks import hostile_files
from attacks.policy import CLIENT, MEMBER, POLICY, PUBLIC, World
from support.approved_runs import approved_run
from support.cast import Cast, Player, unique
from support.client import Client, data, document, refused
from support.installation import PASSWORD, STAFF, STAFF_PASSWORD, TRANSACTION_PASSWORD, Installation
from support.moves import ask_payout, pay_in, signup_fields
from upline.base import sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import configuring
from upline.members.models import User

OWNED = [route for route, line in POLICY.items() if line.own]
# What somebody might hope to set along with a call.
EXTRAS = {
    "id": "1",
    "user_id": "1",
    "member": "1",
    "member_id": "1",
    "owner_id": "1",
    "client_id": "1",
    "is_staff": "true",
    "is_superuser": "true",
    "permissions": "orders:report",
    "standing": "closed",
    "kyc_state": "verified",
    "rank_name": "Crown",
    "rank": "Crown",
    "balance": "1000000",
    "purchase_balance": "1000000",
    "amount": "0.01",
    "status": "complete",
    "business_date": "2020-01-01",
    "sponsor_id": "1",
    "placement_user": "acme",
    "profile_image": "http://127.0.0.1/x.png",
    "preferred_side": "2",
    "bank_sealed": "x",
    "is_default": "true",
}


@pytest.fixture
def world(
    player: Callable[..., Player],
    fill: Callable[[Player, str], None],
    give_epin: Callable[..., str],
    product: Callable[[str], int],
) -> World:
    return new_world(player, fill, give_epin, product)


@pytest.fixture(scope="module")
def kept_world(
    player: Callable[..., Player],
    fill: Callable[[Player, str], None],
    give_epin: Callable[..., str],
    product: Callable[[str], int],
) -> World:
    """For calls that change nothing in it."""
    return new_world(player, fill, give_epin, product)


def new_world(player: Callable[..., Player], fill: Any, give_epin: Any, product: Any) -> World:
    vera, erik = player("vera", position="L"), player("erik", position="R")
    made = World(vera, erik, soap=product("soap"), starter=product("starter"))
    for who, things in ((made.vera, made.veras), (made.erik, made.eriks)):
        things |= furnish(who, made.soap)
        fill(who, "300.00")
        things["epin_code"] = give_epin(who, "200.00")
        pay_in(who, "20.00")
        things["payout_id"] = data(ask_payout(who, "5.00"))["payout_id"]
        things["earning_id"] = approved_run(who.id)
    made.eriks["waiting"] = enrol_who_waits(erik, made.starter)
    return made


def enrol_who_waits(sponsor: Player, package_id: int) -> str:
    """A new member without a placement; the sponsor can choose it. The username."""
    fields = signup_fields(sponsor.username, package_id, username=unique("wanda"))
    del fields["placement_username"], fields["position"]
    configuring.change_settings(UnitOfWork(Shell()), holding_days=7)
    try:
        return str(data(sponsor.client.post("signup/", **fields))["username"])
    finally:
        configuring.change_settings(UnitOfWork(Shell()), holding_days=0)


def furnish(who: Player, soap: int) -> dict[str, Any]:
    """An address, an order that waits, a filled cart, a picture, bank data: all with the
    owner's name on it."""
    client = who.client
    client.post(
        "cart/shipping_address/",
        name=f"{who.username} at home",
        address=f"1 {who.username} Street",
        zip_code="10115",
        city="Berlin",
        phone="030 1234567",
    )
    client.post("cart/products/", product_id=soap, quantity=1)
    client.post("cart/checkout/")
    client.post("cart/products/", product_id=soap, quantity=7)
    client.put("profile/bank/", account_holder=who.username, account_number=f"N-{who.username}")
    client.call("POST", "profile/image/", files={"image": hostile_files.picture()})
    return {
        "address_id": data(client.get("cart/shipping_address/"))["address_list"][0]["address_id"],
        "order_id": data(client.get("orders/"))["orders"][0]["order_id"],
    }


def send(
    client: Client, route: str, fields: dict[str, Any], extras: dict[str, Any] | None = None
) -> httpx.Response:
    """Make the call of a route with these fields, wherever each of them belongs."""
    method, _, template = route.partition(" ")
    in_path = set(re.findall(r"{(\w+)}", template))
    path = template.format(**fields).removeprefix("/api/")
    rest = {name: value for name, value in fields.items() if name not in in_path}
    image = rest.pop("image", None)
    rest |= extras or {}
    if method == "GET":
        return client.call(method, path, params=rest)
    files: dict[str, Any] = {"files": {"image": ("me.png", image)}} if image else {}
    # A query counts on GET and DELETE only: elsewhere it must be as if it were not there.
    query: dict[str, Any] = {"params": extras} if extras and method != "DELETE" else {}
    return client.call(method, path, data=rest, **files, **query)


# --- A line for every route ----------------------------------------------------------------


def test_every_served_route_has_a_line_in_the_policy(installation: Installation) -> None:
    served = {
        f"{method.upper()} {path}"
        for path, methods in document(installation.base_url)["paths"].items()
        for method in methods
    }
    assert served - POLICY.keys() == set(), "say in policy.py who may make these calls"
    assert POLICY.keys() - served == set(), "these calls are gone"


def test_the_document_says_who_may_call_what(installation: Installation) -> None:
    both: list[set[str]] = [{"api_key", "access_token"}, {"api_key", "bearer"}]
    said = {CLIENT: [{"api_key"}], MEMBER: both, PUBLIC: [*both, {"api_key"}]}
    for path, methods in document(installation.base_url)["paths"].items():
        for method, operation in methods.items():
            line = POLICY[f"{method.upper()} {path}"]
            assert [set(each) for each in operation["security"]] == said[line.who], path


# --- Who calls -----------------------------------------------------------------------------


def test_nobody_calls_without_an_api_key(world: World, nothing_changes: Callable[[], Any]) -> None:
    for key in ("", "upk_unknown", "' OR 1=1 --"):
        nobody = Client(world.erik.client.base_url, key, world.erik.client.access_token)
        with nothing_changes():
            for route, line in POLICY.items():
                refused(send(nobody, route, line.sends(world)), 401, "1001")


def test_members_calls_need_a_token_of_the_same_client(
    world: World, installation: Installation, nothing_changes: Callable[[], Any]
) -> None:
    shop = Client(installation.base_url, installation.store_api_key)
    shop.sign_in(world.erik.username, PASSWORD)
    for token in ("", "upt_unknown", shop.access_token, f"{world.erik.client.access_token}, x"):
        intruder = Client(installation.base_url, installation.api_key, token)
        with nothing_changes():
            for route, line in POLICY.items():
                if line.who != CLIENT:
                    refused(send(intruder, route, line.sends(world)), 401, "1002")


def test_public_signup_opens_what_it_must_and_no_more(
    world: World, stranger: Client, office_sets: Callable[..., None]
) -> None:
    office_sets(public_signup=True)
    for route, line in POLICY.items():
        answer = send(stranger, route, line.sends(world))
        if line.who == MEMBER:
            refused(answer, 401, "1002")
        else:
            assert answer.status_code != 401, route


def test_staff_have_no_token(installation: Installation, stranger: Client) -> None:
    answer = stranger.post("auth/access/", username=STAFF, password=STAFF_PASSWORD)
    refused(answer, 401, "1003")


# --- What is whose -------------------------------------------------------------------------


def sees(who: Player) -> dict[str, str]:
    """All that a member is shown of their own."""
    own = [
        route
        for route, line in POLICY.items()
        if route.startswith("GET") and line.who == MEMBER and "{" not in route
    ]
    return {route: send(who.client, route, {}).text for route in own}


def world_for(request: pytest.FixtureRequest, route: str) -> World:
    found: World = request.getfixturevalue("kept_world" if route.startswith("GET") else "world")
    return found


@pytest.mark.parametrize("route", POLICY)
def test_row_3_a_call_shows_and_changes_nothing_of_another_member(
    request: pytest.FixtureRequest, route: str
) -> None:
    world = world_for(request, route)
    before = sees(world.vera)
    answer = send(world.erik.client, route, POLICY[route].sends(world))
    assert answer.is_success, answer.text
    for secret in (world.vera.username, *map(str, world.veras.values())):
        if len(secret) > 6:  # short ids occur by chance
            assert secret not in answer.text
    assert sees(world.vera) == before


@pytest.mark.parametrize("route", OWNED)
def test_a_foreign_id_is_answered_as_a_missing_one(kept_world: World, route: str) -> None:
    world, line = kept_world, POLICY[route]
    before = sees(world.vera), sees(world.erik)
    for name in line.own:
        answers = []
        for each in (foreign_of(world, name), line.missing):
            answers.append(send(world.erik.client, route, line.sends(world) | {name: each}))
            assert (sees(world.vera), sees(world.erik)) == before, "a foreign id changed something"
        statuses = [answer.status_code for answer in answers]
        assert statuses[0] == statuses[1], f"{name}: {[answer.text for answer in answers]}"
        assert answers[0].text == answers[1].text
        assert answers[0].status_code >= 400 or "forget" in route or "personal" in route


def foreign_of(world: World, name: str) -> Any:
    return world.veras.get(name, world.vera.username)


def test_another_members_epin_pays_for_nobody_else(
    world: World, product: Callable[[str], int]
) -> None:
    """At the checkout and at a signup too, and it answers as a code that was never issued."""
    for route in ("POST /api/cart/checkout/", "POST /api/signup/"):
        fields = POLICY[route].sends(world)
        codes = (world.veras["epin_code"], "0000-0000-0000-0000")
        answers = [send(world.erik.client, route, fields | {"epin_code": code}) for code in codes]
        for answer in answers:
            refused(answer, 422, "1016")
        assert answers[0].text == answers[1].text


def test_a_cursor_of_another_member_shows_only_ones_own(world: World) -> None:
    for path in ("orders/", "epins/", "ewallet/transactions/", "payouts/", "earnings/"):
        answer = world.erik.client.get(path, cursor=str(10**17))
        assert world.vera.username not in answer.text
        assert answer.text == world.erik.client.get(path).text


def test_a_wallet_opens_with_its_own_password_only(world: World) -> None:
    fields = POLICY["POST /api/ewallet/payment/"].sends(world)
    new = "only erik knows this one"
    world.erik.client.put(
        "ewallet/password/",
        current_password=TRANSACTION_PASSWORD,
        new_password=new,
        password_confirmation=new,
    )
    stolen = fields | {"ewallet_username": world.vera.username, "transaction_password": new}
    before = sees(world.vera)
    answer = send(world.erik.client, "POST /api/ewallet/payment/", stolen)
    refused(answer, 422, "1015", "transaction_password")
    assert sees(world.vera) == before


def test_the_team_is_seen_from_above_only(cast: Cast, player: Callable[..., Player]) -> None:
    ben, dan = cast.ben.client, cast.dan.username
    assert len(data(ben.get("network/tree/", username=dan))["nodes"]) == 1
    for hidden in (cast.anna.username, cast.cleo.username, cast.erik.username, "acme"):
        refused(ben.get("network/tree/", username=hidden), 404, "1102")
    shown = ben.get("network/tree/", depth=50).text
    assert cast.anna.username not in shown
    assert cast.cleo.username not in shown


# --- Mass assignment -----------------------------------------------------------------------


class Standing(NamedTuple):
    """What no call of a member's may set."""

    id: int
    username: str
    is_staff: bool
    is_superuser: bool
    is_active: bool
    rank_name: str
    standing: str
    package_id: int | None
    joined_at: datetime
    preferred_side: int
    terms_version: int
    sponsor_id: int | None
    parent_id: int | None
    side: int | None
    depth: int
    kyc: int


def standing_of(who: Player) -> Standing | None:
    return sql.one(
        Standing,
        """SELECT person.id, person.username, person.is_staff, person.is_superuser,
                  person.is_active, member.rank_name, member.standing, member.package_id,
                  member.joined_at, member.preferred_side, member.terms_version,
                  node.sponsor_id, node.parent_id, node.side, node.depth,
                  (SELECT count(*) FROM kyc_kycreview WHERE member_id = person.id) AS kyc
           FROM members_user person JOIN members_member member ON member.user_id = person.id
           JOIN genealogy_position node ON node.id = person.id WHERE person.id = %s""",
        [who.id],
    )


def worth(who: Player) -> int:
    """All money of a member: accounts, payouts on their way, e-pins."""
    return sql.number(
        """SELECT ((SELECT sum(balance) FROM wallet_account WHERE member_id = %(id)s)
                + (SELECT coalesce(sum(amount), 0) FROM payouts_payout
                   WHERE member_id = %(id)s AND closed_at IS NULL)
                + (SELECT coalesce(sum(balance), 0) FROM epins_epin
                   WHERE owner_id = %(id)s))::bigint""",
        {"id": who.id},
    )


@pytest.mark.parametrize("route", POLICY)
def test_row_2_parameters_that_a_call_does_not_have_set_nothing(
    request: pytest.FixtureRequest, route: str
) -> None:
    world, line = world_for(request, route), POLICY[route]
    others = {
        name: str(world.vera.id) if name.endswith("id") or name == "member" else value
        for name, value in EXTRAS.items()
    } | {"username": world.vera.username, "ewallet_username": world.vera.username}
    sent = line.sends(world)
    known = parameters_of(world.erik.client.base_url, route) | sent.keys()
    extras = {name: value for name, value in others.items() if name not in known}
    before, money = sees(world.vera), worth(world.erik)
    standing = standing_of(world.erik), standing_of(world.vera)
    answer = send(world.erik.client, route, sent, extras)
    if route in LISTS_OF_OURS:
        refused(answer, 422, "1004", *extras)
    else:
        assert answer.is_success, answer.text
    assert (standing_of(world.erik), standing_of(world.vera)) == standing
    assert worth(world.erik) <= money
    assert sees(world.vera) == before
    if route == "POST /api/signup/":
        new = User.objects.latest("pk")
        assert (new.username, new.is_staff, new.is_superuser) == (sent["username"], False, False)


LISTS_OF_OURS = {
    "GET /api/ewallet/transactions/", "GET /api/epins/", "GET /api/orders/", "GET /api/payouts/",
    "GET /api/earnings/", "GET /api/earnings/{earning_id}/", "GET /api/network/tree/",
    "GET /api/network/team/",
}  # fmt: skip


def parameters_of(base_url: str, route: str) -> set[str]:
    """The names of all parameters that a route has."""
    method, _, path = route.partition(" ")
    served = document(base_url)
    operation = served["paths"][path][method.lower()]
    names = {each["name"] for each in operation.get("parameters", [])}
    for content in operation.get("requestBody", {}).get("content", {}).values():
        for each in content["schema"].get("oneOf", [content["schema"]]):
            shape = served["components"]["schemas"].get(each.get("$ref", "").rpartition("/")[2])
            names |= (shape or each).get("properties", {}).keys()
    return names


def test_a_member_cannot_make_points_of_nothing(
    world: World, nothing_changes: Callable[[], Any]
) -> None:
    """PV earns commission: only an api_key with its own permission may report it."""
    with nothing_changes():
        answer = world.erik.client.post(
            "order/",
            order_id=unique("W-"),
            total_amount="1",
            total_quantity="1",
            total_pv="1000000",
            permissions="orders:report",
        )
    refused(answer, 403, "1101")
