"""The README's first hour, run as it is printed."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.cast import Cast, Player
from support.installation import PASSWORD, ROOT, TRANSACTION_PASSWORD, Installation


def blocks(page: str, mark: str) -> str:
    """All shell blocks of a page that carry a mark, one after the other."""
    found = re.findall(rf"^```sh {mark}\n(.*?)^```", (ROOT / page).read_text(), re.M | re.S)
    assert found, f"{page} has no block marked {mark}"
    return "\n".join(found)


def test_a_members_first_hour_goes_as_the_readme_prints_it(
    installation: Installation,
    cast: Cast,
    fill: Callable[[Player, str], None],
    give_epin: Callable[..., str],
    tmp_path: Path,
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
    for _ in ("the first time", "once more"):
        said = the_first_hour(tmp_path)
        assert said[0]["data"]["access_token"]
        orders = [each["data"] for each in said if "order_id" in each.get("data", {})]
        assert {order["status"] for order in orders} == {"awaiting_payment", "complete"}
        assert {order["address"]["address"] for order in orders} == {"1 High Street"}
        # A plus sign in a form is a space, unless curl is told to encode it.
        assert {order["address"]["phone"] for order in orders} == {"+49 30 1234567"}
        joined = [each["data"] for each in said if each.get("data", {}).keys() == {"username"}]
        assert len(joined) == 2
        assert joined[0] == joined[1]
        refusals = [each["error"] for each in said if not each["status"]]
        assert [(each["code"], sorted(each["fields"])) for each in refusals] == [
            ("1004", ["product_id", "quantity"])
        ]
    assert [each.name for each in tmp_path.iterdir()] == ["var"]


def the_first_hour(folder: Path) -> list[Any]:
    """Run it where var/demo.json is; what it prints, which is one answer a line."""
    done = subprocess.run(
        ["bash", "-c", "set -euo pipefail\n" + blocks("README.md", "hour")],
        cwd=folder, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
