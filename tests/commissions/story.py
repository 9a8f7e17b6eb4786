"""A company whose two months were paid by a plan with one of nearly everything."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.installation import Installation

if TYPE_CHECKING:
    from commissions.conftest import Company

FULL = """
name = "One of each"
currency = "EUR"
packages = ["Starter", "Business"]

[active]
personal_points = 10

[ranks]
[[ranks.steps]]
name = "Bronze"
team_points = 100
[[ranks.steps]]
name = "Silver"
personal_points = 30
group_points = 1000
directs = [{count = 2}]
[[ranks.steps]]
name = "Gold"
team_points = 2000
leg_limit_points = 900
legs = [{count = 2, rank = "Silver"}]
customers = 3

[[bonuses]]
name = "pairs"
kind = "binary"
pays_on = "points"
unit = 10
pair_amount = "2.00"
caps = [{per = "month", amount = "40.00"}]

[[bonuses]]
name = "matching"
kind = "matching"
of = ["pairs"]
percents = {Bronze = [10], Silver = [10, 5]}

[[bonuses]]
name = "levels"
kind = "levels"
percents = [10, 5, 3]

[[bonuses]]
name = "steps"
kind = "stairstep"
brackets = [{points = 20, percent = 3}, {points = 100, percent = 6}, {points = 500, percent = 9}]

[[bonuses]]
name = "pool"
kind = "pool"
percent = 2
share = "rank"
shares = {Bronze = 1, Silver = 2, Gold = 3}

[[bonuses]]
name = "award"
kind = "rank_advancement"
amounts = {Bronze = "5.00", Silver = "50.00"}

[settlement]
service_charge = 7
purchase_share = 20
minimum_payout = "12.00"
ceiling = "27 %"

[[settlement.taxes]]
from = 2020-01-01
percent = 5
threshold = "20.00"
"""


@dataclass(frozen=True)
class Story:
    """The company, and of each of its runs what `telling.tell` says."""

    company: "Company"
    runs: list[dict[str, Any]]


@pytest.fixture(scope="session")
def story(
    installation: Installation, founded: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """Told once; nobody changes anything in it."""
    from commissions import telling
    from commissions.conftest import Company

    name, postgres = "runs_explained", installation.postgres
    postgres.create_database(name, founded)
    environment = {
        "DATABASE_URL": postgres.url("upline_app", name),
        "DATABASE_OWNER_URL": postgres.url("upline_owner", name),
    }
    folder: Path = tmp_path_factory.mktemp("explained")
    company = Company(environment, folder, installation, name)
    yield Story(company, company.does(telling.two_months, FULL))
    postgres.drop_database(name)
