"""The office's list of events."""

from support.cast import Cast
from support.office import Visitor
from upline.events.models import Event


def latest(member_id: int, kind: str) -> Event:
    return Event.objects.filter(kind=kind, data__member_id=member_id).latest("pk")


def test_staff_find_events_by_kind_by_member_and_by_order(olga: Visitor, cast: Cast) -> None:
    joined, placed = latest(cast.anna.id, "member.joined"), latest(cast.anna.id, "order.placed")
    by_kind = olga.get("/events/event/", kind="member.joined").text
    assert f"/office/events/event/{joined.pk}/" in by_kind
    assert f"/office/events/event/{placed.pk}/" not in by_kind
    by_member = olga.get("/events/event/", q=cast.anna.username).text
    assert f"/office/events/event/{joined.pk}/" in by_member
    by_order = olga.get("/events/event/", q=placed.subject.removeprefix("order:")).text
    assert f"/office/events/event/{placed.pk}/" in by_order
    assert f"/office/members/member/{cast.anna.id}/" in by_order


def test_the_page_of_an_event_shows_what_programs_get(olga: Visitor, cast: Cast) -> None:
    placed = latest(cast.anna.id, "order.placed")
    page = olga.get(f"/events/event/{placed.pk}/").text
    for said in ("order.placed", placed.subject, f"{placed.transaction}-{placed.pk}", "EUR"):
        assert said in page
    assert "A member placed an order, which awaits its payment." in page
