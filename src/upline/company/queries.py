"""What the company is, and what its office has set."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from upline.base import sql
from upline.base.amounts import POINT_DECIMALS, grouped
from upline.company.models import PlanKind
from upline.company.settings import NAMES, OfficeSettings
from upline.language import writing


class NotFounded(Exception):
    """`./upline init` has not been run."""

    def __init__(self) -> None:
        super().__init__("No company has been set up yet. Run ./upline init first.")


@dataclass(frozen=True)
class CompanyFacts:
    """The company at one version of its settings. `plan_currency` is what plans, settings
    and totals of runs are in, `plan_exponent` how many decimals it has."""

    version: int
    name: str
    plan_currency: str
    plan_exponent: int
    time_zone: ZoneInfo
    first_weekday: int
    plan_kind: PlanKind
    matrix_width: int | None
    office: OfficeSettings

    def day_of(self, moment: datetime) -> date:
        """The business date of a moment: days begin at midnight in the company's time zone."""
        return moment.astimezone(self.time_zone).date()

    def moment(self, at: datetime) -> str:
        """A moment for people, in the company's time zone: `22 Nov 2026, 14:05`."""
        return writing.moment(at.astimezone(self.time_zone))

    def points(self, hundredths: int) -> str:
        """Points for people: `123450` is `1,234.50`, or `1.234,50`."""
        return grouped(hundredths, POINT_DECIMALS, self.office.decimal_mark)


class _CompanyRow(NamedTuple):
    """The company's one row; `settings` is JSON."""

    version: int
    name: str
    plan_currency: str
    plan_exponent: int
    time_zone: str
    first_weekday: int
    plan_kind: str
    matrix_width: int | None
    settings: str


def load_company() -> CompanyFacts:
    """The company from the database. Raises NotFounded before `./upline init`."""
    row = sql.one(
        _CompanyRow,
        """SELECT version, name, plan_currency, plan_exponent, time_zone, first_weekday,
                  plan_kind, matrix_width, settings FROM company_company""",
    )
    if row is None:
        raise NotFounded()
    return CompanyFacts(
        version=row.version,
        name=row.name,
        plan_currency=row.plan_currency,
        plan_exponent=row.plan_exponent,
        time_zone=ZoneInfo(row.time_zone),
        first_weekday=row.first_weekday,
        plan_kind=PlanKind(row.plan_kind),
        matrix_width=row.matrix_width,
        office=_office(row.settings),
    )


def _office(stored: str) -> OfficeSettings:
    """The office's settings. One that this version does not know was stored by another version,
    which may still run beside it, and is left alone."""
    known = {name: value for name, value in json.loads(stored).items() if name in NAMES}
    return OfficeSettings.model_validate_json(json.dumps(known))
