"""What a program may do with its api_key: each call needs a scope, and is refused without it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from support.cast import Cast, Player, unique
from support.client import Client, document, refused
from support.installation import PASSWORD, ROOT, Installation
from upline.api.http.registry import CALLS, Call
from upline.base.actors import ActingClient, ActingMember, Shell, Staff, scope_of
from upline.base.unit import UnitOfWork
from upline.company.models import ApiClient
from upline.flows import api_keys
from upline.flows.permissions import DEFAULT_SCOPES, SCOPES, TABLE, Right

OPEN = {"countries/", "countries/{country_id}/states/", "package/membership/", "package/cart/",
        "package/{package_id}/", "signup/fee/"}  # fmt: skip
KEY = {"Idempotency-Key": "once-and-for-all"}


@pytest.fixture
def program(cast: Cast) -> Iterator[tuple[Client, int]]:
    """A program through which anna has signed in, and the id of its key, which may do all."""
    name = unique("program")
    key = api_keys.create_key(UnitOfWork(Shell()), name, SCOPES)
    client = Client(cast.anna.client.base_url, key)
    client.sign_in(cast.anna.username, PASSWORD)
    yield client, ApiClient.objects.get(name=name).pk
    api_keys.revoke_key(UnitOfWork(Shell()), name)


def let(key: int, scopes: Any) -> None:
    api_keys.change_scopes(UnitOfWork(Shell()), key, list(scopes))


def ask(client: Client, each: Call, **fields: str) -> Any:
    path = re.sub(r"{\w+}", "1", each.path)
    return client.call(each.method, path, headers=KEY, data=fields)


def is_refused_for(answer: Any, scope: str) -> bool:
    return answer.status_code == 403 and f"the scope {scope}." in answer.text


def test_each_call_has_a_scope_or_reads_what_everybody_may() -> None:
    without = {each.path for each in CALLS if each.scope is None}
    assert without == OPEN | {"order/"}, "order/ asks by what is sent"
    assert {each.scope for each in CALLS if each.scope} == set(DEFAULT_SCOPES)


@pytest.mark.parametrize("scope", DEFAULT_SCOPES)
def test_a_call_is_refused_to_a_key_without_its_scope(
    program: tuple[Client, int], scope: Right, nothing_changes: Any
) -> None:
    client, key = program
    let(key, set(SCOPES) - {scope})
    its = [each for each in CALLS if each.scope == scope]
    assert its
    with nothing_changes():
        for each in its:
            answer = ask(client, each)
            refused(answer, 403, "1101")
            assert is_refused_for(answer, scope), each.path
    reads = [each for each in CALLS if each.method == "GET" and each.scope != scope]
    for each in reads:
        assert ask(client, each).status_code in {200, 404}, each.path


def test_reporting_and_completing_orders_take_each_its_own_scope(
    program: tuple[Client, int], nothing_changes: Any
) -> None:
    client, key = program
    sale = {"total_amount": "10.00", "total_quantity": "1", "total_pv": "5"}
    with nothing_changes():
        for scope, number in ((Right.REPORT_ORDERS, unique("sale")), (Right.PLACE_ORDERS, "UP-1")):
            let(key, set(SCOPES) - {scope})
            answer = client.post("order/", order_id=number, **sale)
            refused(answer, 403, "1101")
            assert is_refused_for(answer, scope)
    let(key, [Right.SIGN_MEMBERS_IN, Right.REPORT_ORDERS])
    assert client.post("order/", order_id=unique("sale"), **sale).status_code == 204


def test_a_key_whose_scopes_nobody_chose_may_do_all_that_is_published_and_report_nothing(
    cast: Cast,
) -> None:
    name = unique("app")
    api_keys.create_key(UnitOfWork(Shell()), name)
    scopes = ApiClient.objects.get(name=name).scopes
    assert set(scopes) == set(SCOPES) - {"orders:report"}
    assert {each.scope for each in CALLS if each.scope} <= set(scopes)


def test_every_key_reads_packages_prices_and_countries(
    program: tuple[Client, int], installation: Installation
) -> None:
    client, key = program
    let(key, [Right.REPORT_ORDERS])
    for path in ("package/membership/", "package/cart/", "signup/fee/", "countries/"):
        assert client.get(path).status_code == 200, path


def test_scopes_taken_away_are_gone_with_the_next_call_and_for_stored_answers_too(
    program: tuple[Client, int],
) -> None:
    client, key = program
    person = {"firstname": "Anna", "gender": "F", "date_of_birth": "1990-01-01"}
    for hit in (None, "true"):
        answer = client.call("PUT", "profile/personal/", headers=KEY, data=person)
        assert (answer.status_code, answer.headers.get("Idempotency-Hit")) == (204, hit)
    let(key, set(SCOPES) - {Right.CHANGE_PROFILES})
    answer = client.call("PUT", "profile/personal/", headers=KEY, data=person)
    assert is_refused_for(answer, Right.CHANGE_PROFILES)


def test_the_token_and_the_key_are_checked_before_the_scope(program: tuple[Client, int]) -> None:
    client, key = program
    let(key, [Right.REPORT_ORDERS])
    refused(Client(client.base_url, client.api_key, "unknown").get("profile/"), 401, "1002")
    refused(Client(client.base_url, "unknown", client.access_token).get("profile/"), 401, "1001")
    refused(client.get("profile/"), 403, "1101")
    # Before the body: nobody learns what else is wrong.
    refused(client.call("PUT", "profile/bank/", content=b"{", headers={
        "Content-Type": "application/json"}), 403, "1101")  # fmt: skip


def test_a_member_and_a_program_never_share_an_idempotency_key(cast: Cast) -> None:
    """What the member stored is not what the key alone is answered."""
    actors = (
        ActingClient(7),
        ActingMember(7),
        ActingMember(7, 7),
        ActingMember(5, 7),
        Staff(7),
        Staff(5),
    )
    assert len({scope_of(each) for each in actors}) == len(actors)


def test_the_docs_and_the_description_of_each_call_name_its_scope(mia: Player) -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    for scope in SCOPES:
        sentence = TABLE[scope].sentence
        assert f"| `{scope}` | {sentence[0].lower()}{sentence[1:]} |" in page
    served = document(mia.client.base_url)
    for each in CALLS:
        if each.scope:
            told = served["paths"][f"/api/{each.path}"][each.method.lower()]
            assert f"`{each.scope}`" in told["description"]
            assert "1101" in told["responses"]["403"]["description"]
