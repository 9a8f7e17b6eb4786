"""What the launcher makes up once, and how it finds a port."""

from __future__ import annotations

import base64
import dataclasses
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from upline.launch import demo, ports, secret_keys
from upline.launch.environment import read_settings
from upline.launch.errors import LaunchError
from upline.launch.running import only_server


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "DATA_DIR", "DATABASE_URL", "DATABASE_OWNER_URL", *secret_keys.NAMES):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def forgotten_server() -> Iterator[int]:
    """A server that would share its port quietly with another."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield int(server.getsockname()[1])


def test_secrets_are_made_once_and_only_their_owner_can_read_them(tmp_path: Path) -> None:
    secret_keys.keep(tmp_path)
    first = secret_keys.export(tmp_path)
    secret_keys.keep(tmp_path)
    assert secret_keys.export(tmp_path) == first
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secrets.env"]


def test_secrets_have_the_promised_form() -> None:
    made = secret_keys.new_secrets()
    assert len(made["UPLINE_SECRET_KEY"]) == 64
    assert len(base64.urlsafe_b64decode(made["UPLINE_MASTER_KEYS"])) == 32


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret_keys.keep(tmp_path)
    monkeypatch.setenv("UPLINE_SECRET_KEY", "given")
    assert list(secret_keys.export(tmp_path)) == ["UPLINE_MASTER_KEYS"]


def test_a_port_that_could_be_shared_counts_as_taken(forgotten_server: int) -> None:
    assert not ports.is_free("127.0.0.1", forgotten_server)


def test_a_given_port_that_is_taken_is_refused(
    forgotten_server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", str(forgotten_server))
    with pytest.raises(LaunchError, match=f"Port {forgotten_server} is in use"):
        demo.take_port(read_settings())


def test_without_a_given_port_the_next_free_one_is_taken(
    forgotten_server: int,
) -> None:
    settings = dataclasses.replace(read_settings(), port=forgotten_server)
    port, reservation = demo.take_port(settings)
    with reservation:
        assert port > forgotten_server


def test_two_launchers_that_start_at_once_take_different_ports() -> None:
    settings = read_settings()
    first, reservation = demo.take_port(settings)
    with reservation:
        second, other = demo.take_port(settings)
        other.close()
    assert first != second


def test_a_second_server_on_a_folder_learns_where_the_first_is(tmp_path: Path) -> None:
    with only_server(tmp_path, "demo") as (nobody, announce):
        assert nobody is None
        announce("http://127.0.0.1:8000")
        with only_server(tmp_path, "demo") as (other, _):
            assert other is not None
            assert other.url == "http://127.0.0.1:8000"
    with only_server(tmp_path, "demo") as (nobody, _):
        assert nobody is None
