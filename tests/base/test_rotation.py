"""A new master key takes over, and the old one can go."""

import base64
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from attacks.planted import copy_database
from support import calling
from support.cast import Cast
from support.installation import ROOT, Installation
from support.office import hire_staff
from upline.company import current as company
from upline.company.queries import load_company
from upline.epins.queries import of_owner
from upline.members.models import User
from upline.members.security import second_factor
from upline.screens.profile import profile_of

NEW = base64.urlsafe_b64encode(b"n" * 32).decode()


def read_all(member_id: int, staff_id: int) -> list[Any]:
    """What is sealed of a member and of a staff user, in clear."""
    with company.bound(load_company()):
        pins = [pin.code for pin in of_owner(member_id, None, 9)]
        return [profile_of(member_id).bank["pan"], pins, second_factor.pending_secret(staff_id)]


def test_after_the_rotation_the_new_key_alone_reads_everything(
    installation: Installation, cast: Cast, give_epin: Callable[..., str]
) -> None:
    assert cast.anna.client.put("profile/bank/", pan="ABCDE1234F").status_code == 204
    code = give_epin(cast.anna, "10.00")
    staff = User.objects.get(username=hire_staff()).pk
    second_factor.begin(staff)
    secret = second_factor.pending_secret(staff)
    copy_database(installation, "rotated")
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(str(ROOT / each) for each in ("src", "tests")),
        "DATABASE_URL": installation.postgres.url("upline_app", "rotated"),
    }
    old = os.environ["UPLINE_MASTER_KEYS"]
    done = run(["-m", "django", "rotate_keys"], environment, f"{NEW},{old}")
    assert "sealed by the newest key" in done
    program = calling.program(read_all, (cast.anna.id, staff))
    shown = calling.answered(run(["-c", program], environment, NEW))
    assert shown == ["ABCDE1234F", [code], secret]
    installation.postgres.drop_database("rotated")


def run(arguments: list[str], environment: dict[str, str], keys: str) -> str:
    ended = subprocess.run(
        [sys.executable, *arguments],
        env=environment | {"UPLINE_MASTER_KEYS": keys},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout
