"""The addresses that load balancers and monitoring ask, and what a log says of a request."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from support.cast import Cast
from support.client import Client, refused
from support.installation import STAFF, STAFF_PASSWORD, Installation, free_port, stop_group
from upline.base import sql

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
SENT = "probe-of-olga-1"


@pytest.fixture
def server(installation: Installation, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Starts a web server with an environment of its own; its log is `log` in `tmp_path`."""
    started = []

    def start(**environment: str) -> str:
        port = free_port()
        with (tmp_path / "log").open("ab") as log:
            started.append(installation.start_server(port, log, environment=environment))
        return f"http://127.0.0.1:{port}"

    yield start
    for process in started:
        stop_group(process)


def state(url: str, kind: str, **headers: str) -> tuple[int, str]:
    answer = httpx.get(f"{url}/health/{kind}", headers=headers)
    return answer.status_code, answer.json()["status"]


def test_a_server_that_can_work_is_ready_under_any_host_name(installation: Installation) -> None:
    assert state(installation.base_url, "live", Host="10.0.0.7:8000") == (200, "live")
    assert state(installation.base_url, "ready", Host="10.0.0.7:8000") == (200, "ready")
    assert httpx.head(f"{installation.base_url}/health/ready").status_code == 200
    assert state(installation.base_url, "secrets") == (404, "unknown")


def test_without_its_database_a_server_is_live_and_not_ready(server: Callable[..., str]) -> None:
    url = server(DATABASE_URL=NOWHERE)
    assert state(url, "live") == (200, "live")
    assert state(url, "ready") == (503, "not ready")


def test_a_worker_that_is_gone_is_told(installation: Installation) -> None:
    def told() -> str:
        return str(httpx.get(f"{installation.base_url}/health/ready").json()["worker"])

    sql.run("DELETE FROM procrastinate_workers")
    assert told() == "silent"
    sql.run("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert told() == "working"
    sql.run("DELETE FROM procrastinate_workers")


def sign_in_to_the_office(url: str) -> httpx.Response:
    with httpx.Client() as browser:
        page = browser.get(f"{url}/office/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page
        sent = {"username": STAFF, "password": STAFF_PASSWORD, "csrfmiddlewaretoken": token[1]}
        return browser.post(f"{url}/office/login/", data=sent)


@pytest.fixture
def read_only(installation: Installation) -> Iterator[str]:
    """The same database by a role whose transactions are read-only, as on a standby."""
    with psycopg.connect(installation.postgres.admin_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE only_reads LOGIN IN ROLE upline_app")
        connection.execute("ALTER ROLE only_reads SET default_transaction_read_only = on")
        yield installation.postgres.url("only_reads")
        connection.execute("DROP ROLE only_reads")


def test_a_database_that_takes_no_changes_is_an_outage(
    server: Callable[..., str], read_only: str, cast: Cast, tmp_path: Path
) -> None:
    url = server(DATABASE_URL=read_only)
    member = Client(url, cast.anna.client.api_key, cast.anna.client.access_token)
    assert member.get("profile/").status_code == 200
    refused(member.post("auth/access/", username=cast.anna.username, password="x"), 503, "1112")
    assert sign_in_to_the_office(url).status_code == 503
    assert state(url, "ready") == (503, "not ready")
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_an_outage_is_one_line_of_the_log_with_the_requests_id(
    server: Callable[..., str], tmp_path: Path
) -> None:
    url = server(DATABASE_URL=NOWHERE)
    headers = {"X-Request-Id": SENT, "api_key": "any"}
    refused(httpx.get(f"{url}/api/profile/", headers=headers), 503, "1112")
    page = httpx.get(f"{url}/pictures/none", headers=headers)
    assert (page.status_code, page.headers["X-Request-Id"]) == (503, SENT)
    assert SENT in page.text
    for line in (tmp_path / "log").read_text().splitlines():
        assert " ERROR " in line
        assert f"[{SENT}]" in line
        assert "Traceback" not in line
    assert len((tmp_path / "log").read_text().splitlines()) == 2


def test_lines_can_be_json_and_a_crash_is_one_line_too(
    server: Callable[..., str], installation: Installation, tmp_path: Path
) -> None:
    installation.postgres.create_database("not_migrated_yet")
    empty = installation.postgres.url("upline_app", "not_migrated_yet")
    url = server(DATABASE_URL=empty, UPLINE_LOG="json")
    refused(
        httpx.get(f"{url}/api/profile/", headers={"api_key": "x", "X-Request-Id": SENT}),
        500,
        "1105",
    )
    (line,) = [json.loads(each) for each in (tmp_path / "log").read_text().splitlines()]
    assert (line["level"], line["request_id"], line["logger"]) == ("ERROR", SENT, "upline.api")
    assert line["traceback"].startswith("Traceback")
