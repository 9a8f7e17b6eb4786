"""A list of many rows asks the database as often as a list of one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from office.shelves import desks, provider_secret
from support.approved_runs import approved_run
from support.cast import Cast, Player, enrol, unique
from support.installation import STAFF
from support.moves import tell_bank
from support.office import Visitor, hire_staff
from support.wares import put_on_sale
from upline.base import clock
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import (
    api_keys,
    configuring,
    order_decisions,
    payment_events,
    refunding,
    roles,
    selling,
    verifying,
)
from upline.kyc.models import KycStatus
from upline.members.models import StepAsked, User
from upline.members.security import sessions
from upline.orders.models import Order

QUERIES_MOST = 14
ROWS_LEAST = 6


@pytest.fixture
def counted() -> Callable[[str], tuple[int, int]]:
    """Queries and rows of a list, asked for in this process: over the socket they cannot be
    counted."""

    client, olga = Client(headers={"host": "127.0.0.1"}), User.objects.get(username=STAFF)
    client.force_login(olga)
    assert client.session.session_key
    sessions.begin(client.session.session_key, olga.pk, "", "")

    def count(path: str) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as found:
            answer = client.get(path)
        assert answer.status_code == 200
        return len(found), answer.content.count(b'<th class="field-')

    return count


def _lists() -> list[str]:
    names = [f"{model._meta.app_label}/{model._meta.model_name}" for model in admin.site._registry]
    return sorted(name for name in names if name != "company/company")


def test_a_message_leaves_a_username_as_it_is_written(olga: Visitor, player: Any) -> None:
    member = player("erika")
    assert member.username[0].islower()
    olga.send(f"/members/member/{member.id}/block/", reason="asked for")
    assert f">{member.username} is blocked.</li>" in olga.get("/").text


def test_no_field_of_a_row_stands_in_for_a_column_of_the_same_name() -> None:
    """Django would show the bare field, and the column's own look would be gone."""
    hidden = [
        f"{type(desk).__name__}.{name}"
        for model, desk in desks().items()
        for name in {field.name for field in model._meta.get_fields()} & {*desk.list_display}
        if hasattr(getattr(type(desk), str(name), None), "short_description")
    ]
    assert hidden == []


def test_each_cell_of_a_list_tells_a_phone_which_column_it_is(olga: Visitor, cast: Cast) -> None:
    page = olga.get("/members/member/", q=cast.anna.username).text
    assert f'data-label="Username"><a href="/office/members/member/{cast.anna.id}/' in page
    found = olga.get("/search/", q=cast.anna.username).text
    assert 'data-label="Username"' in found
    assert 'data-label="Standing"' in found


@pytest.mark.parametrize("name", _lists())
def test_a_list_asks_no_query_per_row(
    name: str,
    counted: Callable[[str], tuple[int, int]],
    cast: Cast,
    fill: Callable[[Player, str], None],
    give_epin: Callable[..., str],
    bring_to: Callable[..., str],
) -> None:
    address = f"/office/{name}/"
    if counted(address)[1] < ROWS_LEAST:
        _grow(cast, fill, give_epin, bring_to)
    queries_of_many, rows = counted(address)
    queries_of_one, row = counted(f"{address}?pk__in={_one(name)}")
    assert rows >= ROWS_LEAST
    assert row == 1
    assert queries_of_many == queries_of_one
    assert queries_of_many <= QUERIES_MOST


def _one(name: str) -> int:
    found = {
        f"{each._meta.app_label}/{each._meta.model_name}": each for each in admin.site._registry
    }
    things: Any = found[name]._default_manager
    if name == "members/user":
        things = things.filter(is_staff=True)
    if name == "genealogy/position":
        things = things.filter(place_by__isnull=False)
    return int(things.order_by("-pk").values_list("pk", flat=True)[0])


def _grow(cast: Cast, fill: Any, give_epin: Any, bring_to: Any) -> None:
    """More of everything that is listed."""

    tell_bank(cast.anna)
    for _ in range(ROWS_LEAST):
        approved_run(cast.anna.id)
        fill(cast.anna, "2.00")
        bring_to(cast.anna, "in_batch", "1.00")
        give_epin(cast.anna, "1.00")
        gus = enrol(cast.anna.username, unique("gus"))
        verifying.review_kyc(UnitOfWork(Shell()), gus, KycStatus.SUBMITTED)
        joined = Order.objects.get(member_id=gus, kind="membership")
        order_decisions.approve_order(UnitOfWork(Shell()), joined.number)
        order_decisions.record_payment(UnitOfWork(Shell()), joined.number, 100, unique("bank"))
        provider_secret()
        lines = f"reference,amount,currency,text\n{unique('bank')},1.00,EUR,thanks\n"
        payment_events.import_bank_file(UnitOfWork(Shell()), lines)
        refunding.refund_order(
            UnitOfWork(Shell()), joined.number, {each.pk: 1 for each in joined.lines.all()}, ""
        )
        api_keys.create_key(UnitOfWork(Shell()), unique("key"))
        kim = User.objects.get(username=hire_staff())
        StepAsked.objects.create(
            event="wallet.credited", right="wallet.add_transfer", what=kim.username, arguments={},
            person_id=gus, actor=kim, at=clock.now(),
        )  # fmt: skip
        roles.save(UnitOfWork(Shell()), None, unique("Group"), [])
        configuring.change_settings(UnitOfWork(Shell()), holding_days=7)
        enrol(cast.anna.username, unique("wanda"), waits=True)
        configuring.change_settings(UnitOfWork(Shell()), holding_days=0)
        code = unique("m").upper()[-9:]
        selling.open_market(
            UnitOfWork(Shell()), currency="EUR", exponent=2, country_ids=[], code=code, name=code,
            seller="Acme", seller_address="", seller_tax_number="", language="en",
        )  # fmt: skip
        put_on_sale(unique("T"), 1, kind="cart", name=unique("Thing"), active=False)
