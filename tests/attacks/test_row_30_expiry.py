"""An access_token ends when its time is over, when it was not used for as long as the office
says, and at once with its member."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from support.cast import Cast, Player
from support.client import Client, refused
from support.installation import PASSWORD, Installation
from upline.base import sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import blocking


def _age(player: Player, column: str, by: timedelta) -> None:
    sql.run(
        f"UPDATE members_accesstoken SET {column} = {column} - %s WHERE user_id = %s",
        [by, player.id],
    )


def _is_in(player: Player) -> bool:
    answer = player.client.get("profile/")
    if answer.status_code != 200:
        refused(answer, 401, "1002")
    return bool(answer.status_code == 200)


def test_row_30_a_token_ends_after_its_24_hours_used_or_not(cast: Cast) -> None:
    day, second = timedelta(days=1), timedelta(seconds=20)
    _age(cast.ben, "expires_at", day - second)
    assert _is_in(cast.ben)
    _age(cast.ben, "expires_at", second)
    assert not _is_in(cast.ben)


def test_row_30_without_the_setting_an_unused_token_lives(cast: Cast) -> None:
    _age(cast.ben, "last_used_at", timedelta(hours=23))
    assert _is_in(cast.ben)


def test_row_30_a_token_ends_when_it_was_idle_for_too_long(
    cast: Cast, office_sets: Callable[..., None]
) -> None:
    office_sets(token_idle_minutes=30)
    almost = timedelta(minutes=29, seconds=40)
    for _ in range(3):
        _age(cast.ben, "last_used_at", almost)
        assert _is_in(cast.ben), "each call keeps it"
    _age(cast.ben, "last_used_at", timedelta(minutes=30))
    assert not _is_in(cast.ben)
    assert not _is_in(cast.ben), "the call that was refused did not keep it"
    cast.ben.client.sign_in(cast.ben.username, PASSWORD)
    assert _is_in(cast.ben)


def test_row_30_a_token_ends_at_once_with_sign_out_password_and_standing(cast: Cast) -> None:
    def block() -> Any:
        return blocking.block_member(UnitOfWork(Shell()), cast.dan.id, "for a test")

    def change() -> Any:
        new = {"new_password": "another horse", "password_confirmation": "another horse"}
        return cast.cleo.client.put("profile/password/", current_password=PASSWORD, **new)

    for player, end in (
        (cast.ben, lambda: cast.ben.client.post("auth/logout/")),
        (cast.cleo, change),
        (cast.dan, block),
    ):
        assert _is_in(player)
        end()
        assert not _is_in(player)


def test_row_30_a_token_is_good_for_its_own_api_client_only(
    cast: Cast, installation: Installation
) -> None:
    token = cast.ben.client.access_token
    other = Client(installation.base_url, installation.store_api_key, token)
    refused(other.get("profile/"), 401, "1002")


@pytest.mark.parametrize("token", ["", "upt_", "upt_" + "A" * 43, "null", "undefined", "../"])
def test_row_30_what_is_no_token_is_none(
    token: str, cast: Cast, installation: Installation
) -> None:
    answer = Client(installation.base_url, installation.api_key, token).get("profile/")
    refused(answer, 401, "1002")
