"""docs/operate.md: its commands, run through the launcher against an empty database."""

import os
import subprocess

from docs.test_readme import blocks
from support.installation import ROOT, Installation


def test_a_company_is_set_up_as_the_page_prints_it(installation: Installation) -> None:
    postgres = installation.postgres
    postgres.create_database("as_printed")
    environment = os.environ | {
        "DATABASE_URL": postgres.url("upline_app", "as_printed"),
        "DATABASE_OWNER_URL": postgres.url("upline_owner", "as_printed"),
    }
    script = "set -euo pipefail\n" + blocks("docs/operate.md", "shell")
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("upk_") == 2
    assert "signup_fee = 10.00 EUR" in done.stdout
    assert "BROKEN" not in done.stdout
    assert "is in force from 2026-01-01" in done.stdout
    assert "month  2026-01-01 to 2026-01-31  open" in done.stdout
    assert "Each cached balance equals the sum of its transfers" in done.stdout
