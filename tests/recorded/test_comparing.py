"""The comparison of recorded answers notices what it must, and allows no more than it may."""

import copy
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from recorded.comparing import ADDED, BREACH, TEXT, differences
from recorded.masks import Masks
from recorded.recorder import Caller, Recorder, read
from recorded.telling import compare
from support.cast import Cast
from support.installation import Installation

Entry = dict[str, Any]
REFUSED = {
    "call": "POST order/", "as": "anna", "status": 422,
    "answer": {"status": False, "error": {
        "code": "1004", "description": "Some of the parameters cannot be used.",
        "fields": {"order_id": "This is required."},
    }},
}  # fmt: skip
ANSWERED = {
    "call": "GET orders/", "as": "anna", "status": 200, "headers": {"location": "/api/orders/"},
    "answer": {"status": True, "data": {
        "orders": [{"order_id": "<order 1>", "total_amount": Decimal("12.5"), "product_id":
                    "<int product 1>", "lines": [1, 2], "reason": "", "closed": None}],
        "next_cursor": None,
    }},
}  # fmt: skip

EXPLAINED = {
    "call": "GET earnings/<run 1>/", "as": "anna", "status": 200,
    "answer": {"status": True, "data": {"sentence": "Tax: 5 % of 90.00 not taxed so far"}},
}  # fmt: skip
STATEMENT = {
    "call": "GET earnings/<run 1>/statement/?format=csv", "as": "anna", "status": 200,
    "answer": ["line,what,from,amount", '1,tax,"Tax: 5 % of 90.00, not taxed",-4.50'],
}  # fmt: skip


def error(entry: Entry) -> Entry:
    found: Entry = entry["answer"]["error"]
    return found


def order(entry: Entry) -> Entry:
    found: Entry = entry["answer"]["data"]["orders"][0]
    return found


def reordered(entry: Entry) -> None:
    order(entry)["order_id"] = order(entry).pop("order_id")


def added_in_front(entry: Entry) -> None:
    whole = dict(order(entry))
    order(entry).clear()
    order(entry).update({"new": 1} | whole)


def explained(text: str) -> Callable[[Entry], Any]:
    return lambda entry: entry["answer"]["data"].update(sentence=text)


def stated(line: str) -> Callable[[Entry], Any]:
    return lambda entry: entry["answer"].__setitem__(1, line)


ALLOWED: list[tuple[Entry, Callable[[Entry], Any], str]] = [
    (REFUSED, lambda entry: error(entry).update(description="Check the parameters."), TEXT),
    (REFUSED, lambda entry: error(entry)["fields"].update(order_id="Missing."), TEXT),
    (ANSWERED, lambda entry: order(entry).update(position_id=7), ADDED),
    (ANSWERED, lambda entry: entry["answer"]["data"].update(total=0), ADDED),
    (REFUSED, lambda entry: error(entry).update(hint="Read on."), ADDED),
    (EXPLAINED, explained("Tax: 5 % of the untaxed 90.00"), TEXT),
    (STATEMENT, stated("1,tax,Tax: 5 % of the untaxed 90.00,-4.50"), TEXT),
]
BREACHES: list[tuple[Entry, Callable[[Entry], Any]]] = [
    (REFUSED, lambda entry: entry.update(status=400)),
    (REFUSED, lambda entry: error(entry).update(code="1013")),
    (REFUSED, lambda entry: error(entry).update(code=1004)),
    (REFUSED, lambda entry: error(entry).update(description="")),
    (REFUSED, lambda entry: error(entry)["fields"].update(total_pv="Missing.")),
    (REFUSED, lambda entry: error(entry)["fields"].clear()),
    (REFUSED, lambda entry: error(entry).pop("fields")),
    (REFUSED, lambda entry: entry.pop("answer")),
    (REFUSED, lambda entry: entry.update(headers={"retry-after": "<seconds>"})),
    (ANSWERED, lambda entry: order(entry).update(total_amount=Decimal("12.51"))),
    (ANSWERED, lambda entry: order(entry).update(total_amount="12.5")),
    (ANSWERED, lambda entry: order(entry).update(product_id="<product 1>")),
    (ANSWERED, lambda entry: order(entry).update(order_id="<order 2>")),
    (ANSWERED, lambda entry: order(entry).update(reason=None)),
    (ANSWERED, lambda entry: order(entry).update(closed="")),
    (ANSWERED, lambda entry: order(entry).pop("reason")),
    (ANSWERED, lambda entry: order(entry)["lines"].append(3)),
    (ANSWERED, lambda entry: order(entry)["lines"].reverse()),
    (ANSWERED, lambda entry: entry["answer"].update(status=1)),
    (ANSWERED, lambda entry: entry["headers"].update(location="/api/order/")),
    (ANSWERED, lambda entry: entry["headers"].clear()),
    (ANSWERED, lambda entry: entry.update(call="GET order/")),
    (ANSWERED, reordered),
    (ANSWERED, added_in_front),
    (EXPLAINED, explained("Tax: 5 % of 91.00 not taxed so far")),
    (EXPLAINED, explained("")),
    (STATEMENT, stated('1,tax,"Tax: 5 % of 90.00, not taxed",-4.51')),
    (STATEMENT, stated('1,tax,"Tax: 6 % of 90.00, not taxed",-4.50')),
    (STATEMENT, stated('1,levy,"Tax: 5 % of 90.00, not taxed",-4.50')),
    (STATEMENT, stated('1,tax,"Tax: 5 % of 90.00, not taxed"')),
]


def planted(entry: Entry, change: Callable[[Entry], Any]) -> list[str]:
    """The kinds of difference between an answer and the same with a change."""
    after = copy.deepcopy(entry)
    change(after)
    return [each.kind for each in differences("scene", [entry], [after])]


@pytest.mark.parametrize(("entry", "change", "kind"), ALLOWED)
def test_other_words_and_new_keys_at_the_end_are_allowed(
    entry: Entry, change: Callable[[Entry], Any], kind: str
) -> None:
    assert planted(entry, change) == [kind]


@pytest.mark.parametrize(("entry", "change"), BREACHES)
def test_any_other_difference_is_a_breach(entry: Entry, change: Callable[[Entry], Any]) -> None:
    assert BREACH in planted(entry, change)


def test_a_breach_and_a_missing_answer_make_the_comparison_fail() -> None:
    after = copy.deepcopy(REFUSED)
    error(after)["description"] = "In other words."
    assert compare({"one": [REFUSED]}, {"one": [after]}) == 0
    after["status"] = 400
    assert compare({"one": [REFUSED]}, {"one": [after]}) == 1
    assert compare({"one": [REFUSED]}, {"one": []}) == 1
    assert compare({"one": [REFUSED]}, {}) == 1
    assert compare({}, {"one": [REFUSED]}) == 1, "nothing was recorded"


def test_an_id_has_the_same_mask_wherever_it_occurs() -> None:
    masks = Masks("http://127.0.0.1:1")
    listed = masks.answer({"products": [{"id": 7}, {"id": 3}]}, "package/cart/")
    assert listed == {"products": [{"id": "<int product 1>"}, {"id": "<int product 2>"}]}
    assert masks.sent({"product_id": "3", "quantity": 3}) == {
        "product_id": "<product 2>", "quantity": 3,
    }  # fmt: skip
    assert masks.address("package/7/") == "package/<product 1>/"
    assert masks.address("package/8/") == "package/8/", "no answer has named it"
    text = "UP-0123456789AB of run 4 at 2027-03-30T08:01:02Z, UP-0123456789AB"
    assert masks.text(text) == "<order 1> of run <run 1> at 2027-03-30T<time>, <order 1>"


def test_two_recordings_of_a_member_are_alike_until_an_answer_changes(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    anna = Caller("anna", cast.anna.client.api_key, cast.anna.client.access_token)

    def record(name: str) -> dict[str, list[Entry]]:
        recorder = Recorder(installation.base_url)
        recorder.begin("profile")
        recorder.call(anna, "GET", "profile/")
        recorder.call(anna, "GET", "orders/")
        recorder.call(anna, "POST", "order/", form={"order_id": "UP-000000000000"})
        recorder.call(anna, "GET", "profile/", headers={"access_token": "unknown"})
        recorder.write(tmp_path / name)
        return read(tmp_path / name)

    before = record("before")
    assert [each["status"] for each in before["profile"]] == [200, 200, 422, 401]
    assert compare(before, record("again")) == 0
    changed = {"firstname": "Anne", "gender": "F", "date_of_birth": "1990-05-17"}
    assert cast.anna.client.put("profile/personal/", **changed).status_code == 204
    after = record("after")
    found = list(differences("profile", before["profile"], after["profile"]))
    assert {each.where for each in found} == {"answer.data.firstname", "answer.data.gender"}
    assert compare(before, after) == 1
