"""Every button: refused to strangers, members and staff without its permission; harmless when
sent twice. What each one does is tested beside this file."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin

from office.asked import ASKED
from office.shelves import desks
from support.approved_runs import approved_run
from support.cast import Cast, Player, unique
from support.moves import tell_bank
from support.office import Visitor, fail_a_job
from upline.base import sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.commissions.models import Run
from upline.flows import (
    order_decisions,
    payment_events,
    provider_secrets,
    refunding,
    roles,
)
from upline.members.models import User
from upline.orders.models import Order

ONCE = {"once": "a key of a form that was never opened"}


ELSEWHERE = (
    # Only who asked, or may confirm it, sees the step at all: test_asked_steps.py, test_signing.py.
    "members/stepasked/confirm",
    "members/stepasked/refuse",
    "members/stepasked/withdraw",
    # Only on a position that waits: test_waiting.py.
    "genealogy/position/place",
)


def _buttons() -> list[str]:
    return [
        f"{model._meta.app_label}/{model._meta.model_name}/{button.name}"
        for model, desk in desks().items()
        for button in (*desk.list_buttons, *desk.buttons)
    ]


def _address(button: str, cast: Cast) -> str:
    """Where the button is pressed, on something that exists."""

    app, model, name = button.split("/")
    desk = next(
        found
        for kind, found in desks().items()
        if (kind._meta.app_label, kind._meta.model_name) == (app, model)
    )
    if name in {each.name for each in desk.list_buttons}:
        return f"/{app}/{model}/{name}/"
    thing = cast.anna.id if model == "member" else _some(desk.model)
    return f"/{app}/{model}/{thing}/{name}/"


def _some(model: Any) -> int:
    found = model.objects.filter(is_staff=True) if model.__name__ == "User" else model.objects
    return int(found.order_by("pk").values_list("pk", flat=True)[0])


@pytest.fixture(scope="module")
def stock(
    shared_cast: Cast,
    fill: Callable[[Player, str], None],
    give_epin: Callable[..., str],
    bring_to: Callable[..., str],
) -> Cast:
    """At least one of everything that has a button; a button that is not for somebody leaves it."""
    cast = shared_cast
    give_epin(cast.anna, "5.00")
    provider_secrets.add(UnitOfWork(Shell()), "acme_pay")
    fail_a_job()
    fill(cast.anna, "10.00")
    tell_bank(cast.anna)
    bring_to(cast.anna, "in_batch")
    roles.save(UnitOfWork(Shell()), None, unique("Group"), [])
    if not Run.objects.exists():
        approved_run(cast.anna.id)
    signup = Order.objects.get(member_id=cast.ben.id, kind="membership")
    order_decisions.approve_order(UnitOfWork(Shell()), signup.number)
    order_decisions.record_payment(UnitOfWork(Shell()), signup.number, 100, unique("bank"))
    lines = f"reference,amount,currency,text\n{unique('bank')},1.00,EUR,thanks\n"
    payment_events.import_bank_file(UnitOfWork(Shell()), lines)
    pieces = dict.fromkeys(signup.lines.values_list("id", flat=True), 1)
    refunding.refund_order(UnitOfWork(Shell()), signup.number, pieces, "withdrawn")
    return cast


def _people() -> list[Any]:
    watched = ("members_user_groups", "auth_group", "kyc_kycreview", "company_apiclient",
               "catalog_package", "epins_epinbatch", "members_user_user_permissions",
               "commissions_run", "commissions_withheld", "orders_refundtosend",
               "payments_surplus", "payments_paymentevent", "payments_providersecret")  # fmt: skip
    return [
        sql.value(str, f"SELECT coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {name} t")
        for name in watched
    ]


def test_each_button_has_a_line_here() -> None:
    assert sorted([*ASKED, *ELSEWHERE]) == sorted(_buttons())


@pytest.mark.parametrize("button", sorted(ASKED))
def test_a_button_is_refused_to_whom_it_is_not_for(
    button: str,
    stock: Cast,
    nobody: Visitor,
    member_session: Callable[[int], Visitor],
    staff: Callable[..., Visitor],
    nothing_changes: Callable[[], Any],
) -> None:
    looking = staff(*_views(button))
    address, before = _address(button, stock), _people()
    with nothing_changes():
        for visitor in (nobody, member_session(stock.anna.id)):
            token = visitor.open("/login/")["csrfmiddlewaretoken"]
            answer = visitor.post(address, ASKED[button] | ONCE | {"csrfmiddlewaretoken": token})
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/office/login/")
        assert looking.get(address).status_code == 403
        sent = ASKED[button] | ONCE | {"csrfmiddlewaretoken": looking.token()}
        assert looking.post(address, sent).status_code == 403
    assert _people() == before


@pytest.mark.parametrize("button", sorted(ASKED))
def test_a_button_asks_for_the_csrf_token(
    button: str, stock: Cast, olga: Visitor, nothing_changes: Callable[[], Any]
) -> None:
    address, before = _address(button, stock), _people()
    with nothing_changes():
        assert olga.post(address, ASKED[button] | ONCE).status_code == 403
    assert _people() == before


@pytest.mark.parametrize("button", sorted(ASKED))
def test_a_button_is_not_pressed_by_opening_it(
    button: str, stock: Cast, olga: Visitor, nothing_changes: Callable[[], Any]
) -> None:
    address, before = _address(button, stock), _people()
    with nothing_changes():
        assert olga.get(address, **ASKED[button]).status_code == 200
    assert _people() == before


def _views(button: str) -> list[str]:
    app, model, _ = button.split("/")
    return [f"{app}.view_{model}"]


def test_staff_see_only_what_they_may(staff: Callable[..., Visitor], cast: Cast) -> None:
    sam = staff("members.view_member")
    menu = sam.get("/").text
    assert "/office/members/member/" in menu
    assert "/office/wallet/transfer/" not in menu
    page = sam.get(f"/members/member/{cast.anna.id}/").text
    assert "Place in the tree" in page
    for hidden in ("Credit wallet", "Show bank data", "Balances", "Latest orders"):
        assert hidden not in page
    for path in ("/wallet/transfer/", "/company/company/", f"/members/user/{_staff_id()}/"):
        assert sam.get(path).status_code == 403


def _staff_id() -> int:
    return _some(User)


def test_nothing_can_be_edited_in_place_or_deleted(olga: Visitor, cast: Cast) -> None:
    for model in admin.site._registry:
        shelf = f"/{model._meta.app_label}/{model._meta.model_name}"
        for page in ("add/", "1/change/", "1/delete/", "1/history/"):
            assert olga.get(f"{shelf}/{page}").status_code == 404
    thing = f"/members/member/{cast.anna.id}/"
    answer = olga.post(thing, {"csrfmiddlewaretoken": olga.token(), "firstname": "Changed"})
    assert answer.status_code == 405
