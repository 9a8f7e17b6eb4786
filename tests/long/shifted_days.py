"""What depends on dates, on days that are not like others.

    ./upline test tests/long/shifted_days.py -s

Each day is a run of pytest of its own, in which pytest, PostgreSQL, the web server and the worker
have the same clock, shifted to that day. A day takes about as long as these tests take today; one
day alone is `-k new_year`.
"""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support.installation import ROOT

pytestmark = pytest.mark.timeout(7200)

MOMENTS = {
    "today": None,
    "sunday": "2026-12-06T10:00Z",
    "month_end": "2027-04-30T12:00Z",
    "last_hour_of_a_month_in_utc": "2027-06-30T22:30Z",
    "leap_day": "2028-02-29T12:00Z",
    "clocks_go_forward": "2027-03-28T00:50Z",
    "clocks_go_back": "2027-10-31T00:30Z",
    "new_years_eve": "2026-12-31T22:40Z",
    "new_year": "2027-01-01T00:20Z",
}
DEPENDENT = (
    "tests/api",
    "tests/base",
    "tests/commissions",
    "tests/mailings",
    "tests/office",
    "tests/orders",
    "tests/payments",
    "tests/payouts",
    "tests/public_pages",
    "tests/reports",
    "tests/stories",
    "tests/wallet",
)


@pytest.fixture(autouse=True)
def books_hold() -> None:
    """Each day keeps its own."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shifted clock, compiled."""
    made = tmp_path_factory.mktemp("clock") / "shifted_clock.so"
    source = Path(__file__).with_name("shifted_clock.c")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", made, source], check=True)
    for folder in made.parents[:2]:
        folder.chmod(0o711)  # PostgreSQL may run as another user
    return made


@pytest.mark.parametrize("day", MOMENTS)
def test_the_suite_passes_on(day: str, library: Path) -> None:
    moment = MOMENTS[day]
    shift = int(datetime.fromisoformat(moment).timestamp() - time.time()) if moment else 0
    clock = {"LD_PRELOAD": str(library), "CLOCK_SHIFT": str(shift)}
    told = subprocess.run(
        [sys.executable, "-c", "import datetime; print(datetime.datetime.now(datetime.UTC))"],
        env=os.environ | clock, capture_output=True, text=True, check=True,
    )  # fmt: skip
    wanted = moment or datetime.now(UTC).isoformat()
    assert told.stdout[:10] == wanted[:10], "the clock is not shifted"

    command = [sys.executable, "-m", "pytest", *DEPENDENT, "-n", "2"]
    done = subprocess.run([*command, "--tb", "short"], cwd=ROOT, env=os.environ | clock)
    assert done.returncode == 0
