"""A further position bought with an order: from the cart, in the office, paid now or later."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from attacks.parallel import Gate, at_once
from attacks.planted import faulty_server
from genealogy.racing import broken
from support.cast import Cast, Player, enrol, unique
from support.client import Client, data, refused
from support.customers import customer_of
from support.installation import (
    PASSWORD,
    STAFF,
    STAFF_PASSWORD,
    TRANSACTION_PASSWORD,
    Installation,
    Server,
)
from support.moves import ADDRESS, balances
from support.office import Visitor
from support.wares import put_on_sale
from upline.base.actors import Shell
from upline.base.models import AuditEntry
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package
from upline.events.models import Event
from upline.flows import blocking, order_decisions, refunding
from upline.genealogy.models import PlacementFact, Position, PositionFact
from upline.mailings.models import Mail
from upline.members.models import Member
from upline.orders.models import Order
from upline.payments.models import Surplus
from upline.screens import leaving

FROM_WALLET = {"payment_method": "ewallet", "transaction_password": TRANSACTION_PASSWORD}
ASKED = 6


@pytest.fixture(autouse=True)
def three_positions(office_sets: Any) -> None:
    office_sets(positions_max=3)


@pytest.fixture
def olga(installation: Installation) -> Visitor:
    """Staff, signed in to the office."""
    visitor = Visitor(installation.base_url)
    visitor.sign_in(STAFF, STAFF_PASSWORD)
    return visitor


@pytest.fixture
def centre() -> Iterator[Package]:
    """A product of 100.00 that opens a position."""
    code = unique("C-centre")
    made = put_on_sale(code, 10_000, kind="cart", name="Centre", points=5_000, opens_position=True)
    yield made
    Package.objects.filter(pk=made.pk).update(active=False)


def order(buyer: Player, centre: Package, quantity: int = 1, **asked: Any) -> Any:
    """Check this product out; the answer."""
    buyer.client.delete("cart/products/all/")
    buyer.client.post("cart/products/", product_id=centre.pk, quantity=quantity)
    buyer.client.post("cart/shipping_address/", **ADDRESS)
    return buyer.client.post("cart/checkout/", **asked)


def ordered(buyer: Player, centre: Package, **asked: Any) -> Any:
    """The order's row, once the checkout has succeeded."""
    answer = order(buyer, centre, **asked)
    assert answer.status_code == 204, answer.text
    return Order.objects.filter(member_id=buyer.id, kind="checkout").latest("pk")


def opened(buyer: Player) -> Any:
    return Position.objects.filter(member_id=buyer.id, number__gt=1).latest("number")


def test_a_position_opens_in_the_place_that_its_order_names(
    cast: Cast, centre: Package, fill: Any
) -> None:
    dan = cast.dan
    fill(dan, "100.00")
    place = {"placement_position_id": dan.id, "position": "r"}
    made = ordered(dan, centre, **FROM_WALLET, **place)
    position = opened(dan)
    assert (position.parent_id, position.side, position.number) == (dan.id, 2, 2)
    shown = data(dan.client.get(f"orders/{made.number}/"))
    assert (shown["status"], shown["opened_position_id"]) == ("complete", position.pk)
    assert shown["position_id"] == dan.id, "it counts at the first one"
    assert PlacementFact.objects.get(position_id=position.pk).member_id == dan.id
    told = Event.objects.get(kind="position.opened", subject=f"member:{dan.id}")
    assert told.data == {"member_id": dan.id, "position_id": position.pk, "parent_id": dan.id,
                         "side": 2, "order_number": made.number}  # fmt: skip
    entry = AuditEntry.objects.get(event="position.opened", member_id=dan.id)
    assert entry.facts["changes"] == {"positions": {"before": 1, "after": 2}}
    assert (entry.facts["order"], entry.by_member_id) == (made.number, dan.id)
    mail = Mail.objects.get(event_id=told.pk)
    assert (mail.kind, mail.user_id) == ("position_opened", dan.id)
    assert mail.facts["position"] == f"{dan.username}/2"
    assert broken() == []


def test_a_position_without_a_named_place_opens_at_the_end_of_a_leg(
    cast: Cast, centre: Package, fill: Any
) -> None:
    ben, dan = cast.ben, cast.dan
    fill(ben, "200.00")
    ordered(ben, centre, **FROM_WALLET)
    assert (opened(ben).parent_id, opened(ben).side) == (dan.id, 1), "the preferred leg"
    ordered(ben, centre, **FROM_WALLET, position="R")
    assert (opened(ben).parent_id, opened(ben).side) == (ben.id, 2)
    assert broken() == []


def test_an_unpaid_order_opens_nothing_and_reserves_no_place(cast: Cast, centre: Package) -> None:
    dan = cast.dan
    made = ordered(dan, centre, placement_position_id=dan.id, position="L")
    assert not Position.objects.filter(member_id=dan.id, number=2).exists()
    assert data(dan.client.get(f"orders/{made.number}/"))["opened_position_id"] is None
    newcomer = enrol(dan.username, unique("gina"), dan.username, "L")
    order_decisions.approve_order(UnitOfWork(Shell()), made.number)
    assert (opened(dan).parent_id, opened(dan).side) == (newcomer, 1), "the end of that side"
    assert broken() == []


@pytest.mark.parametrize(
    ("place", "code", "field"),
    [
        ({"placement_position_id": "ben", "position": "L"}, "1009", "placement_position_id"),
        ({"placement_position_id": "dan"}, "1004", "position"),
        ({"placement_position_id": "dan", "position": "L"}, "1008", "position"),
        ({"position": "X"}, "1004", "position"),
    ],
)
def test_a_place_that_is_not_theirs_or_taken_is_refused(
    place: dict[str, str], code: str, field: str,
    cast: Cast, centre: Package, fill: Any, nothing_changes: Any,
) -> None:  # fmt: skip
    dan = cast.dan
    fill(dan, "100.00")
    enrol(dan.username, unique("gina"), dan.username, "L")
    named = place.get("placement_position_id", "")
    asked = place | ({"placement_position_id": getattr(cast, named).id} if named else {})
    dan.client.post("cart/products/", product_id=centre.pk, quantity=1)
    dan.client.post("cart/shipping_address/", **ADDRESS)
    with nothing_changes():
        refused(dan.client.post("cart/checkout/", **FROM_WALLET, **asked), 422, code, field)


def test_a_cart_that_opens_no_position_names_no_place(
    cast: Cast, product: Any, nothing_changes: Any
) -> None:
    dan = cast.dan
    dan.client.post("cart/products/", product_id=product("soap"), quantity=1)
    dan.client.post("cart/shipping_address/", **ADDRESS)
    with nothing_changes():
        refused(dan.client.post("cart/checkout/", position="L"), 422, "1004", "position")


def test_an_order_opens_one_position_and_a_customer_none(cast: Cast, centre: Package) -> None:
    said = refused(order(cast.dan, centre, quantity=2), 422, "1012", "product_id")
    assert "one Centre at a time" in said["product_id"]
    carl = customer_of(cast.ben)
    refused(order(carl, centre), 422, "1012", "product_id")
    assert not Order.objects.filter(member_id__in=[cast.dan.id, carl.id], kind="checkout").exists()


def test_unpaid_orders_count_for_how_many_positions_a_member_can_hold(
    cast: Cast, centre: Package, office_sets: Any
) -> None:
    dan = cast.dan
    office_sets(positions_max=2)
    first = ordered(dan, centre)
    said = refused(order(dan, centre), 422, "1012", "product_id")
    assert "holds 1 and has ordered 1 more" in said["product_id"]
    assert dan.client.delete(f"orders/{first.number}/").status_code == 204
    second = ordered(dan, centre)
    office_sets(positions_max=1)
    order_decisions.approve_order(UnitOfWork(Shell()), second.number)
    assert opened(dan).number == 2, "what was sold is opened"


def test_who_lacks_the_rank_or_is_not_active_buys_no_position(
    cast: Cast, centre: Package, office_sets: Any
) -> None:
    dan = cast.dan
    office_sets(positions_rank="Silver")
    said = refused(order(dan, centre), 422, "1012", "product_id")
    assert "needs the rank Silver" in said["product_id"]
    Member.objects.filter(pk=dan.id).update(rank_name="Silver")
    ordered(dan, centre)
    office_sets(positions_need_activity=True)
    said = refused(order(dan, centre), 422, "1012", "product_id")
    assert "active member" in said["product_id"]


def test_who_waits_for_a_place_buys_no_position(
    cast: Cast, centre: Package, office_sets: Any, installation: Installation
) -> None:
    office_sets(holding_days=7)
    name = unique("wanda")
    waiting = enrol(cast.ben.username, name, waits=True)
    client = Client(installation.base_url, installation.api_key)
    client.sign_in(name, PASSWORD)
    refused(order(Player(waiting, name, client), centre), 422, "1012", "product_id")


def test_a_refund_closes_the_position_that_the_order_opened(
    cast: Cast, centre: Package, fill: Any, olga: Visitor
) -> None:
    dan = cast.dan
    fill(dan, "100.00")
    made = ordered(dan, centre, **FROM_WALLET)
    page, line = f"/orders/order/{made.pk}/", made.lines.get()
    assert f"{dan.username}/2" in olga.get(page).text
    asked = {f"line_{line.pk}": "1", "reason": "changed his mind"}
    preview = olga.post(f"{page}refund/", olga.filled(f"{page}refund/", **asked, preview="on"))
    assert f"Position {dan.username}/2" in preview.text
    assert "stays in the tree and no longer earns" in preview.text
    assert opened(dan).status == "open", "a preview changes nothing"
    olga.press(f"{page}refund/", **asked)
    assert balances(dan)[0] == "100"
    position = opened(dan)
    (fact,) = PositionFact.objects.filter(position_id=position.pk)
    assert (fact.status, fact.order_number, fact.by_kind) == ("closed", made.number, "staff")
    entry = AuditEntry.objects.get(event="position.closed", member_id=dan.id)
    assert entry.facts["changes"] == {"status": {"before": "open", "after": "closed"}}
    assert (entry.facts["order"], entry.facts["reason"]) == (made.number, "changed his mind")
    shown = data(dan.client.get(f"orders/{made.number}/"))
    assert (shown["status"], shown["opened_position_id"]) == ("refunded", position.pk)
    held = data(dan.client.get("network/positions/"))["positions"]
    assert [(each["position_id"], each["status"]) for each in held] == [
        (dan.id, "open"), (position.pk, "closed"),
    ]  # fmt: skip
    assert data(dan.client.get("profile/"))["position_status"] == "open", "of the first one"
    assert "closed" in olga.get(f"/members/member/{dan.id}/").text
    assert broken() == []


def test_staff_open_a_closed_position_again(
    cast: Cast, centre: Package, fill: Any, olga: Visitor, nothing_changes: Any
) -> None:
    dan = cast.dan
    page = f"/members/member/{dan.id}/"
    fill(dan, "100.00")
    made = ordered(dan, centre, **FROM_WALLET)
    assert "Open position again" not in olga.get(page).text
    lines = {made.lines.get().pk: 1}
    refunding.refund_order(UnitOfWork(Shell()), made.number, lines, "by mistake")
    assert "Open position again" in olga.get(page).text
    with nothing_changes():
        for wrong in (cast.ben.username, f"{dan.username}/7"):
            form = olga.filled(f"{page}reopen/", closed_position=wrong, reason="a mistake")
            assert "no such position" in olga.post(f"{page}reopen/", form).text
        form = olga.filled(f"{page}reopen/", closed_position=dan.username, reason="a mistake")
        assert "This position is open." in olga.post(f"{page}reopen/", form).text
    said = olga.press(f"{page}reopen/", closed_position=f"{dan.username}/2", reason="a mistake")
    assert said == f"Position {dan.username}/2 is open."
    assert opened(dan).status == "open"
    assert AuditEntry.objects.filter(event="position.reopened", member_id=dan.id).count() == 1
    statuses = PositionFact.objects.filter(position_id=opened(dan).pk).order_by("since", "pk")
    assert [fact.status for fact in statuses] == ["closed", "open"]
    assert "Open position again" not in olga.get(page).text
    assert broken() == []


def test_money_for_a_position_of_an_ended_membership_goes_to_the_shopping_balance(
    cast: Cast, centre: Package
) -> None:
    cleo = cast.cleo
    made = ordered(cleo, centre)
    blocking.block_member(UnitOfWork(Shell()), cleo.id, "a test")
    remains = leaving.remains(cleo.id)
    assert "unpaid order" in remains
    blocking.close_member(UnitOfWork(Shell()), cleo.id, "a test", remains)
    order_decisions.record_payment(UnitOfWork(Shell()), made.number, 10_000, unique("bank"))
    made.refresh_from_db()
    assert made.status == "cancelled"
    assert Surplus.objects.get(payment__order_id=made.pk).amount == 10_000
    assert not Position.objects.filter(member_id=cleo.id, number=2).exists()


def test_staff_order_a_position_and_see_what_it_opened(
    cast: Cast, centre: Package, olga: Visitor
) -> None:
    dan = cast.dan
    page = f"/members/member/{dan.id}/order/"
    asked = {"products": f"{centre.code} 1", "placement_username": dan.username}
    olga.press(page, **asked, position="2")
    made = Order.objects.get(member_id=dan.id, kind="office")
    shown = olga.get(f"/orders/order/{made.pk}/").text
    assert "Opens a position" in shown
    assert f"below {dan.username}, right" in shown
    order_decisions.approve_order(UnitOfWork(Shell()), made.number)
    assert (opened(dan).parent_id, opened(dan).side) == (dan.id, 2)
    assert "Opened position" in olga.get(f"/orders/order/{made.pk}/").text


def test_positions_ordered_at_once_are_no_more_than_the_settings_allow(
    installation: Installation, cast: Cast, centre: Package, office_sets: Any
) -> None:
    office_sets(positions_max=2)
    answers = order_at_once(installation.server, cast.dan, centre)
    assert answers == Counter({302: 1, 200: ASKED - 1})
    assert Order.objects.filter(member_id=cast.dan.id, kind="office").count() == 1


def test_the_race_of_positions_notices_a_count_that_is_not_held(
    installation: Installation, cast: Cast, centre: Package, office_sets: Any
) -> None:
    office_sets(positions_max=2)
    with faulty_server(installation, "position_order") as server:
        assert order_at_once(server, cast.dan, centre)[302] > 1


def order_at_once(server: Server, buyer: Player, centre: Package) -> Counter[int]:
    """Staff order a position for a member so many times at once; how often each answer came."""
    olga = Visitor(server.base_url)
    olga.sign_in(STAFF, STAFF_PASSWORD)
    page = f"/members/member/{buyer.id}/order/"
    forms = [olga.filled(page, products=f"{centre.code} 1") for _ in range(ASKED)]
    gate = Gate(ASKED, "genealogy_position, orders_order", server.database)
    answers = at_once([partial(olga.post, page, form) for form in forms], gate)
    return Counter(answer.status_code for answer in answers)
