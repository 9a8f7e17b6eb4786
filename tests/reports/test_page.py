"""docs/reports.md: its commands, run as they are printed; and what it says of plans."""

import os
import subprocess

from docs.test_readme import blocks
from reports.conftest import Reporting
from support.installation import ROOT
from upline.plan_documents import parse


def test_the_commands_of_the_page_run_as_they_are_printed(told: Reporting) -> None:
    (told.folder / "upline").symlink_to(ROOT / "upline")
    done = subprocess.run(
        ["bash", "-c", "set -euo pipefail\n" + blocks("docs/reports.md", "shell")],
        cwd=told.folder, env=os.environ | told.environment, capture_output=True, text=True,
        timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for title in ("Income disclosure", "Outside customers", "Tax totals"):
        assert title in done.stdout
    assert (told.folder / "tax-2025.csv").read_bytes().endswith(b"\r\n")
    assert (told.folder / "income-2025.pdf").read_bytes().startswith(b"%PDF-")


def test_a_plan_may_name_a_threshold_above_which_nothing_is_withheld() -> None:
    plan = parse(
        """
name = "Reported only"
[[bonuses]]
name = "levels"
kind = "levels"
percents = [10]
[[settlement.taxes]]
from = 2026-01-01
percent = 0
threshold = "2000.00"
""",
        "plan.toml",
    )
    (tax,) = plan.settlement.taxes
    assert (tax.rate, tax.threshold) == (0, 200_000)
