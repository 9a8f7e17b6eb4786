"""In which order files of tests run, and which of them stay together on one worker.

A file runs on one worker as a whole, so that what its tests share is made once. Those that take
longest come first: at the end no worker waits long for another."""

from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

# These share one demo company, which takes longer to build than they take.
DEMO = "the demo company"
TOGETHER = {
    f"tests/stories/{name}.py": DEMO
    for name in (
        "test_demo_company",
        "test_demo_market",
        "test_first_hour",
        "test_paydays",
        "test_showroom",
        "test_statements",
    )
}
# Each test of these may run on any worker.
APART = ("tests/attacks/test_schemathesis.py",)
LONGEST = (
    DEMO,
    "tests/attacks/test_privacy.py",
    "tests/office/test_browser.py",
    "tests/attacks/test_races.py",
    "tests/docs/test_operate.py",
    "tests/mailings/test_every_minute.py",
    "tests/launch/test_upline_script.py",
    "tests/docs/test_plan_pages.py",
    "tests/docs/test_how_to.py",
    "tests/office/test_buttons.py",
    "tests/attacks/test_schemathesis.py",
)


def unit_of(test: str) -> str:
    """What stays together with a test: its file, or several."""
    file = test.partition("::")[0]
    return test if file in APART else TOGETHER.get(file, file)


def turn(test: pytest.Item) -> int:
    """By which tests are sorted; those of one file stay as they are."""
    file = test.nodeid.partition("::")[0]
    unit = TOGETHER.get(file, file)
    return LONGEST.index(unit) if unit in LONGEST else len(LONGEST)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out files, in the order that they were collected in."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)
