"""The audit log reads as what was done, by whom, with whom, and from what to what."""

import re
from collections.abc import Callable
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

from support.cast import Cast, Player
from support.installation import STAFF
from support.office import Visitor
from upline.base import audit
from upline.base.actors import ActingClient, Shell, Worker
from upline.base.actors import Visitor as Stranger
from upline.base.audit import AuditEvent
from upline.base.event_kinds import EventKind
from upline.base.models import AuditEntry
from upline.base.unit import UnitOfWork
from upline.company.models import ApiClient
from upline.flows import adjusting
from upline.members.models import Member
from upline.office.audit_words import EVENTS
from upline.orders.models import Order

_SOURCE = Path(__file__).parents[2] / "src" / "upline"


def _latest(olga: Visitor, event: str) -> str:
    """The page of the newest entry of an event, as text."""
    pk = AuditEntry.objects.filter(event=event).latest("id").pk
    return olga.get(f"/base/auditentry/{pk}/").text


def _row(page: str, *cells: str) -> bool:
    """Whether a table of the page has this row."""
    found = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    rows = [[unescape(re.sub(r"<[^>]+>", "", each)) for each in
             re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)] for row in found]  # fmt: skip
    return list(cells) in rows


def _member(player: Player) -> str:
    return f"/members/member/{player.id}/"


def test_an_entry_says_what_was_done_with_whom_and_from_what_to_what(
    olga: Visitor, cast: Cast
) -> None:
    olga.press(f"{_member(cast.anna)}credit/", amount="12.34", reason="cash")
    page = _latest(olga, "wallet.credited")
    assert "<h1>Wallet credited</h1>" in page
    assert f'<a href="/office{_member(cast.anna)}">{cast.anna.username}</a>' in page
    assert _row(page, "Balance", "0.00 EUR", "12.34 EUR")
    for code in ("wallet.credited", f"member:{cast.anna.id}", ">1234<"):
        assert code not in page


def test_the_log_is_searched_by_member_by_staff_and_by_order(olga: Visitor, cast: Cast) -> None:
    adjusting.credit_wallet(UnitOfWork(Shell()), cast.anna.id, 100, "cash")
    order = Order.objects.get(member_id=cast.ben.id)
    olga.press(
        f"/orders/order/{order.pk}/approve/", amount=str(order.total_amount / 100), reference="17"
    )
    for said, event in ((cast.anna.username, "Wallet credited"),
                        (order.number.lower(), "Order marked as paid"),
                        (cast.ben.username, "Order marked as paid"),
                        (STAFF, "Order marked as paid")):  # fmt: skip
        assert f">{event}</a>" in olga.get("/base/auditentry/", q=said).text, said
    listed = olga.get("/base/auditentry/", q=cast.anna.username, event="order.approve").text
    assert f'<a href="/office{_member(cast.ben)}">' not in listed


def test_a_members_page_shows_what_was_done_with_them_and_leads_to_all(
    olga: Visitor, staff: Callable[..., Visitor], cast: Cast
) -> None:
    olga.press(f"{_member(cast.anna)}block/", reason="a complaint")
    page = olga.get(_member(cast.anna)).text
    assert "Member blocked" in page
    everything = f"/base/auditentry/?member={cast.anna.id}"
    assert f"/office{everything}" in page
    assert "Member blocked" in olga.get(everything).text
    assert "Member blocked" not in staff("members.view_member").get(_member(cast.anna)).text


def test_a_change_by_the_member_has_its_values_before_and_after(olga: Visitor, cast: Cast) -> None:
    before = Member.objects.get(pk=cast.anna.id).firstname
    for part, fields in (("personal", {"firstname": "Annabel", "gender": "F",
                                       "date_of_birth": "1990-01-31"}),
                         ("contact", {"city": "Bonn", "country": 276,
                                      "address_line1": "Long Lane 1", "zip_code": "53111",
                                      "mobile": "+49 171 1234500",
                                      "email": f"{cast.anna.username}@example.com"})):  # fmt: skip
        answer = cast.anna.client.put(f"profile/{part}/", **fields)
        assert answer.status_code == 204, answer.text
    assert _row(_latest(olga, "personal.changed"), "First name", before, "Annabel")
    page = _latest(olga, "contact.changed")
    assert _row(page, "City", "—", "Bonn")
    assert _row(page, "Country", "—", "Germany")
    assert cast.anna.username in page


def test_entries_from_before_there_were_changes_stay_readable(olga: Visitor, cast: Cast) -> None:
    old: list[tuple[AuditEvent | EventKind, dict[str, Any], tuple[str, ...]]] = [
        (EventKind.SETTINGS_CHANGED, {"changes": {"signup_fee": 2500}},
         ("Signup fee", "—", "25.00 EUR")),
        (AuditEvent.STAFF_EMAIL, {"before": "a@b.example", "after": "c@d.example"},
         ("Value", "a@b.example", "c@d.example")),
        (EventKind.STAFF_RIGHTS_CHANGED, {"before": {"Owner": False, "Roles": []},
                          "after": {"Owner": True, "Roles": []}}, ("Owner", "no", "yes")),
    ]  # fmt: skip
    for event, facts, row in old:
        UnitOfWork(Shell()).commit(
            partial(audit.record, UnitOfWork(Shell()), event, f"user:{cast.anna.id}", **facts)
        )
        assert _row(_latest(olga, event), *row), event
    erased: dict[str, Any] = {
        "changes": "erased",
        "amount": 5,
        "currency": "EUR",
        "reason": "erased",
    }
    UnitOfWork(Shell()).commit(
        lambda: audit.record(UnitOfWork(Shell()), EventKind.WALLET_DEBITED, "user:1", **erased)
    )
    assert "0.05 EUR" in _latest(olga, "wallet.debited")


def test_every_event_is_said_in_words() -> None:
    assert set(EVENTS) == {*AuditEvent, *EventKind}
    assert not set(AuditEvent) & set(EventKind), "one list where both speak of the same thing"


def test_an_entry_says_what_acted_where_nobody_had_signed_in(olga: Visitor) -> None:
    for actor, said in (
        (Shell(), "a command on the server"),
        (Worker(), "Upline itself"),
        (ActingClient(ApiClient.objects.get(name="tests").pk), "the API key tests"),
        (Stranger(), "someone with a mailed link"),
    ):
        unit = UnitOfWork(actor)
        unit.commit(lambda: audit.record(unit, AuditEvent.LEDGER_VERIFY, "company", broken=[]))  # noqa: B023
        assert said in _latest(olga, "ledger.verify")
