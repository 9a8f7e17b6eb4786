"""Each change that others may want to know writes its event, with nothing that names a person."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from support.cast import Cast, Player, enrol, unique
from support.client import data
from support.moves import ADDRESS, pay_in
from upline.base import clock, sql
from upline.base.actors import Shell
from upline.base.event_kinds import DESCRIBED, EventKind
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.events.models import Event
from upline.flows import blocking, erasing, housekeeping, order_decisions
from upline.mailings import actions as mailings
from upline.mailings.models import Mail, MailKind
from upline.orders.models import Order


@contextmanager
def told() -> Iterator[list[tuple[str, str, dict[str, Any]]]]:
    """Kind, subject and data of the events that are written inside, in order."""
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    found: list[tuple[str, str, dict[str, Any]]] = []
    yield found
    new = Event.objects.filter(pk__gt=last).order_by("pk")
    found.extend((each.kind, each.subject, each.data) for each in new)


def order_soap(member: Player, product: Callable[[str], int]) -> str:
    """An order of one piece from the cart; its number."""
    member.client.post("cart/products/", product_id=product("soap"), quantity=1)
    member.client.post("cart/shipping_address/", **ADDRESS)
    answer = member.client.post("cart/checkout/")
    assert answer.status_code == 204, answer.text
    return str(answer.headers["Location"]).rstrip("/").rpartition("/")[2]


def test_each_event_has_the_data_that_its_kind_names(cast: Cast) -> None:
    for event in Event.objects.all():
        assert event.data.keys() == set(DESCRIBED[EventKind(event.kind)].data), event


def test_a_payment_and_its_way_back_are_told(cast: Cast, fill: Any) -> None:
    fill(cast.anna, "20.00")
    with told() as found:
        pay_in(cast.anna, "20.00")
        cast.anna.client.post("ewallet/payment/refund/")
    money = {"member_id": cast.anna.id, "amount": 2000, "currency": "EUR"}
    subject = found[0][1]
    assert found == [
        ("payment.received", subject, money | {"payer_id": cast.anna.id, "provider": "wallet"}),
        ("payment.returned", subject, money),
    ]


def test_a_payment_that_is_refused_tells_nothing(cast: Cast) -> None:
    with told() as found:
        answer = cast.anna.client.post(
            "ewallet/payment/", payment_amount="20.00", purpose="purchase",
            ewallet_username=cast.anna.username, transaction_password="wrong one, sorry",
        )  # fmt: skip
        assert answer.status_code == 422
    assert found == []


def test_a_payment_from_an_epin_names_whose_it_was(cast: Cast, give_epin: Any) -> None:
    code = give_epin(cast.anna, "30.00")
    with told() as found:
        cast.anna.client.post("epin/payment/", payment_amount="30.00", epin_code=code)
    (kind, _, what) = found[0]
    assert (kind, what["payer_id"], what["amount"]) == ("payment.received", cast.anna.id, 3000)


def test_an_order_is_placed_then_complete_and_its_cart_is_nobodys_business(
    cast: Cast, fill: Any, product: Callable[[str], int]
) -> None:
    fill(cast.anna, "100.00")
    with told() as before:
        cast.anna.client.post("cart/products/", product_id=product("soap"), quantity=2)
        cast.anna.client.put("cart/products/", product_id=product("soap"), quantity=1)
        cast.anna.client.delete("cart/products/all/")
    pay_in(cast.anna, "100.00")
    with told() as found:
        number = order_soap(cast.anna, product)
    order = Order.objects.get(number=number)
    what = {
        "member_id": cast.anna.id,
        "order_kind": "checkout",
        "amount": order.total_amount,
        "currency": "EUR",
        "points": order.total_points,
    }
    day = {"business_date": company.today().isoformat(), "volume_member_id": cast.anna.id}
    assert before == []
    assert found == [
        ("order.placed", f"order:{number}", what),
        ("order.completed", f"order:{number}", what | day),
    ]


def test_an_order_that_is_cancelled_or_lapses_is_told_once(
    cast: Cast, product: Callable[[str], int]
) -> None:
    cancelled, lapsed = order_soap(cast.anna, product), order_soap(cast.anna, product)
    sql.run(
        "UPDATE orders_order SET lapses_at = %s WHERE number = %s",
        [clock.now() - timedelta(minutes=1), lapsed],
    )
    with told() as found:
        cast.anna.client.delete(f"orders/{cancelled}/")
        housekeeping.let_time_pass()
        housekeeping.let_time_pass()
        cast.anna.client.delete(f"orders/{cancelled}/")
    ours = {"member_id": cast.anna.id}
    assert [each for each in found if each[2] == ours] == [
        ("order.cancelled", f"order:{cancelled}", ours),
        ("order.cancelled", f"order:{lapsed}", ours),
    ]


def test_a_member_who_joins_is_told_with_the_sponsor(cast: Cast) -> None:
    with told() as found:
        new_id = enrol(cast.anna.username, unique("zoe"))
    kinds = {kind: what for kind, _, what in found}
    assert kinds["member.joined"]["member_id"] == new_id
    assert kinds["member.joined"]["sponsor_id"] == cast.anna.id
    assert kinds["order.placed"]["order_kind"] == "membership"
    assert data(cast.anna.client.get("profile/"))["username"] not in str(found)


# --- What is delivered of them, and what never is in them -----------------------------------------


def test_a_mail_names_the_event_that_it_delivers(cast: Cast, fill: Any) -> None:
    fill(cast.anna, "20.00")
    with told() as found:
        pay_in(cast.ben, "5.00", owner=cast.anna)
    mail = Mail.objects.filter(user_id=cast.anna.id, kind="wallet_paid").latest("pk")
    assert mail.event_id is not None
    event = Event.objects.get(pk=mail.event_id)
    assert [(event.kind, event.subject, event.data)] == found
    assert (event.data["member_id"], event.data["payer_id"]) == (cast.ben.id, cast.anna.id)


def test_a_mail_of_an_event_cannot_be_written_without_it(cast: Cast) -> None:
    before = Mail.objects.count()
    with pytest.raises(ValueError, match="welcome delivers an event"):
        mailings.write(MailKind.WELCOME, cast.anna.id, "anna@example.com")
    assert Mail.objects.count() == before


def test_a_profile_that_changes_tells_which_fields_and_no_value(cast: Cast) -> None:
    name = unique("Canary")
    with told() as found:
        answer = cast.anna.client.put(
            "profile/personal/", firstname=name, gender="F", date_of_birth="1987-03-12"
        )
        assert answer.status_code == 204, answer.text
    (kind, subject, what) = found[0]
    assert (kind, subject) == ("personal.changed", f"member:{cast.anna.id}")
    assert "firstname" in what["fields"]
    assert name not in str(found)


def test_who_was_blocked_and_erased_is_in_events_by_number_alone(cast: Cast, fill: Any) -> None:
    cleo, name = cast.cleo, unique("Canary")
    cleo.client.put("profile/personal/", firstname=name, gender="F", date_of_birth="1987-03-12")
    cleo.client.post("cart/shipping_address/", **ADDRESS | {"name": name})
    blocking.block_member(UnitOfWork(Shell()), cleo.id, f"{name} asked to leave")
    about = Event.objects.filter(data__member_id=cleo.id)
    before = list(about.values_list("pk", "kind", "subject", "data").order_by("pk"))
    assert {"member.joined", "personal.changed", "member.blocked"} <= {row[1] for row in before}
    for order in Order.objects.filter(member_id=cleo.id, status="awaiting_payment"):
        order_decisions.cancel_order(UnitOfWork(Shell()), order.number)
    erasing.erase(UnitOfWork(Shell()), cleo.username)
    after = list(about.values_list("pk", "kind", "subject", "data").order_by("pk"))
    assert after[: len(before)] == before
    assert ("member.erased", f"member:{cleo.id}") in {(row[1], row[2]) for row in after}
    everything = str(list(Event.objects.values_list("kind", "subject", "data")))
    for word in (name, cleo.username, f"{cleo.username}@example.com"):
        assert word not in everything


def test_each_step_of_a_run_is_one_event_however_many_it_pays(cast: Cast) -> None:
    for kind in EventKind:
        if kind.startswith("run.") and kind != EventKind.RUN_FORFEITED:
            assert "member_id" not in DESCRIBED[kind].data
