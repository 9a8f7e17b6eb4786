"""When the database cannot be reached, or is not what it should be."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from support.client import refused
from support.installation import Installation, free_port, stop_group


@pytest.fixture
def without_database(installation: Installation) -> Iterator[str]:
    """A second web server whose database is not there."""
    nowhere = f"postgresql://upline_app@127.0.0.1:{free_port()}/upline"
    yield from second_server(installation, nowhere)


@pytest.fixture
def with_an_empty_database(installation: Installation) -> Iterator[str]:
    """A second web server whose database was never migrated."""
    installation.postgres.create_database("never_migrated")
    url = urlsplit(installation.postgres.app_url)._replace(path="/never_migrated").geturl()
    yield from second_server(installation, url)
    installation.postgres.drop_database("never_migrated")


def second_server(installation: Installation, database_url: str) -> Iterator[str]:
    port = free_port()
    server = installation.start_server(port, DATABASE_URL=database_url)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        stop_group(server)


def test_an_unreachable_database_is_1112_and_worth_a_retry(without_database: str) -> None:
    headers = {"api_key": "any", "access_token": "any", "Origin": "https://shop.example.com"}
    for sent in (headers, {"api_key": "any"}):
        answer = httpx.get(f"{without_database}/api/profile/", headers=sent)
        refused(answer, 503, "1112")
        assert int(answer.headers["Retry-After"]) >= 1
        assert answer.headers["X-Request-Id"]
    preflight = headers | {"Access-Control-Request-Method": "POST"}
    answer = httpx.options(f"{without_database}/api/cart/checkout/", headers=preflight)
    assert answer.status_code < 500
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_what_needs_no_database_works_without_one(without_database: str) -> None:
    assert httpx.get(f"{without_database}/api/openapi.json").status_code == 200
    refused(httpx.get(f"{without_database}/api/no/such/"), 404, "1102")
    refused(httpx.patch(f"{without_database}/api/profile/"), 405, "1103")
    refused(httpx.get(f"{without_database}/api/profile/"), 401, "1001")


def test_an_error_of_ours_is_1105_and_gives_nothing_away(with_an_empty_database: str) -> None:
    answer = httpx.get(f"{with_an_empty_database}/api/profile/", headers={"api_key": "any"})
    refused(answer, 500, "1105")
    assert set(answer.json()["error"]) == {"code", "description"}
    assert "company_company" not in answer.text
    assert answer.headers["X-Request-Id"]
