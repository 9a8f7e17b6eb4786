"""Parameters: three encodings on every method, and what a body must not be."""

from collections.abc import Callable
from typing import Any

import pytest

from support import wire
from support.cast import Player
from support.client import data, refused

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MULTIPART = "multipart/form-data; boundary=edge"
CHANGING = ("POST", "PUT", "DELETE")


@pytest.fixture
def line(product: Callable[[str], int]) -> dict[str, Any]:
    return {"product_id": product("soap"), "quantity": 2}


def cart(member: Player) -> dict[int, int]:
    """Quantities by product."""
    items = data(member.client.get("cart/products/"))["cart_items"]
    return {item["product_id"]: item["quantity"] for item in items}


def send(member: Player, method: str, content_type: str, body: Any) -> Any:
    headers = {"Content-Type": content_type}
    return member.client.call(method, "cart/products/", headers=headers, content=body)


@pytest.mark.parametrize("encoding", wire.ENCODINGS)
def test_every_method_takes_parameters_in_three_encodings(
    mia: Player, line: dict[str, Any], encoding: str
) -> None:
    def call(method: str, **parameters: Any) -> int:
        more = wire.encoded(encoding, parameters)
        return int(mia.client.call(method, "cart/products/", **more).status_code)

    assert call("POST", **line) == 204
    assert cart(mia) == {line["product_id"]: 2}
    assert call("PUT", product_id=line["product_id"], quantity=7) == 204
    assert cart(mia) == {line["product_id"]: 7}
    assert call("DELETE", product_id=line["product_id"]) == 204
    assert cart(mia) == {}


@pytest.mark.parametrize("encoding", ["multipart", "json"])
def test_a_body_of_unknown_length_is_read_whole(
    mia: Player, line: dict[str, Any], encoding: str
) -> None:
    content_type, body = wire.body_of(encoding, line)
    assert send(mia, "POST", content_type, wire.in_pieces(body)).status_code == 204
    assert cart(mia) == {line["product_id"]: 2}
    content_type, body = wire.body_of(encoding, {"product_id": line["product_id"]})
    assert send(mia, "DELETE", content_type, wire.in_pieces(body)).status_code == 204
    assert cart(mia) == {}


def test_a_form_of_unknown_length_is_refused_since_nobody_could_tell_that_it_was_cut(
    mia: Player, line: dict[str, Any], nothing_changes: Callable[[], Any]
) -> None:
    content_type, body = wire.body_of("form", line)
    with nothing_changes():
        for method in CHANGING:
            refused(send(mia, method, content_type, wire.in_pieces(body)), 400, "1100")


def test_delete_also_takes_its_parameters_in_the_query(mia: Player, line: dict[str, Any]) -> None:
    mia.client.post("cart/products/", **line)
    query = {"product_id": line["product_id"]}
    assert mia.client.call("DELETE", "cart/products/", params=query).status_code == 204
    assert cart(mia) == {}


def test_get_takes_its_parameters_in_the_query(mia: Player) -> None:
    refused(mia.client.get("orders/", limit="none"), 422, "1004", "limit")
    assert mia.client.get("orders/", limit="5").status_code == 200


def test_a_get_has_no_body(mia: Player) -> None:
    headers = {"Content-Type": "text/plain"}
    answer = mia.client.call("GET", "orders/", headers=headers, content=b"limit=none")
    assert answer.status_code == 200


def test_a_parameter_in_the_query_of_a_post_or_put_is_refused(
    mia: Player, line: dict[str, Any], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        posted = mia.client.call("POST", "cart/products/", params=line)
        refused(posted, 422, "1004", "product_id", "quantity")
        put = mia.client.call("PUT", "cart/products/", params=line)
        refused(put, 422, "1004", "product_id", "quantity")
        query = {"quantity": "9"}
        body = {"product_id": str(line["product_id"])}
        mixed = mia.client.call("POST", "cart/products/", params=query, data=body)
        refused(mixed, 422, "1004", "quantity")
        whole = mia.client.call("POST", "cart/products/", params={"QUANTITY": 2}, data=line)
        assert "body" in refused(whole, 422, "1004", "quantity")["quantity"]
        personal = {"firstname": "Mia", "gender": "F", "date_of_birth": "1990-05-17"}
        for query in ({"firstname": "Mia"}, {"pan": "x"}, {"new_password": "x"}):
            answer = mia.client.call("PUT", "profile/personal/", params=query, data=personal)
            assert next(iter(query)) in refused(answer, 422, "1004")
        body = {"username": mia.username}
        for name in ("username", "ccccc"):
            answer = mia.client.call(
                "POST", "profile/password/forget/", params={name: "x"}, data=body
            )
            refused(answer, 422, "1004", name)


def test_what_a_call_does_not_know_may_stand_in_its_query(
    mia: Player, line: dict[str, Any]
) -> None:
    for query in ("_=1700000000", "_=1&colour=red", "%FF=%FF"):
        answer = mia.client.call("POST", f"cart/products/?{query}", data=line)
        assert answer.status_code == 204
        assert data(mia.client.call("POST", f"cart/products/?{query}"))["cart_items"]
        assert mia.client.call("PUT", f"cart/products/?{query}", data=line).status_code == 204


OUR_LISTS = ("orders/", "epins/", "ewallet/transactions/", "payouts/", "earnings/", "network/tree/")


@pytest.mark.parametrize("path", OUR_LISTS)
def test_a_list_of_ours_refuses_a_filter_that_it_does_not_know(mia: Player, path: str) -> None:
    answer = mia.client.get(path, status="complete", from_day="2026-01-01")
    assert "limit" in refused(answer, 422, "1004", "status", "from_day")["status"] or (
        path == "network/tree/"
    )
    assert mia.client.get(path, _="1700000000").status_code == 200


def test_a_documented_call_ignores_a_filter_that_it_does_not_know(mia: Player) -> None:
    for path in ("cart/products/", "package/cart/", "profile/", "ewallet/balance/"):
        assert mia.client.get(path, status="complete").status_code == 200


@pytest.mark.parametrize("body", [b"[]", b"null", b" {} ", b" [ ]\n"])
def test_an_empty_json_body_means_no_parameters(
    mia: Player, line: dict[str, Any], body: bytes
) -> None:
    mia.client.post("cart/products/", **line)
    assert data(send(mia, "POST", JSON, body))["total_quantity"] == 2
    refused(send(mia, "PUT", JSON, body), 422, "1004", "product_id", "quantity")
    for path in ("ewallet/payment/refund/", "auth/logout/"):
        headers = {"Content-Type": JSON}
        assert mia.client.call("POST", path, headers=headers, content=body).status_code == 204


MALFORMED = {
    "JSON cut off": (JSON, b'{"product_id": 1'),
    "JSON that is a list": (JSON, b'[{"product_id": 1}]'),
    "JSON that is a word": (JSON, b"true"),
    "JSON that is an empty text": (JSON, b'""'),
    "JSON in Latin-1": (JSON, '{"product_id": "é"}'.encode("latin-1")),
    "JSON nested a thousand deep": (JSON, b'{"product_id": ' + b"[" * 5000),
    "a number of 5,000 digits": (JSON, b'{"product_id": ' + b"1" * 5000 + b"}"),
    "a form in Latin-1": (FORM, "product_id=é".encode("latin-1")),
    "a form with escapes in Latin-1": (FORM, b"product_id=%E9"),
    "multipart without a boundary": ("multipart/form-data", b"--edge--"),
    "multipart cut off": (
        MULTIPART,
        b'--edge\r\nContent-Disposition: form-data; name="product_id"\r\n\r\n1',
    ),
    "multipart that is none": (MULTIPART, b"product_id=1"),
    "multipart in Latin-1": (
        MULTIPART,
        b'--edge\r\nContent-Disposition: form-data; name="product_id"\r\n\r\n\xe9\r\n--edge--\r\n',
    ),
    "51 parameters in a form": (FORM, "&".join(f"a{n}=1" for n in range(51)).encode()),
    "51 parameters in JSON": (
        JSON,
        ("{" + ",".join(f'"a{n}": 1' for n in range(51)) + "}").encode(),
    ),
}


@pytest.mark.parametrize("method", CHANGING)
@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_body_is_400(
    mia: Player, method: str, what: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        refused(send(mia, method, *MALFORMED[what]), 400, "1100")


def test_a_malformed_query_is_400(mia: Player) -> None:
    refused(mia.client.call("GET", "orders/?limit=%FF"), 400, "1100")
    refused(mia.client.call("DELETE", "cart/products/?product_id=%FF"), 400, "1100")


@pytest.mark.parametrize("method", CHANGING)
@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "text/json", f"{FORM}; charset=iso-8859-1", ""],
)
def test_another_content_type_or_none_is_415(
    mia: Player,
    line: dict[str, Any],
    method: str,
    content_type: str,
    nothing_changes: Callable[[], Any],
) -> None:
    with nothing_changes():
        refused(send(mia, method, content_type, wire.body_of("form", line)[1]), 415, "1106")


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=UTF-8", "Application/JSON", 'application/json;charset="utf-8"'],
)
def test_the_content_type_may_name_utf_8(
    mia: Player, line: dict[str, Any], content_type: str
) -> None:
    assert send(mia, "POST", content_type, wire.body_of("json", line)[1]).status_code == 204


def test_no_body_needs_no_content_type(mia: Player) -> None:
    assert mia.client.call("POST", "ewallet/balance/").status_code == 200
    assert mia.client.call("DELETE", "cart/products/all/").status_code == 204


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("method", CHANGING)
def test_a_body_over_64_kib_is_413(
    mia: Player, method: str, chunked: bool, nothing_changes: Callable[[], Any]
) -> None:
    body = b"product_id=" + b"1" * (64 * 1024)
    with nothing_changes():
        answer = send(mia, method, FORM, wire.in_pieces(body, 9000) if chunked else body)
        refused(answer, 413, "1111")


def test_a_body_of_64_kib_is_read(mia: Player, line: dict[str, Any]) -> None:
    _, body = wire.body_of("form", line)
    whole = body + b"&unknown=" + b"x" * (64 * 1024 - len(body) - 9)
    assert len(whole) == 64 * 1024
    assert send(mia, "POST", FORM, whole).status_code == 204


def test_names_are_matched_without_regard_to_case(mia: Player, line: dict[str, Any]) -> None:
    body = {"PRODUCT_ID": line["product_id"], "Quantity": 2}
    for encoding in wire.ENCODINGS:
        more = wire.encoded(encoding, body)
        assert mia.client.call("POST", "cart/products/", **more).status_code == 204
    assert cart(mia) == {line["product_id"]: 6}


def test_what_is_not_asked_for_is_ignored(mia: Player, line: dict[str, Any]) -> None:
    more = {"colour": "red", "list": [1, {"deep": None}], "": "nameless", "\ud800": "\ud800"}
    answer = mia.client.call("POST", "cart/products/", **wire.encoded("json", line | more))
    assert answer.status_code == 204
    for encoding in ("form", "multipart"):
        strange = wire.encoded(encoding, line | {"colour": "red", "status": "true"})
        assert mia.client.call("POST", "cart/products/", **strange).status_code == 204


TWICE = {
    "in a form": (FORM, "product_id={id}&quantity=1&quantity=2"),
    "in two cases": (FORM, "product_id={id}&quantity=1&QUANTITY=2"),
    "in JSON": (JSON, '{{"product_id": {id}, "quantity": 1, "quantity": 2}}'),
    "in JSON, in two cases": (JSON, '{{"product_id": {id}, "quantity": 1, "Quantity": 2}}'),
    "in multipart": (
        MULTIPART,
        '--edge\r\nContent-Disposition: form-data; name="product_id"\r\n\r\n{id}\r\n'
        '--edge\r\nContent-Disposition: form-data; name="quantity"\r\n\r\n1\r\n'
        '--edge\r\nContent-Disposition: form-data; name="quantity"\r\n\r\n2\r\n--edge--\r\n',
    ),
    "three times": (FORM, "product_id={id}&quantity=1&quantity=2&quantity=1"),
}


@pytest.mark.parametrize("where", TWICE)
def test_a_parameter_given_twice_with_different_values_is_wrong(
    mia: Player, line: dict[str, Any], where: str, nothing_changes: Callable[[], Any]
) -> None:
    content_type, text = TWICE[where]
    with nothing_changes():
        body = text.format(id=line["product_id"]).encode()
        refused(send(mia, "POST", content_type, body), 422, "1004", "quantity")


def test_a_parameter_given_twice_with_one_value_is_that_value(
    mia: Player, line: dict[str, Any]
) -> None:
    body = f"product_id={line['product_id']}&quantity=2&Quantity=2".encode()
    assert send(mia, "POST", FORM, body).status_code == 204
    assert cart(mia) == {line["product_id"]: 2}


def test_a_deletes_query_and_body_must_agree(mia: Player, line: dict[str, Any]) -> None:
    mia.client.post("cart/products/", **line)
    for body_id, status in ((0, 422), (line["product_id"], 204)):
        query = {"product_id": line["product_id"]}
        answer = mia.client.call(
            "DELETE", "cart/products/", params=query, data={"product_id": str(body_id)}
        )
        assert answer.status_code == status
        assert cart(mia) == ({} if status == 204 else {line["product_id"]: 2})


def test_json_null_is_not_sent(mia: Player, line: dict[str, Any]) -> None:
    answer = mia.client.call("POST", "cart/products/", json=line | {"quantity": None})
    refused(answer, 422, "1004", "quantity")
    both_null = dict.fromkeys(line)
    assert data(mia.client.call("POST", "cart/products/", json=both_null))["cart_items"] == []


@pytest.mark.parametrize("value", [[], {}, [1], {"a": 1}, True, False])
def test_json_values_that_are_no_text_or_number_are_wrong_fields(
    mia: Player, line: dict[str, Any], value: Any, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = mia.client.call("POST", "cart/products/", json=line | {"quantity": value})
    refused(answer, 422, "1004", "quantity")


def test_a_required_parameter_that_is_empty_is_missing(mia: Player) -> None:
    sent_empty = mia.client.post("cart/products/", product_id="", quantity="")
    missing = mia.client.put("cart/products/")
    first = refused(sent_empty, 422, "1004", "product_id", "quantity")
    assert first == refused(missing, 422, "1004", "product_id", "quantity")


def test_a_file_where_text_is_asked_for_is_a_wrong_field(
    mia: Player, line: dict[str, Any], nothing_changes: Callable[[], Any]
) -> None:
    files = {"product_id": (None, str(line["product_id"])), "quantity": ("two.txt", b"2")}
    with nothing_changes():
        answer = mia.client.call("POST", "cart/products/", files=files)
    refused(answer, 422, "1004", "quantity")


def test_multipart_that_holds_no_part_is_malformed(mia: Player) -> None:
    body = b'--b\nContent-Disposition: form-data; name="product_id"\n\n1\n--b--\n'
    answer = mia.client.call(
        "POST",
        "cart/products/",
        headers={"Content-Type": "multipart/form-data; boundary=b"},
        content=body,
    )
    refused(answer, 400, "1100")
