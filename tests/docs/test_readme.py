"""The README's first hour, run as it is printed."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support.cast import Cast
from support.installation import PASSWORD, ROOT, TRANSACTION_PASSWORD, Installation


def blocks(page: str, mark: str) -> str:
    """All shell blocks of a page that carry a mark, one after the other."""
    found = re.findall(rf"^```sh {mark}\n(.*?)^```", (ROOT / page).read_text(), re.M | re.S)
    assert found, f"{page} has no block marked {mark}"
    return "\n".join(found)


def test_a_members_first_hour_goes_as_the_readme_prints_it(
    installation: Installation, cast: Cast, fill, give_epin, tmp_path: Path
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is missing, so the README's first hour is not run")
    fill(cast.anna, "1000.00")
    (tmp_path / "var").mkdir()
    member = {
        "username": cast.anna.username,
        "password": PASSWORD,
        "transaction_password": TRANSACTION_PASSWORD,
        "epin_code": give_epin(cast.anna, "100.00"),
    }
    (tmp_path / "var" / "demo.json").write_text(
        json.dumps(
            {
                "base_url": installation.base_url,
                "api_key": installation.api_key,
                "members": [member],
            }
        )
    )
    script = "set -euo pipefail\n" + blocks("README.md", "hour")
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert said[0]["data"]["access_token"]
    assert {each["data"]["status"] for each in said if "order_id" in each.get("data", {})} == {
        "awaiting_payment",
        "complete",
    }
    assert [each.get("data") for each in said].count({"username": "nora.new"}) == 2
    assert said[-1]["error"]["code"] == "1004"
    assert sorted(said[-1]["error"]["fields"]) == ["product_id", "quantity"]
