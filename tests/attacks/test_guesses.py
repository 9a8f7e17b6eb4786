"""Strangers guess at a name from everywhere; its owner gets in all the same."""

import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import pytest

from attacks.parallel import Gate, at_once
from attacks.planted import faulty_server
from support.cast import Player, unique
from support.client import Client, data, refused
from support.installation import (
    PASSWORD,
    STAFF_PASSWORD,
    TRANSACTION_PASSWORD,
    Installation,
    Server,
    free_port,
    stop_group,
)
from support.moves import payment
from support.office import Visitor, hire_staff, problems
from upline.base import clock, sql
from upline.base.models import Attempt
from upline.members import actions
from upline.members.models import LinkPurpose, User
from upline.members.security import devices

FRESH = "a fresh horse every day"
GUESSES = 1000
IPV6_SITE = "2001:db8:7:9"
OWNERS_ADDRESS = "198.51.100.7"


@pytest.fixture(scope="module")
def server(installation: Installation) -> Iterator[Server]:
    """A web server that takes a proxy's word for where requests come from."""
    port = free_port()
    process = installation.start_server(port, UPLINE_BEHIND_PROXY="on")
    yield installation.server._replace(base_url=f"http://127.0.0.1:{port}")
    stop_group(process)


class At(Client):
    """Somebody with the api key who calls from an address."""

    def __init__(self, server: Server, api_key: str, address: str) -> None:
        super().__init__(server.base_url, api_key)
        self.address = address

    def call(
        self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        forwarded = {"X-Forwarded-For": self.address}
        return super().call(method, path, headers=forwarded | (headers or {}), **more)


@pytest.fixture
def caller(server: Server, installation: Installation) -> Callable[[str], Client]:
    """Somebody at an address: `caller("192.0.2.1")`."""
    return partial(At, server, installation.api_key)


@pytest.fixture
def mia(player: Callable[..., Player]) -> Player:
    return player("mia")


def sign_in(client: Client, username: str, password: str, device_token: str = "") -> Any:
    sent = {"username": username, "password": password, "device_token": device_token}
    return client.post("auth/access/", **sent)


def code_of(answer: httpx.Response) -> str:
    return answer.json()["error"]["code"] if answer.status_code >= 400 else "in"


def strange_addresses(dice: random.Random) -> list[str]:
    """One that comes again and again, many of one household, many of the world."""
    return [
        "192.0.2.1",
        f"{IPV6_SITE}:{dice.randrange(2**16):x}::{dice.randrange(2**16):x}",
        f"2001:db8:{dice.randrange(2**16):x}:{dice.randrange(2**16):x}::1",
        f"10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(1, 255)}",
        OWNERS_ADDRESS,
    ]


@pytest.fixture
def foreign(caller: Callable[[str], Client], player: Callable[..., Player]) -> str:
    """Somebody else's device token."""
    gus = player("gus").username
    return str(data(sign_in(caller("192.0.2.9"), gus, PASSWORD))["device_token"])


def guess(
    caller: Callable[[str], Client], foreign: str, username: str, times: int, seed: int
) -> Counter[str]:
    """Guess at a member's name in every mixture of spellings, addresses and device tokens;
    how often each code came for the name."""
    dice = random.Random(seed)

    def one(_: int) -> str:
        name = dice.choice([username, username.upper(), username, unique("nobody")])
        address = dice.choice(strange_addresses(dice))
        token = dice.choice(["", "", "junk", foreign])
        code = code_of(sign_in(caller(address), name, "a wrong guess", token))
        return code if name.lower() == username else ""

    with ThreadPoolExecutor(24) as pool:
        return Counter(filter(None, pool.map(one, range(times))))


def guess_at_once(caller: Callable[[str], Client], server: Server, username: str) -> Counter[str]:
    """Guess at a name from 20 addresses at the same moment; how often each code came."""
    addresses = [f"192.0.2.{number}" for number in range(20)]
    guesses = [partial(sign_in, caller(each), username, "a wrong guess") for each in addresses]
    gate = Gate(len(guesses), "base_attempt", server.database)
    return Counter(code_of(answer) for answer in at_once(guesses, gate))


@pytest.fixture
def flood(caller: Callable[[str], Client], foreign: str) -> Callable[..., Counter[str]]:
    return partial(guess, caller, foreign)


def test_row_1_a_thousand_guesses_of_strangers_keep_no_owner_on_a_known_device_out(
    mia: Player, server: Server, caller: Callable[[str], Client], flood: Callable[..., Any]
) -> None:
    token = data(sign_in(caller(OWNERS_ADDRESS), mia.username, PASSWORD))["device_token"]
    seen = guess_at_once(caller, server, mia.username)
    seen += flood(mia.username, GUESSES, seed=1)
    assert seen["in"] == 0
    assert seen["1003"] <= 10, "judged"
    assert sum(seen.values()) > GUESSES / 2
    refused(sign_in(caller("203.0.113.5"), mia.username, PASSWORD), 429, "1005")
    for address in (OWNERS_ADDRESS, "203.0.113.5", "192.0.2.1"):
        answer = sign_in(caller(address), mia.username, PASSWORD, token)
        token = data(answer)["device_token"]


def test_row_1_the_thousand_guesses_notice_a_count_that_is_read_and_then_written(
    mia: Player, installation: Installation
) -> None:
    with faulty_server(installation, "guesses", UPLINE_BEHIND_PROXY="on") as server:
        seen = guess_at_once(partial(At, server, installation.api_key), server, mia.username)
    assert seen["1003"] > 10, "judged"


def test_row_1_a_thousand_guesses_keep_no_owner_with_a_mailed_link_out(
    mia: Player, server: Server, caller: Callable[[str], Client], flood: Callable[..., Any]
) -> None:
    flood(mia.username, 100, seed=2)
    home = caller("203.0.113.77")
    refused(sign_in(home, mia.username, PASSWORD), 429, "1005")
    secret = actions.make_link(mia.id, LinkPurpose.LOGIN_PASSWORD)
    set_by_link(f"{server.base_url}/link/login-password/{secret}/", "203.0.113.77")
    seen = flood(mia.username, 100, seed=3)
    assert seen["1003"] <= 10, "judged"
    refused(sign_in(caller("203.0.113.78"), mia.username, FRESH), 429, "1005")
    token = data(sign_in(home, mia.username, FRESH))["device_token"]
    assert sign_in(caller("203.0.113.78"), mia.username, FRESH, token).status_code == 200


def set_by_link(url: str, address: str) -> None:
    """Fill in the page of a mailed link that sets a password."""
    browser = httpx.Client(headers={"X-Forwarded-For": address}, timeout=30)
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(url).text)
    assert found
    form = {"csrfmiddlewaretoken": found[1], "password": FRESH, "again": FRESH}
    form["login_password"] = PASSWORD
    assert "<form" not in browser.post(url, data=form).text


def test_row_1_all_addresses_of_one_ipv6_site_are_one_guesser(
    mia: Player, caller: Callable[[str], Client]
) -> None:
    hosts = [f"{IPV6_SITE}::{number:x}" for number in range(1, 8)]
    codes = [code_of(sign_in(caller(each), mia.username, "wrong")) for each in hosts]
    assert codes == ["1003"] * 5 + ["1005"] * 2
    assert sign_in(caller("2001:db8:7:a::1"), mia.username, PASSWORD).status_code == 200
    mapped = ["::ffff:192.0.2.200", "192.0.2.200"] * 3
    codes = [code_of(sign_in(caller(each), mia.username, "wrong")) for each in mapped]
    assert codes == ["1003"] * 5 + ["1005"], "an IPv4 address in both spellings is one"


def test_ten_guesses_from_ten_places_lock_a_name_for_strangers(
    mia: Player, caller: Callable[[str], Client]
) -> None:
    places = [f"192.0.2.{number}" for number in range(100, 112)]
    codes = [code_of(sign_in(caller(each), mia.username, "wrong")) for each in places]
    assert codes == ["1003"] * 10 + ["1005"] * 2


def test_the_delay_rises_for_who_goes_on_guessing_at_a_name(
    mia: Player, caller: Callable[[str], Client]
) -> None:
    for turn in range(3):
        for number in range(10):
            sign_in(caller(f"192.0.2.{10 * turn + number}"), mia.username, "wrong")
        quarter = timedelta(minutes=15)
        sql.run("UPDATE base_attempt SET at = at - %s", [quarter])
    answer = sign_in(caller("192.0.2.99"), mia.username, PASSWORD)
    refused(answer, 429, "1005")
    assert int(answer.headers["Retry-After"]) > 2 * 3600


def test_a_known_device_has_five_guesses_of_its_own(
    mia: Player, caller: Callable[[str], Client]
) -> None:
    home = caller(OWNERS_ADDRESS)
    token = data(sign_in(home, mia.username, PASSWORD))["device_token"]
    other = data(sign_in(home, mia.username, PASSWORD))["device_token"]
    codes = [code_of(sign_in(home, mia.username, "wrong", token)) for _ in range(6)]
    assert codes == ["1003"] * 5 + ["1005"]
    assert sign_in(home, mia.username, PASSWORD, other).status_code == 200
    assert sign_in(home, mia.username, PASSWORD).status_code == 200


def test_many_devices_give_whoever_had_the_password_no_more_than_twenty_guesses(
    mia: Player, caller: Callable[[str], Client]
) -> None:
    thief = caller("192.0.2.66")
    tokens = [data(sign_in(thief, mia.username, PASSWORD))["device_token"] for _ in range(8)]
    guesses = [(token, code_of(sign_in(thief, mia.username, "wrong", token)))
               for token in tokens * 5]  # fmt: skip
    assert Counter(code for _, code in guesses) == {"1003": 20, "1005": 20}


def test_a_device_token_ends_with_the_password_and_where_it_was_set_is_known(
    mia: Player, caller: Callable[[str], Client], flood: Callable[..., Any]
) -> None:
    home, thief = caller("203.0.113.77"), caller("192.0.2.66")
    old = data(sign_in(thief, mia.username, PASSWORD))["device_token"]
    home.access_token = data(sign_in(home, mia.username, PASSWORD))["access_token"]
    body = {"current_password": PASSWORD, "new_password": FRESH, "password_confirmation": FRESH}
    assert home.put("profile/password/", **body).status_code == 204
    flood(mia.username, 60, seed=4)
    refused(sign_in(thief, mia.username, FRESH, old), 429, "1005")
    assert sign_in(home, mia.username, FRESH).status_code == 200


def test_nobody_elses_and_no_old_device_token_is_known(
    mia: Player, player: Callable[..., Player], caller: Callable[[str], Client]
) -> None:
    stored = User.objects.get(pk=mia.id).password
    theirs = data(sign_in(caller("192.0.2.4"), player("nora").username, PASSWORD))["device_token"]
    mine = devices.token_for(mia.id, stored)
    known = [
        devices.known_as(mia.username, mia.id, stored, token, "")
        for token in (mine, mine[:-1], theirs, "", "é" * 50)
    ]
    assert known[0]
    assert known[1:] == ["", "", "", ""]
    for days, is_known in ((89, True), (91, False)):
        with clock.pinned(clock.now() + timedelta(days=days)):
            assert bool(devices.known_as(mia.username, mia.id, stored, mine, "")) is is_known


def test_staff_at_a_known_browser_get_in_while_strangers_guess(server: Server) -> None:
    username = hire_staff()
    known = Visitor(server.base_url)
    assert known.sign_in(username, STAFF_PASSWORD).status_code == 302
    known.http.cookies.delete("office")
    for number in range(12):
        stranger = Visitor(server.base_url)
        stranger.http.headers["X-Forwarded-For"] = f"192.0.2.{number}"
        answer = stranger.sign_in(username, "wrong")
    assert problems(answer).startswith("Too many failed logins.")
    assert problems(Visitor(server.base_url).sign_in(username, STAFF_PASSWORD)).startswith(
        "Too many"
    )
    assert known.sign_in(username, STAFF_PASSWORD).status_code == 302


def test_a_transaction_password_set_by_a_mailed_link_can_be_used_at_once(
    mia: Player, server: Server, fill: Callable[..., None]
) -> None:
    fill(mia, "10.00")
    wrong = payment(mia.username, "1", transaction_password="wrong")
    for _ in range(3):
        mia.client.post("ewallet/payment/", **wrong)
    right = payment(mia.username, "1", transaction_password=TRANSACTION_PASSWORD)
    refused(mia.client.post("ewallet/payment/", **right), 429, "1104")
    secret = actions.make_link(mia.id, LinkPurpose.TRANSACTION_PASSWORD)
    set_by_link(f"{server.base_url}/link/transaction-password/{secret}/", "192.0.2.1")
    fresh = payment(mia.username, "1", transaction_password=FRESH)
    assert mia.client.post("ewallet/payment/", **fresh).status_code == 204


BUSY = {
    "UPLINE_BEHIND_PROXY": "on",
    "UPLINE_PASSWORDS_WAITING": "6",
    "UPLINE_HASHES_AT_ONCE": "2",
    "UPLINE_CHEAP_HASHES": "off",
}


@dataclass
class Rush:
    """How a server answered the owner of a name, and strangers by the names they tried."""

    owners: list[httpx.Response]
    strangers: dict[str, httpx.Response]


def rush(server: Server, installation: Installation, owner: Player) -> Rush:
    """Sixty strangers at once, for as long as the owner signs in on a known device."""
    done = threading.Event()
    caller = partial(At, server, installation.api_key)
    token = data(sign_in(caller(OWNERS_ADDRESS), owner.username, PASSWORD))["device_token"]

    def stranger(number: int) -> dict[str, httpx.Response]:
        answers: dict[str, httpx.Response] = {}
        while not done.is_set() and len(answers) < 30:
            name = unique("nobody")
            answers[name] = sign_in(caller(f"192.0.2.{number}"), name, "wrong")
        return answers

    def own() -> dict[str, httpx.Response]:
        home = caller("203.0.113.5")
        try:
            return {str(n): sign_in(home, owner.username, PASSWORD, token) for n in range(10)}
        finally:
            done.set()

    work: list[Callable[[], dict[str, httpx.Response]]] = [partial(stranger, n) for n in range(60)]
    *strangers, owners = at_once([*work, own])
    return Rush(list(owners.values()), {n: a for few in strangers for n, a in few.items()})


def test_sixty_checks_of_strangers_at_once_are_bounded_and_keep_no_known_device_out(
    mia: Player, installation: Installation
) -> None:
    """Those for whom there is no room are told to come back; their attempts are not counted."""

    port = free_port()
    process = installation.start_server(port, environment=BUSY)
    try:
        server = installation.server._replace(base_url=f"http://127.0.0.1:{port}")
        seen = rush(server, installation, mia)
    finally:
        stop_group(process)
    assert [answer.status_code for answer in seen.owners] == [200] * 10
    codes = {name: code_of(answer) for name, answer in seen.strangers.items()}
    assert set(codes.values()) == {"1003", "1104"}
    counted = set(Attempt.objects.filter(kind="login").values_list("subject", flat=True))
    assert {name for name in codes if name in counted} == {
        name for name, code in codes.items() if code == "1003"
    }
    for answer in seen.strangers.values():
        if code_of(answer) == "1104":
            assert 1 <= int(answer.headers["Retry-After"]) <= 5


def test_the_sixty_notice_a_queue_that_keeps_no_place_for_known_devices(
    mia: Player, installation: Installation
) -> None:
    """Whether the owner finds a place is a matter of luck then: sooner or later they do not."""
    with faulty_server(installation, "hashing", **BUSY) as server:
        rushes = (rush(server, installation, mia).owners for _ in range(20))
        assert any("1104" in map(code_of, answers) for answers in rushes)
