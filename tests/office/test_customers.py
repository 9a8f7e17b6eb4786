"""What the office does with customers."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from support.cast import Cast, outer_end, unique
from support.client import Client, data
from support.customers import customer_of
from support.installation import PASSWORD, Installation
from support.office import Visitor, problems
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.books import invariants
from upline.flows import order_decisions
from upline.mailings.models import Mail
from upline.members.models import Member
from upline.orders.models import Order

LIST = "/members/member/"


def _page(customer_id: int, button: str = "") -> str:
    return f"{LIST}{customer_id}/{button}{'/' if button else ''}"


def _fields(sponsor: str, username: str, **more: str) -> dict[str, str]:
    return {
        "sponsor": sponsor,
        "kind": "preferred",
        "firstname": "Carl",
        "lastname": "Example",
        "email": f"{username}@example.com",
        "mobile": "+49 170 1234567",
        "username": username,
        "agreed": "on",
    } | more


def test_the_office_registers_a_customer_who_chooses_the_password(
    olga: Visitor, cast: Cast, audited: Callable[..., dict[str, Any]]
) -> None:
    username = unique("carl")
    said = olga.press(f"{LIST}register/", **_fields(cast.ben.username, username))
    assert said == f"{username} is registered, and gets a mail with a link to choose a password."
    customer = Member.objects.get(user__username=username)
    assert (customer.kind, customer.member_since) == ("preferred", None)
    assert not customer.user.has_usable_password()
    mail = Mail.objects.get(user_id=customer.pk)
    assert (mail.kind, mail.to_address) == ("customer_welcome", f"{username}@example.com")
    facts = audited("customer.registered", f"member:{customer.pk}")
    assert facts["changes"]["sponsor"]["after"] == cast.ben.username
    page = olga.get(_page(customer.pk)).text
    assert "preferred customer" in page
    assert re.search(r"Customer of.*?" + cast.ben.username, page, re.DOTALL)
    assert "Place in the tree" not in page


def test_a_wrong_customer_is_refused_field_by_field(
    olga: Visitor, cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        fields = _fields("nobody.here", unique("carl"))
        assert "sponsor" in problems(olga.send(f"{LIST}register/", **fields)).lower()
        fields = _fields(cast.ben.username, cast.cleo.username)
        assert "username" in problems(olga.send(f"{LIST}register/", **fields)).lower()
        fields = _fields(cast.ben.username, unique("carl"))
        del fields["agreed"]
        assert "required" in problems(olga.send(f"{LIST}register/", **fields))


def test_a_customer_gets_another_sponsor_and_class(
    olga: Visitor, cast: Cast, audited: Callable[..., dict[str, Any]]
) -> None:
    carl = customer_of(cast.ben)
    olga.press(_page(carl.id, "sponsor"), sponsor=cast.cleo.username, reason="moved")
    assert data(carl.client.get("profile/"))["sponsor_user"] == cast.cleo.username
    changes = audited("customer.sponsor_changed", f"member:{carl.id}")["changes"]
    assert changes == {"sponsor": {"before": cast.ben.username, "after": cast.cleo.username}}
    olga.press(_page(carl.id, "class"), kind="preferred", reason="asked for it")
    assert Member.objects.get(pk=carl.id).kind == "preferred"
    page = olga.get(_page(cast.cleo.id)).text
    assert "<dt>Customers</dt><dd>1</dd>" in page


def test_a_customer_is_made_a_member(olga: Visitor, cast: Cast) -> None:
    carl = customer_of(cast.ben)
    said = olga.press(
        _page(carl.id, "join"),
        package="M-starter",
        placement=outer_end(cast.ben.id, "L")[0],
        side="L",
        date_of_birth="1990-05-17",
    )
    assert said.startswith(f"{carl.username} is now a member. Order UP-")
    assert data(carl.client.get("profile/"))["membership_package"] == "Starter"
    assert "Place in the tree" in olga.get(_page(carl.id)).text
    assert "/join/" not in olga.get(_page(carl.id)).text
    assert invariants.check() == {}


def test_the_list_shows_who_is_a_customer(olga: Visitor, cast: Cast) -> None:
    carl = customer_of(cast.ben)
    found = olga.get(LIST, kind__exact="retail").text
    assert carl.username in found
    assert cast.ben.username not in found


def test_a_blocked_customer_cannot_sign_in_and_can_be_closed(
    olga: Visitor, cast: Cast, installation: Installation
) -> None:
    carl = customer_of(cast.ben)
    olga.press(_page(carl.id, "block"), reason="a test")
    client = Client(installation.base_url, installation.api_key)
    answer = client.post("auth/access/", username=carl.username, password=PASSWORD)
    assert answer.status_code == 403
    olga.press(_page(carl.id, "close"), reason="a test")
    assert Member.objects.get(pk=carl.id).standing == "closed"


def test_staff_enter_an_order_for_a_customer(
    olga: Visitor, cast: Cast, audited: Callable[..., dict[str, Any]]
) -> None:
    carl = customer_of(cast.ben)
    said = olga.press(_page(carl.id, "order"), products="C-soap 2\nc-tea 1")
    (number,) = re.findall(r"UP-\w+", said)
    order = Order.objects.get(number=number)
    assert (order.kind, order.status, order.member_id) == ("office", "awaiting_payment", carl.id)
    assert order.total_amount == 2 * 1250 + 499
    assert {line.buyer for line in order.lines.all()} == {"retail"}
    entry = audited("order.placed", f"order:{number}")
    assert (entry["amount"], entry["currency"]) == (order.total_amount, "EUR")
    order_decisions.approve_order(UnitOfWork(Shell()), number)
    order.refresh_from_db()
    assert (order.status, order.volume_member_id) == ("complete", cast.ben.id)
    assert invariants.check() == {}


@pytest.mark.parametrize("products", ["", "C-soap", "C-soap 0", "C-soap 1\nC-soap 2", "M-starter 1",
                                      "C-gone 1", "nothing 1", "C-soap -1"])  # fmt: skip
def test_an_order_that_cannot_be_entered_is_refused(
    products: str, olga: Visitor, cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        assert problems(olga.send(_page(cast.ben.id, "order"), products=products))
