"""The OpenAPI document: complete, and true of what is served."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from support.client import document
from support.installation import Installation
from upline.api import routes as _  # noqa: F401 - fills CALLS
from upline.api.http.registry import CALLS

ENCODINGS = {"application/x-www-form-urlencoded", "multipart/form-data", "application/json"}

# Each call's own address, and the published one where it differs; without the parameters.
CANONICAL = """
POST auth/access/            POST signup/                    GET profile/
POST profile/image/          GET profile/image/              PUT profile/personal/
PUT profile/contact/         PUT profile/bank/               PUT profile/password/
POST profile/password/forget/ PUT ewallet/password/          POST ewallet/password/forget/
GET ewallet/balance/         POST order/                     POST ewallet/payment/
POST epin/payment/           GET package/membership/         GET signup/fee/
GET package/cart/            GET package/{package_id}/       POST cart/products/
PUT cart/products/           DELETE cart/products/           DELETE cart/products/all/
GET cart/products/           POST cart/shipping_address/     DELETE cart/shipping_address/
GET cart/shipping_address/   POST cart/shipping_address/default/ POST cart/checkout/
"""
PRINTED = """
POST profile/personal/       POST ewallet/balance/           POST signup/fee/
POST package/cart/           POST cart/products/all/
"""
ADDED = """
POST profile/email/confirmation/
GET profile/language/         PUT profile/language/
POST auth/logout/            POST ewallet/payment/refund/    GET ewallet/transactions/
GET epins/                   GET orders/                     GET orders/{order_id}/
DELETE orders/{order_id}/    GET network/tree/               GET countries/
GET countries/{country_id}/states/
GET network/positions/       GET network/waiting/            PUT network/waiting/{username}/
POST payouts/                 GET payouts/                    GET payouts/{payout_id}/
DELETE payouts/{payout_id}/
GET earnings/current/  GET earnings/                 GET earnings/{earning_id}/
GET earnings/{earning_id}/lines/{number}/
GET earnings/{earning_id}/statement/                           GET ranks/me/
POST customers/                GET customers/link/
GET network/team/              GET network/team/{username}/
GET profile/visibility/        PUT profile/visibility/
"""
PLAIN_MISTAKES = {"POST profile/personal/", "POST cart/products/all/"}
CODES = [str(code) for code in [*range(1001, 1020), *range(1100, 1114)]]


@pytest.fixture
def served(installation: Installation) -> dict[str, Any]:
    return document(installation.base_url)


def calls(text: str) -> set[str]:
    words = text.split()
    return {f"{method} {path}" for method, path in zip(words[::2], words[1::2], strict=True)}


def operations(served: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path.removeprefix('/api/')}": operation
        for path, methods in served["paths"].items()
        for method, operation in methods.items()
    }


def test_every_call_that_is_served_is_documented_and_no_other(served: dict[str, Any]) -> None:
    routes = [f"{call.method} {call.path}" for call in CALLS]
    assert sorted(operations(served)) == sorted(routes), "each once"


@pytest.mark.parametrize("column", [CANONICAL, PRINTED, ADDED], ids=["ours", "printed", "added"])
def test_every_call_of_the_contract_is_in_it(served: dict[str, Any], column: str) -> None:
    assert calls(column) <= set(operations(served))


def test_nothing_is_in_it_that_the_contract_does_not_know(served: dict[str, Any]) -> None:
    assert set(operations(served)) == calls(CANONICAL) | calls(PRINTED) | calls(ADDED)


def test_plain_mistakes_and_nothing_else_are_deprecated(served: dict[str, Any]) -> None:
    deprecated = {name for name, each in operations(served).items() if each.get("deprecated")}
    assert deprecated == PLAIN_MISTAKES


def test_every_error_code_is_documented_with_a_call(served: dict[str, Any]) -> None:
    texts = json.dumps([each["responses"] for each in operations(served).values()])
    # 1103 answers a method that is not a documented call, so only the table can hold it.
    assert [code for code in CODES if code not in texts] == ["1103"]
    assert all(f"| {code} |" in served["info"]["description"] for code in CODES)


def test_parameters_come_in_three_encodings(served: dict[str, Any]) -> None:
    for name, operation in operations(served).items():
        body = operation.get("requestBody")
        if body and name != "POST profile/image/":
            assert set(body["content"]) == ENCODINGS, name
    upload = operations(served)["POST profile/image/"]["requestBody"]
    assert set(upload["content"]) == {"multipart/form-data"}


def test_delete_takes_its_parameters_in_the_query_too(served: dict[str, Any]) -> None:
    for name, parameter in (
        ("DELETE cart/products/", "product_id"),
        ("DELETE cart/shipping_address/", "address_id"),
    ):
        operation = operations(served)[name]
        found = [each for each in operation["parameters"] if each["name"] == parameter]
        assert [(each["in"], each["required"]) for each in found] == [("query", False)]
        assert operation["requestBody"]["required"] is False


def schema_of(served: dict[str, Any], name: str) -> Draft202012Validator:
    body = operations(served)[name]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    return Draft202012Validator({"components": served["components"], **schema})


PERSONAL = {"firstname": "M", "gender": "F", "date_of_birth": "1990-01-01"}
PASSWORDS = dict.fromkeys(
    ("current_password", "new_password", "password_confirmation"), "long enough"
)


def test_the_overloaded_calls_are_one_of_several(served: dict[str, Any]) -> None:
    personal = schema_of(served, "PUT profile/personal/")
    for body in (PERSONAL, PASSWORDS, {"pan": "X"}):
        assert personal.is_valid(body), body
    for body in (PERSONAL | {"pan": "X"}, PERSONAL | PASSWORDS, {}, {"firstname": "M"}):
        assert not personal.is_valid(body), body
    products = schema_of(served, "POST cart/products/")
    for sent in ({}, {"product_id": 1, "quantity": 1}):
        assert products.is_valid(sent), sent
    assert not products.is_valid({"product_id": 1})
    assert operations(served)["POST cart/products/"]["requestBody"]["required"] is False
    forgot = schema_of(served, "POST profile/personal/")
    assert forgot.is_valid({"username": "mia"})
    assert forgot.is_valid({"ccccc": "mia"})
    assert not forgot.is_valid({})


def test_every_change_takes_an_idempotency_key_but_signing_in(served: dict[str, Any]) -> None:
    for name, operation in operations(served).items():
        headers = {each["name"] for each in operation["parameters"] if each["in"] == "header"}
        takes_it = not name.startswith("GET ") and name != "POST auth/access/"
        assert ("Idempotency-Key" in headers) is takes_it, name


def test_prefer_is_documented_where_it_has_an_effect(served: dict[str, Any]) -> None:
    for name, operation in operations(served).items():
        headers = {each["name"] for each in operation["parameters"] if each["in"] == "header"}
        answers = set(operation["responses"])
        is_204_or_data = "204" in answers and bool({"200", "201"} & answers)
        assert ("Prefer" in headers) is is_204_or_data, name


def test_the_headers_of_answers_are_documented(served: dict[str, Any]) -> None:
    for name, operation in operations(served).items():
        for status, response in operation["responses"].items():
            assert "X-Request-Id" in response["headers"], (name, status)
        assert "Retry-After" in operation["responses"]["429"]["headers"], name
    checkout = operations(served)["POST cart/checkout/"]["responses"]
    assert {"Location", "Idempotency-Hit"} <= set(checkout["204"]["headers"])


def test_who_may_call_without_a_token_is_documented(served: dict[str, Any]) -> None:
    key_alone = {
        name for name, each in operations(served).items() if {"api_key": []} in each["security"]
    }
    assert key_alone == {
        "POST auth/access/", "POST profile/password/forget/", "POST profile/personal/",
        "POST signup/", "GET signup/fee/", "POST signup/fee/", "GET package/membership/",
        "GET package/cart/", "POST package/cart/", "GET package/{package_id}/", "GET countries/",
        "GET countries/{country_id}/states/", "POST customers/",
    }  # fmt: skip
    for each in operations(served).values():
        assert all("api_key" in way for way in each["security"])


def test_every_call_has_a_name_of_its_own_and_a_summary(served: dict[str, Any]) -> None:
    found = list(operations(served).values())
    assert len({each["operationId"] for each in found}) == len(found)
    assert all(each["summary"] and each["tags"] for each in found)


def test_every_reference_in_it_leads_somewhere(served: dict[str, Any]) -> None:
    text = json.dumps(served)
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= set(served["components"]["schemas"])
    for schema in served["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_no_parameter_has_a_default_that_a_client_would_send(served: dict[str, Any]) -> None:
    """A client that fills in `default: ""` clears what it was not asked about."""

    def defaults(part: Any) -> list[Any]:
        if isinstance(part, dict):
            own = [part] if "default" in part and part["default"] in ("", None) else []
            return own + [found for each in part.values() for found in defaults(each)]
        return (
            [found for each in part for found in defaults(each)] if isinstance(part, list) else []
        )

    assert defaults(served) == []


def test_bodies_are_json_first_and_made_of_named_shapes(served: dict[str, Any]) -> None:
    """Generated clients take the first content type, and name their types by the references."""
    for name, operation in operations(served).items():
        for content in operation.get("requestBody", {}).get("content", {}).values():
            shapes = content["schema"].get("oneOf", [content["schema"]])
            assert all(set(shape) == {"$ref"} for shape in shapes), name
        encodings = list(operation.get("requestBody", {}).get("content", {}))
        assert not encodings or encodings[0] == "application/json" or len(encodings) == 1, name


def test_every_word_of_an_enum_can_be_named(served: dict[str, Any]) -> None:
    def words(part: Any) -> list[Any]:
        found = list(part.values()) if isinstance(part, dict) else part
        own = part["enum"] if isinstance(part, dict) and isinstance(part.get("enum"), list) else []
        return [*own, *(w for p in found if isinstance(p, (dict, list)) for w in words(p))]

    assert "" not in words(served["components"])
