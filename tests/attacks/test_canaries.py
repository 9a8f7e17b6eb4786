"""Secrets that were sent through the API are nowhere in clear: not in a log, an answer, a mail,
or a dump of the database. And what is sealed opens in its own place only."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from attacks.planted import dump
from attacks.timing import ratio_of
from support.cast import Cast, Player
from support.client import Client, data, refused
from support.installation import (
    PASSWORD,
    TRANSACTION_PASSWORD,
    Installation,
    free_port,
    stop_group,
)
from support.moves import signup_fields, worker_looks_up
from upline.base import sql
from upline.members import actions as members
from upline.members.models import LinkPurpose, User

PREFER = {"Prefer": "return=representation"}


@dataclass
class Server:
    """A server of its own whose every word is kept."""

    base_url: str
    log: Path
    refusals: list[str] = field(default_factory=list)

    def said(self) -> str:
        return self.log.read_text(errors="replace")


@pytest.fixture
def server(installation: Installation, tmp_path: Path) -> Iterator[Server]:
    log, port = tmp_path / "server.log", free_port()
    with log.open("wb") as target:
        process = installation.start_server(port, log=target)
    yield Server(f"http://127.0.0.1:{port}", log)
    stop_group(process)


class Teller(Client):
    """A client that keeps the text of all refusals."""

    def __init__(self, server: Server, api_key: str, access_token: str = "") -> None:
        super().__init__(server.base_url, api_key, access_token)
        self.refusals = server.refusals

    def call(self, method: str, path: str, *more: Any, **named: Any) -> httpx.Response:
        answer = super().call(method, path, *more, **named)
        if answer.status_code >= 400:
            self.refusals.append(answer.text)
        return answer


def canary(what: str) -> str:
    return f"canary-{what}-7Hq4vT9z"


def test_no_secret_that_was_sent_is_left_anywhere_in_clear(
    installation: Installation,
    server: Server,
    cast: Cast,
    product: Callable[[str], int],
    fill: Callable[[Player, str], None],
    give_epin: Callable[..., str],
    office_sets: Callable[..., None],
) -> None:
    office_sets(transaction_password_limit_by_guesser=0)
    fill(cast.anna, "300.00")
    epin = give_epin(cast.anna, "50.00")
    teller = Teller(server, installation.api_key, cast.anna.client.access_token)
    secrets = [epin, epin.replace("-", ""), installation.api_key, installation.store_api_key]
    secrets += [PASSWORD, TRANSACTION_PASSWORD, cast.anna.client.access_token]
    secrets += tell_passwords(teller, cast, product("starter"))
    secrets += tell_bank_data(teller)
    secrets += tell_epins(teller, epin)
    secrets += tell_credentials(server, installation, cast)
    secrets += use_links(server, cast)
    secrets += tell_in_broken_bodies(teller)
    assert len(server.refusals) > 30, "refusals are where secrets are echoed"
    assert server.said(), "refused forms are logged"
    database = dump(installation)
    mails = [line for line in database.splitlines() if b"reset_login" in line]
    assert mails, "the dump holds the rows"
    assert cast.anna.username.encode() in database
    places = {
        "the log": server.said().encode(),
        "the answers": "\n".join(server.refusals).encode(),
        "the database": database,
        "the database's log": installation.postgres.log.read_bytes(),
    }
    for place, content in places.items():
        for secret in secrets:
            for form in (secret, secret.encode().hex(), secret.lower(), secret.upper()):
                assert form.encode() not in content, f"{secret} is in {place}"


def tell_passwords(teller: Teller, cast: Cast, starter: int) -> list[str]:
    """Sign up, sign in, change passwords: rightly and wrongly."""
    first, second, wrong = canary("first"), canary("second"), canary("wrong")
    wallet, wrong_wallet = canary("wallet"), canary("wrong-wallet")
    fields = signup_fields(cast.anna.username, starter, placement_username=cast.dan.username)
    fields |= {"password": first, "password_confirmation": first}
    teller.post("signup/", **fields | {"password_confirmation": wrong})
    teller.post("signup/", **fields | {"date_of_birth": canary("birth")})
    teller.post("signup/", **fields | {"payment_method": "ewallet", "transaction_password": wrong})
    made = teller.call(
        "POST", "signup/", data=fields, headers={"Idempotency-Key": "a-signup-with-a-key"}
    )
    assert made.status_code == 201, made.text
    new = Teller(_server_of(teller), teller.api_key)
    new.post("auth/access/", username=fields["username"], password=wrong)
    new.sign_in(fields["username"], first)
    token = new.access_token
    change = {"new_password": second, "password_confirmation": second}
    new.put("profile/password/", current_password=wrong, **change)
    new.put("profile/personal/", current_password=first, new_password=second, firstname="x")
    new.put("profile/password/", current_password=first, **change)
    new.sign_in(fields["username"], second)
    change = {"new_password": wallet, "password_confirmation": wallet}
    teller.put("ewallet/password/", current_password=wrong_wallet, **change)
    answer = teller.put("ewallet/password/", current_password=TRANSACTION_PASSWORD, **change)
    assert answer.status_code == 204, answer.text
    pay = {"payment_amount": "5", "purpose": "purchase", "ewallet_username": cast.anna.username}
    for password in (wrong_wallet, wallet):
        teller.call(
            "POST",
            "ewallet/payment/",
            data=pay | {"transaction_password": password},
            headers={"Idempotency-Key": f"pay-with-{len(password)}"},
        )
    return [first, second, wrong, wallet, wrong_wallet, token, new.access_token]


def _server_of(teller: Teller) -> Server:
    return Server(teller.base_url, Path(), teller.refusals)


def tell_bank_data(teller: Teller) -> list[str]:
    """Bank data, answered whole and kept with the stored answer of a key."""
    told = {name: canary(name) for name in ("account_number", "pan", "ifsc", "account_holder")}
    headers = PREFER | {"Idempotency-Key": "bank-data-with-a-key"}
    for _ in range(2):
        answer = teller.call("PUT", "profile/bank/", data=told, headers=headers)
        assert data(answer)["pan"] == told["pan"]
    teller.call("PUT", "profile/bank/", data=told | {"pan": "1"}, headers=headers)
    teller.put("profile/bank/", **told | {"bank_name": "x" * 500})
    teller.put("profile/personal/", **told | {"firstname": "x"})
    teller.call("PUT", "profile/bank/", json=told | {"bank_name": {"a": 1}})
    ask_to_be_paid(teller)
    return list(told.values())


def ask_to_be_paid(teller: Teller) -> None:
    """The bank data are kept with the payout too."""
    for password in (canary("wrong-wallet"), canary("wallet")):
        sent = {"amount": "5", "transaction_password": password}
        headers = {"Idempotency-Key": f"a-payout-with-{len(password)}"}
        answer = teller.call("POST", "payouts/", data=sent, headers=headers)
    assert answer.status_code == 201, answer.text


def tell_epins(teller: Teller, code: str) -> list[str]:
    unknown = "ZZZZ-7HQ4-VT9Z-CANA"
    for each, amount in ((unknown, "5"), (code, "5000"), (code, "5"), (code, "x"), (code, "5.001")):
        teller.post("epin/payment/", payment_amount=amount, epin_code=each)
    teller.post("cart/checkout/", payment_method="epin", epin_code=code)
    assert code in teller.get("epins/").text
    return [unknown]


def tell_credentials(server: Server, installation: Installation, cast: Cast) -> list[str]:
    """Wrong keys and tokens, in every header that carries them, and in the address."""
    key, token = canary("api-key"), canary("access-token")
    Teller(server, key).get("profile/")
    Teller(server, installation.api_key, token).get("profile/")
    bearer = {"Authorization": f"Bearer {token}", "access_token": ""}
    good = cast.ben.client.access_token
    teller = Teller(server, installation.api_key, good)
    teller.call("GET", "profile/", headers=bearer)
    teller.call("GET", "profile/", headers={"api_key": f"{key},{key}"})
    teller.post("auth/logout/")
    teller.get("profile/")
    in_address = {"api_key": installation.api_key, "access_token": good}
    server.refusals.append(httpx.get(f"{server.base_url}/api/nowhere/", params=in_address).text)
    return [key, token, good]


def use_links(server: Server, cast: Cast) -> list[str]:
    """Use a link twice, and open one that never was; both are secrets in an address."""

    new, unknown = canary("reset"), canary("link")
    secret = members.make_link(cast.dan.id, LinkPurpose.LOGIN_PASSWORD)
    cast.dan.client.post("profile/password/forget/", username=cast.dan.username)
    worker_looks_up()
    with httpx.Client(base_url=server.base_url) as browser:
        for each in (secret, secret, unknown):
            address = f"/link/login-password/{each}/"
            page = browser.get(address).text
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
            form = {"csrfmiddlewaretoken": token[1] if token else "", "password": new}
            browser.post(address, data=form | {"again": canary("again")})
            browser.post(address, data=form | {"again": new})
            browser.post(address, data=form | {"csrfmiddlewaretoken": "x", "again": new})
            browser.request("DELETE", address)
    return [new, canary("again"), secret, unknown]


def tell_in_broken_bodies(teller: Teller) -> list[str]:
    """Secrets in what cannot be read at all."""
    secret = canary("broken")
    kinds = {
        "application/json": '{"password": "%s"',
        "application/x-www-form-urlencoded": "password=%s&%%zz=%%ff&a=1&a=2",
        "multipart/form-data; boundary=x": '--x\r\nContent-Disposition: name="password"\r\n\r\n%s',
        "text/plain": "password=%s",
        "application/json; charset=utf-16": '{"password": "%s"}',
    }
    for kind, body in kinds.items():
        content = (body % secret).encode()
        for method, path in (("POST", "auth/access/"), ("PUT", "profile/bank/")):
            teller.call(method, path, content=content, headers={"Content-Type": kind})
    teller.call("POST", "auth/access/", json={"username": [secret], "password": {"x": secret}})
    teller.call("POST", "auth/access/", json={"username": f"{secret}\x00", "password": 5.5})
    return [secret]


# --- What is sealed ------------------------------------------------------------------------


def swap(table: str, key: str, column: str, first: int | bytes, second: int | bytes) -> None:
    """Let two rows of a table exchange one column, as somebody inside the database might."""
    sql.run(
        f"""UPDATE {table} mine SET {column} = other.{column} FROM {table} other
            WHERE mine.{key} IN (%(a)s, %(b)s) AND other.{key} IN (%(a)s, %(b)s)
              AND mine.{key} <> other.{key}""",
        {"a": first, "b": second},
    )


def test_bank_data_moved_to_another_member_open_for_nobody(cast: Cast) -> None:
    """Refused with 500, and nothing is written over it: an empty field would invite the member
    to type the data in again, over what cannot be read."""
    for who in (cast.anna, cast.ben):
        who.client.put("profile/bank/", account_number=f"N-{who.username}", pan=f"P-{who.id}")
    swap("members_member", "user_id", "bank_sealed", cast.anna.id, cast.ben.id)
    answer = cast.anna.client.get("profile/")
    refused(answer, 500, "1105")
    assert cast.ben.username not in answer.text
    refused(cast.anna.client.put("profile/bank/", pan="new"), 500, "1105")
    swap("members_member", "user_id", "bank_sealed", cast.anna.id, cast.ben.id)
    assert data(cast.anna.client.get("profile/"))["pan"] == f"P-{cast.anna.id}"


def test_a_persons_key_moved_to_another_member_opens_nothing(cast: Cast) -> None:
    for who in (cast.anna, cast.ben):
        who.client.put("profile/bank/", account_number=f"N-{who.username}")
    swap("base_personkey", "user_id", "wrapped", cast.anna.id, cast.ben.id)
    refused(cast.anna.client.get("profile/"), 500, "1105")
    swap("members_member", "user_id", "bank_sealed", cast.anna.id, cast.ben.id)
    refused(cast.anna.client.get("profile/"), 500, "1105")  # both moved: the place still differs


def test_an_epins_code_moved_to_another_row_is_shown_to_nobody(
    cast: Cast, give_epin: Callable[..., str]
) -> None:
    codes = [give_epin(cast.anna, "5.00"), give_epin(cast.ben, "5.00")]
    ids = [
        sql.number("SELECT max(id) FROM epins_epin WHERE owner_id = %s", [who.id])
        for who in (cast.anna, cast.ben)
    ]
    swap("epins_epin", "id", "sealed", *ids)
    answer = cast.anna.client.get("epins/")
    refused(answer, 500, "1105")
    assert codes[1] not in answer.text


def test_a_stored_answer_moved_to_another_key_is_not_given(cast: Cast) -> None:
    for who in (cast.anna, cast.ben):
        headers = PREFER | {"Idempotency-Key": "the-same-for-both"}
        fields = {"pan": f"P-{who.username}"}
        who.client.call("PUT", "profile/bank/", data=fields, headers=headers)
    first, second = sql.values(
        bytes,
        "SELECT digest FROM base_storedanswer WHERE member_id IN (%s, %s)",
        [cast.anna.id, cast.ben.id],
    )
    swap("base_storedanswer", "digest", "sealed", first, second)
    answer = cast.anna.client.call(
        "PUT",
        "profile/bank/",
        data={"pan": f"P-{cast.anna.username}"},
        headers=PREFER | {"Idempotency-Key": "the-same-for-both"},
    )
    refused(answer, 500, "1105")


# --- Who is known --------------------------------------------------------------------------


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(
    cast: Cast, stranger: Client, office_sets: Callable[..., None]
) -> None:
    office_sets(login_limit=0, login_limit_by_address=0)
    names = (cast.anna.username, "nobody-of-this-name", "x" * 150)
    answers = [stranger.post("auth/access/", username=name, password="wrong") for name in names]
    for answer in answers:
        refused(answer, 401, "1003")
    assert len({answer.text for answer in answers}) == 1
    assert len({tuple(sorted(without_moment(answer))) for answer in answers}) == 1


def without_moment(answer: httpx.Response) -> list[tuple[str, str]]:
    moving = {"date", "x-request-id"}
    return [(name, value) for name, value in answer.headers.items() if name not in moving]


WRONG = {"password": "wrong"}


def test_a_wrong_password_and_an_unknown_name_take_the_same_time(
    installation: Installation, cast: Cast, office_sets: Callable[..., None]
) -> None:
    """With the real hash, which takes a hundred times as long as all the rest of the call."""
    office_sets(login_limit=0, login_limit_by_address=0)
    port = free_port()
    process = installation.start_server(port, UPLINE_CHEAP_HASHES="off")
    try:
        client = Client(f"http://127.0.0.1:{port}", installation.api_key)
        slow = signed_with_the_real_hash(cast.anna)
        ratio = ratio_of(
            lambda: refused(client.post("auth/access/", username=slow, **WRONG), 401, "1003"),
            lambda: refused(client.post("auth/access/", username="nobody", **WRONG), 401, "1003"),
            8,
        )
    finally:
        stop_group(process)
    assert 0.5 < ratio < 2


def signed_with_the_real_hash(who: Player) -> str:
    """Give a member a password hashed as in earnest; the tests' own hashes are cheap."""

    real = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1).hash(PASSWORD)
    User.objects.filter(pk=who.id).update(password=f"argon2{real}")
    return who.username
