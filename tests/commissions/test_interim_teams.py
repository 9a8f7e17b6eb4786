"""What an interim run has seen of teams: points, who is active, who is close to a rank."""

from datetime import timedelta
from typing import Any

from commissions.conftest import Company
from commissions.founding import FIRST, PLAN
from commissions.interims import interim
from commissions.world import noon, sell, use_plan
from support.cast import enrol
from upline.members.queries import find_person
from upline.screens import teams
from upline.screens.teams import Show, TeamAsked, TeamMember

DAY = FIRST.replace(day=10)
SILVER = PLAN.replace(
    "[[bonuses]]", '[[ranks.steps]]\nname = "Silver"\nteam_points = 200\n\n[[bonuses]]', 1
)


def listed(username: str, show: Show = Show.EVERYBODY) -> list[TeamMember]:
    person = find_person(username)
    assert person is not None
    return teams.listed(person.id, TeamAsked(show=show), None, 50).members


def names(username: str, show: Show) -> list[str]:
    return sorted(each.username for each in listed(username, show))


def without_a_plan() -> Any:
    with noon(DAY):
        return [
            [[each.own_points, each.is_active] for each in listed("anna")],
            [str(each) for each in teams.shows()],
        ]


def sold_below_cleo() -> Any:
    """cleo has sponsored eva, who has sponsored fay, and gil, who buys nothing."""
    use_plan(FIRST, SILVER)
    with noon(FIRST):
        for name, sponsor, side in (
            ("eva", "cleo", "L"),
            ("fay", "eva", "L"),
            ("gil", "cleo", "R"),
        ):
            enrol(sponsor, name, sponsor, side)
    sell("eva", DAY, 1_000, 5_000)
    sell("fay", DAY, 1_000, 12_000)
    with noon(DAY):
        interim()
        seen = {each.username: each for each in listed("cleo")}
        filters = {str(show): names("cleo", show) for show in teams.shows()}
    with noon(DAY + timedelta(days=1)):
        enrol("eva", "ida", "eva", "R")
        newcomer = next(each for each in listed("cleo") if each.username == "ida")
        return {
            "points": {
                name: [each.own_points, each.team_points, each.is_active]
                for name, each in seen.items()
            },
            "filters": filters,
            "newcomer": [newcomer.own_points, newcomer.is_active],
            "inactive": names("cleo", Show.INACTIVE),
        }


def test_without_a_plan_there_are_no_points_and_no_filters_that_need_one(company: Company) -> None:
    points, shows = company.does(without_a_plan)
    assert points == [[None, None]] * 3
    assert shows == ["everybody", "new", "no_order", "open_place"]


def test_points_activity_and_nearness_are_as_the_plan_says(company: Company) -> None:
    found = company.does(sold_below_cleo)
    assert found["points"] == {
        "eva": [5_000, 17_000, True],
        "fay": [12_000, 12_000, True],
        "gil": [0, 0, False],
    }
    # eva has 170 of the 200 points that Silver asks for, fay 120.
    assert found["filters"]["close_to_rank"] == ["eva"]
    assert found["filters"]["inactive"] == ["gil"]
    assert found["filters"]["no_order"] == ["gil"]
    # Who joined after the interim run is not called inactive.
    assert found["newcomer"] == [0, None]
    assert found["inactive"] == ["gil"]
