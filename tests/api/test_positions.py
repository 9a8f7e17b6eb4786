"""Members with several positions: which ones they hold, and at which an order counts."""

from typing import Any

import pytest

from support.cast import Cast, Player, unique
from support.client import Client, data, refused
from support.installation import PASSWORD, Installation
from support.moves import ADDRESS
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import opening
from upline.orders.models import Order


@pytest.fixture(autouse=True)
def three_positions(office_sets: Any) -> None:
    office_sets(positions_max=3)


@pytest.fixture
def second(cast: Cast) -> int:
    """dan's second position, below the first one's left side."""
    wish = opening.PositionRequest(cast.dan.id, cast.dan.username, 1)
    return opening.open_position(UnitOfWork(Shell()), wish, "a test").id


@pytest.fixture
def shop(cast: Cast, installation: Installation) -> Client:
    """dan, signed in through the outside shop, whose api_key may report orders."""
    client = Client(installation.base_url, installation.store_api_key)
    client.sign_in(cast.dan.username, PASSWORD)
    return client


def sale(**other: Any) -> dict[str, Any]:
    totals = {"order_id": unique("shop-"), "total_amount": "49.90", "total_quantity": "1",
              "total_pv": "31.25"}  # fmt: skip
    return totals | other


def ordered(member: Player, product: Any, **asked: Any) -> Any:
    member.client.post("cart/products/", product_id=product("soap"), quantity=2)
    member.client.post("cart/shipping_address/", **ADDRESS)
    return member.client.post("cart/checkout/", **asked)


def test_members_see_their_positions_and_the_branch_below_each(cast: Cast, second: int) -> None:
    dan, client = cast.dan, cast.dan.client
    first_one, further = data(client.get("network/positions/"))["positions"]
    assert list(further) == [
        "position_id", "number", "parent", "parent_position_id", "position", "opened", "status",
    ]  # fmt: skip
    assert (first_one["position_id"], first_one["parent"]) == (dan.id, cast.ben.username)
    assert list(further.values())[:5] == [second, 2, dan.username, dan.id, "L"]
    nodes = data(client.get("network/tree/", position_id=second))["nodes"]
    assert [(node["position_id"], node["depth"]) for node in nodes] == [(second, 0)]
    assert data(client.get("network/tree/", position_id=dan.id, username=dan.username)) == data(
        client.get("network/tree/")
    )


def test_a_position_outside_the_team_or_of_another_is_404(cast: Cast, second: int) -> None:
    dan, ben = cast.dan.client, cast.ben
    for asked in ({"position_id": ben.id}, {"position_id": 10**15}):
        refused(dan.get("network/tree/", **asked), 404, "1102")
    refused(ben.client.get("network/tree/", username=ben.username, position_id=second), 404, "1102")


def test_an_order_counts_at_the_position_that_checkout_names(
    cast: Cast, second: int, product: Any, nothing_changes: Any
) -> None:
    dan = cast.dan
    with nothing_changes():
        refused(dan.client.post("cart/checkout/", position_id=cast.ben.id), 422, "1110")
    address = ordered(dan, product).headers["Location"].removeprefix("/api/")
    named = ordered(dan, product, position_id=second).headers["Location"].removeprefix("/api/")
    assert list(data(dan.client.get(named)))[-3:] == [
        "position_id", "opened_position_id", "currency",
    ]  # fmt: skip
    assert data(dan.client.get(named))["position_id"] == second
    assert data(dan.client.get(address))["position_id"] == dan.id
    dan.client.post("cart/products/", product_id=product("soap"), quantity=1)
    with nothing_changes():
        foreign = dan.client.post("cart/checkout/", position_id=cast.ben.id)
        refused(foreign, 422, "1004", "position_id")


def test_a_shop_reports_at_which_position_a_sale_counts(
    cast: Cast, second: int, shop: Client, nothing_changes: Any
) -> None:
    sold = sale(position_id=second)
    assert shop.post("order/", **sold).status_code == 204
    assert Order.objects.get(outside_id=sold["order_id"]).position_id == second
    with nothing_changes():
        assert shop.post("order/", **sold).status_code == 204, "the same again"
        refused(
            shop.post("order/", **sold | {"position_id": cast.dan.id}), 422, "1107", "position_id"
        )
        foreign = sale(position_id=cast.ben.id)
        refused(shop.post("order/", **foreign), 422, "1004", "position_id")
    plain = sale()
    assert shop.post("order/", **plain).status_code == 204
    shown = data(cast.dan.client.get("orders/"))["orders"]
    assert [order["position_id"] for order in shown[:2]] == [cast.dan.id, second]


def test_completing_an_own_order_at_another_position_than_its_own_is_1107(
    cast: Cast, second: int, product: Any, nothing_changes: Any
) -> None:
    dan = cast.dan
    number = ordered(dan, product).headers["Location"].removeprefix("/api/orders/").strip("/")
    totals = {"order_id": number, "total_amount": "25.00", "total_quantity": "2"}
    wrong = totals | {"total_pv": "20.00", "position_id": str(second)}
    with nothing_changes():
        refused(dan.client.post("order/", **wrong), 422, "1107", "position_id")
        refused(dan.client.post("order/", **wrong | {"position_id": str(dan.id)}), 422, "1014")
