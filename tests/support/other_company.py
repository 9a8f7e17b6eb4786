"""Another company than the tests' own: in a database and on a web server of its own."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from support import calling, company, warm
from support.client import Client, data
from support.installation import (
    MIGRATED,
    PASSWORD,
    ROOT_MEMBER,
    Installation,
    free_port,
    stop_group,
)
from support.moves import signup_fields


@dataclass
class OtherCompany:
    """A running company; `root` is signed in as its first member."""

    name: str
    base_url: str
    api_key: str
    environment: dict[str, str]
    installation: Installation
    server: "subprocess.Popen[bytes]"

    @property
    def root(self) -> Client:
        return self.member(ROOT_MEMBER)

    def member(self, username: str) -> Client:
        client = Client(self.base_url, self.api_key)
        client.sign_in(username, PASSWORD)
        return client

    def sign_up(self, caller: Client, username: str, sponsor: str, **more: Any) -> httpx.Response:
        """A free join; `more` are signup's parameters."""
        packages = data(caller.get("package/membership/"))["products"]
        fields = signup_fields(sponsor, packages[0]["id"], username=username)
        del fields["placement_username"], fields["position"]
        return caller.post("signup/", **fields | more)

    def sets(self, **settings: Any) -> None:
        """Change office settings."""
        self.does(company.change, settings)

    def does(self, work: Callable[..., Any], *given: Any) -> Any:
        """What a function of the tests returns that runs in this company, by way of JSON."""
        return does_in(self.environment, work, *given)

    def end(self) -> None:
        stop_group(self.server)
        self.installation.postgres.drop_database(self.name)


def other_company(
    installation: Installation,
    plan_kind: str,
    matrix_width: int | None = None,
    money: tuple[str, int] = ("EUR", 2),
    days_ago: int = 0,
) -> OtherCompany:
    """Found a company of this kind so many days ago, and serve it. `money` is its currency, with
    the decimals."""
    name, port = f"upline_{plan_kind}_{money[0].lower()}", free_port()
    environment, api_key = found_in(installation, name, plan_kind, matrix_width, money, days_ago)
    environment["UPLINE_BASE_URL"] = url = f"http://127.0.0.1:{port}"
    server = installation.start_server(port, environment=environment)
    return OtherCompany(name, url, api_key, environment, installation, server)


def found_in(
    installation: Installation,
    name: str,
    plan_kind: str,
    matrix_width: int | None = None,
    money: tuple[str, int] = ("EUR", 2),
    days_ago: int = 0,
) -> tuple[dict[str, str], str]:
    """Found a company in a new database of this name. Returns the environment that programs
    need to work in it, and an api key."""
    postgres = installation.postgres
    postgres.create_database(name, MIGRATED)
    environment = {
        "DATABASE_URL": postgres.url("upline_app", name),
        "DATABASE_OWNER_URL": postgres.url("upline_owner", name),
    }
    keys = does_in(environment, company.found_ago, days_ago, plan_kind, matrix_width, *money)
    return environment, keys[0]


def does_in(environment: dict[str, str], work: Callable[..., Any], *given: Any) -> Any:
    """What a function of the tests returns that runs in such a database, by way of JSON."""
    ran = warm.program(calling.program(work, given), environment)
    assert ran.returncode == 0, ran.stderr
    return calling.answered(ran.stdout)
