"""The holding tank: new members who named no placement wait, staff place them, or time does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError

from genealogy.racing import broken
from support.cast import Cast, Player, unique
from support.client import data, refused
from support.moves import signup_fields
from support.office import Visitor
from upline.base import clock
from upline.base.models import AuditEntry
from upline.events.models import Event
from upline.flows import placing
from upline.genealogy.models import PlacementFact, Position, SponsorFact

Run = Callable[..., str]


@pytest.fixture(autouse=True)
def seven_days(office_sets: Any) -> None:
    office_sets(holding_days=7)


def waits(sponsor: Player, product: Any) -> Position:
    """Somebody enrolled without a placement."""
    fields = signup_fields(sponsor.username, product("starter"), username=unique("wanda"))
    del fields["placement_username"], fields["position"]
    username = data(sponsor.client.post("signup/", **fields))["username"]
    return Position.objects.get(member__user__username=username, number=1)


def test_who_names_no_placement_waits_with_their_sponsor_and_stands_nowhere(
    cast: Cast, product: Any
) -> None:
    waiting = waits(cast.ben, product)
    assert waiting.place_by is not None
    assert timedelta(days=6) < waiting.place_by - clock.now() <= timedelta(days=7)
    assert (waiting.parent_id, waiting.depth, waiting.sponsor_id) == (None, 0, cast.ben.id)
    assert SponsorFact.objects.get(member_id=waiting.pk).sponsor_id == cast.ben.id
    assert not PlacementFact.objects.filter(position_id=waiting.pk).exists()
    team = data(cast.ben.client.get("network/tree/", depth="20"))["nodes"]
    assert str(waiting.member) not in [node["username"] for node in team]
    assert broken() == []


def test_staff_place_whoever_waits_in_the_sponsors_team(
    run_member: Run, cast: Cast, product: Any, nothing_changes: Any
) -> None:
    waiting = waits(cast.ben, product)
    place = ("place", str(waiting.member), "--side")
    with nothing_changes():
        with pytest.raises(CommandError, match="position is taken"):
            run_member(*place, "L", "--under", cast.ben.username)
        with pytest.raises(CommandError, match="not in the sponsor's team"):
            run_member(*place, "R", "--under", cast.cleo.username)
    assert "Placed." in run_member(*place, "R", "--under", cast.dan.username)
    waiting.refresh_from_db()
    assert (waiting.parent_id, waiting.side, waiting.place_by) == (cast.dan.id, 2, None)
    assert PlacementFact.objects.get(position_id=waiting.pk).parent_id == cast.dan.id
    assert AuditEntry.objects.filter(event="member.placed", member_id=waiting.pk).exists()
    assert broken() == []
    with nothing_changes(), pytest.raises(CommandError, match="does not wait"):
        run_member(*place, "L", "--under", cast.dan.username)


def test_sponsors_see_who_waits_and_give_them_a_place(
    cast: Cast, product: Any, nothing_changes: Any
) -> None:
    ben, dan, client = cast.ben, cast.dan, cast.ben.client
    waiting = waits(ben, product)
    username = str(waiting.member)
    (shown,) = data(client.get("network/waiting/"))["waiting"]
    assert list(shown) == ["username", "position_id", "joined", "place_by"]
    assert (shown["username"], shown["position_id"]) == (username, waiting.pk)
    assert waiting.place_by is not None
    assert shown["place_by"] == waiting.place_by.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert data(dan.client.get("network/waiting/"))["waiting"] == []
    call, place = f"network/waiting/{username}/", {"placement_username": dan.username}
    with nothing_changes():
        refused(dan.client.put(call, **place, position="R"), 404, "1102")
        refused(client.put(f"network/waiting/{dan.username}x/", **place, position="R"), 404, "1102")
        refused(client.put(call, **place), 422, "1004", "position")
        taken = client.put(call, placement_username=ben.username, position="L")
        refused(taken, 422, "1008", "position")
        outside = client.put(call, placement_username=cast.cleo.username, position="L")
        refused(outside, 422, "1009", "placement_username")
    assert client.put(call, **place, position="r").status_code == 204
    waiting.refresh_from_db()
    assert (waiting.parent_id, waiting.side) == (dan.id, 2)
    assert not waiting.place_by
    entry = AuditEntry.objects.get(event="member.placed", member_id=waiting.pk)
    assert (entry.by_kind, entry.by_member_id) == ("member", ben.id)
    assert entry.facts["changes"]["placement"] == {"before": "", "after": dan.username}
    placed = Event.objects.get(kind="member.placed", subject=f"member:{waiting.pk}")
    assert placed.data["parent_id"] == dan.id
    assert data(client.get("network/waiting/"))["waiting"] == []
    with nothing_changes():
        refused(client.put(call, **place, position="L"), 409, "1113")
    assert broken() == []


def test_whoever_waits_sponsors_nobody_and_is_not_moved(
    run_member: Run, cast: Cast, product: Any, nothing_changes: Any
) -> None:
    waiting = str(waits(cast.ben, product).member)
    with nothing_changes():
        fields = signup_fields(waiting, product("starter"))
        refused(cast.ben.client.post("signup/", **fields), 422, "1007", "sponsor_username")
        with pytest.raises(CommandError, match="waits for a place"):
            run_member("move", waiting, "--under", cast.dan.username, "--side", "R", "--yes")


@pytest.mark.parametrize(("leg", "end"), [("preferred", "dan"), ("left", "dan"), ("right", "ben")])
def test_when_the_days_are_over_the_worker_places_them_at_the_end_of_a_leg(
    leg: str, end: str, cast: Cast, product: Any, office_sets: Any
) -> None:
    office_sets(holding_leg=leg)
    waiting = waits(cast.ben, product)
    placing.place_overdue()
    waiting.refresh_from_db()
    assert waiting.parent_id is None, "the days are not over"
    Position.objects.filter(pk=waiting.pk).update(place_by=clock.now())
    placing.place_overdue()
    waiting.refresh_from_db()
    side = 2 if leg == "right" else 1
    assert (waiting.parent_id, waiting.side) == (getattr(cast, end).id, side)
    assert broken() == []


def test_the_office_lists_who_waits_and_places_them(
    cast: Cast, product: Any, olga: Visitor, staff: Callable[..., Visitor]
) -> None:
    waiting = waits(cast.ben, product)
    assert str(waiting.member) in olga.get("/genealogy/position/").text
    assert "waits for a place until" in olga.get(f"/members/member/{waiting.pk}/").text
    page = f"/genealogy/position/{waiting.pk}/"
    assert "Give a place" not in staff("genealogy.view_position").get(page).text
    said = olga.press(
        f"{page}place/", placement_username=cast.dan.username, position="2", reason="as agreed"
    )
    assert said == f"{waiting.member} is placed."
    assert str(waiting.member) not in olga.get("/genealogy/position/").text
