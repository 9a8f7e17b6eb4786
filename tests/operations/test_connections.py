"""How many connections to PostgreSQL a web server holds, and what becomes of those that are cut."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg
import pytest

from support.bursts import NAME, Server, bursts, cut
from support.cast import Cast
from support.installation import THREADS, Installation, free_port, stop_group, wait_for
from upline import environment
from upline.launch import given_server
from upline.launch.capacity import THREADS as THREADS_SERVED
from upline.launch.capacity import Processes
from upline.launch.errors import LaunchError


@pytest.fixture(scope="module")
def server(installation: Installation) -> Iterator[Server]:
    with bursts(installation, idle_seconds=5) as running:
        yield running


def test_bursts_and_rests_of_clients_leave_no_connection_behind(server: Server, cast: Cast) -> None:
    assert set(server.burst(cast.anna.client)) == {200}
    assert 2 < server.connections() <= THREADS
    wait_for(lambda: server.connections() <= 1, seconds=12)
    assert set(server.burst(cast.anna.client)) == {200}
    assert server.connections() <= THREADS


def test_a_restart_of_the_database_costs_no_request(server: Server, cast: Cast) -> None:
    assert set(server.burst(cast.anna.client)) == {200}
    assert cut(NAME) > 2
    assert set(server.burst(cast.anna.client)) == {200}


def test_serving_needs_as_many_connections_as_its_threads(installation: Installation) -> None:
    url = installation.postgres.app_url
    most = installation.postgres.connections - 3
    fitting = Processes(most // THREADS_SERVED, worker=False)
    given_server.look(fitting, url)
    with pytest.raises(
        LaunchError, match=f"have {most} connections, .* up to {most + 16 - most % 16}"
    ):
        given_server.look(Processes(fitting.web_processes + 1, worker=False), url)


def test_a_limit_of_the_role_counts_too(installation: Installation) -> None:
    with psycopg.connect(installation.postgres.admin_url, autocommit=True) as connection:
        connection.execute("ALTER ROLE upline_app CONNECTION LIMIT 40")
        try:
            with pytest.raises(LaunchError, match="have 40 connections"):
                given_server.look(Processes(3, worker=False), installation.postgres.app_url)
        finally:
            connection.execute("ALTER ROLE upline_app CONNECTION LIMIT -1")


def test_one_role_for_everything_is_said(installation: Installation) -> None:
    need = Processes(1, worker=True)
    assert given_server.look(need, installation.postgres.app_url) == []
    (said,) = given_server.look(need, installation.postgres.owner_url)
    assert "The role upline_owner may rewrite the ledger" in said


def test_the_time_outs_hold_for_the_role_itself(installation: Installation) -> None:
    """A pooler does not pass on what a client asks for at its start."""
    with psycopg.connect(installation.postgres.app_url) as connection:
        for name, value in (
            ("statement_timeout", "30s"),
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "1min"),
        ):
            assert connection.execute(f"SHOW {name}").fetchone() == (value,)


def test_of_several_hosts_the_one_that_takes_changes_is_used(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = urlsplit(installation.postgres.app_url)
    sockets = parse_qs(url.query)["host"][0]
    several = f"postgresql://upline_app@/upline?host=/nowhere,{sockets}&port=5432,5432"
    port = free_port()
    server = installation.start_server(port, DATABASE_URL=several)
    try:
        assert httpx.get(f"http://127.0.0.1:{port}/health/ready").status_code == 200
    finally:
        stop_group(server)
    monkeypatch.setenv("X", "postgresql://u:p%40@h1,h2:5433/db")
    read = environment.database("X")
    assert (read["HOST"], read["PORT"], read["PASSWORD"]) == ("h1,h2", ",5433", "p@")
    assert read["OPTIONS"] == {"target_session_attrs": "read-write"}
