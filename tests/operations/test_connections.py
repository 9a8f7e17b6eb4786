"""How many connections to PostgreSQL a web server holds, and what becomes of those that are cut."""

from collections.abc import Iterator

import psycopg
import pytest

from support.bursts import NAME, Server, bursts, cut
from support.cast import Cast
from support.installation import THREADS, Installation, wait_for
from upline.launch import capacity
from upline.launch.capacity import Need
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
    fitting = Need(most // capacity.THREADS, worker=False)
    capacity.require(fitting, url)
    with pytest.raises(
        LaunchError, match=f"have {most} connections, .* up to {most + 16 - most % 16}"
    ):
        capacity.require(Need(fitting.web_processes + 1, worker=False), url)


def test_a_limit_of_the_role_counts_too(installation: Installation) -> None:
    with psycopg.connect(installation.postgres.admin_url, autocommit=True) as connection:
        connection.execute("ALTER ROLE upline_app CONNECTION LIMIT 40")
        try:
            with pytest.raises(LaunchError, match="have 40 connections"):
                capacity.require(Need(3, worker=False), installation.postgres.app_url)
        finally:
            connection.execute("ALTER ROLE upline_app CONNECTION LIMIT -1")
