"""What every answer looks like: envelope, status, headers, HEAD, OPTIONS, other origins."""

import json
from collections.abc import Callable

import httpx
import pytest

from support import wire
from support.cast import Player
from support.client import Client, data, refused
from support.installation import Installation, free_port, stop_group

ORIGIN = "https://shop.example.com"
GUARDING = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def test_a_success_carries_its_data_in_the_envelope(mia: Player) -> None:
    answer = mia.client.get("signup/fee/")
    assert answer.status_code == 200
    assert answer.text == '{"status": true, "data": {"fee": 10, "currency": "EUR"}}'
    assert answer.headers["Content-Type"] == "application/json"


def test_a_failure_carries_its_code_as_a_string(mia: Player) -> None:
    answer = mia.client.get("package/999999999/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == {
        "status": False,
        "error": {"code": "1012", "description": "This product is not available."},
    }


def test_a_validation_error_names_every_wrong_field(mia: Player) -> None:
    answer = mia.client.post("cart/shipping_address/", name="Mia", phone="no")
    body = answer.json()
    assert answer.status_code == 422
    assert set(body) == {"status", "error"}
    assert set(body["error"]) == {"code", "description", "fields"}
    assert set(body["error"]["fields"]) == {"address", "zip_code", "city", "phone"}
    assert all(isinstance(each, str) and each for each in body["error"]["fields"].values())


def test_204_has_no_body_and_no_content_type(mia: Player) -> None:
    token = f"access_token: {mia.client.access_token}\r\n"
    request = (
        "DELETE /api/cart/products/all/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"api_key: {mia.client.api_key}\r\n{token}\r\n"
    )
    status, head, body = wire.send(mia.client.base_url, request.encode())
    assert (status, body) == (204, b"")
    names = {line.partition(b":")[0].lower() for line in head.splitlines()}
    assert names.isdisjoint({b"content-type", b"content-length", b"transfer-encoding"})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "profile/", 200),
        ("DELETE", "cart/products/all/", 204),
        ("GET", "no/such/", 404),
        ("GET", "", 200),
        ("PATCH", "profile/", 405),
        ("OPTIONS", "profile/", 204),
    ],
)
def test_every_answer_carries_the_headers_that_guard_browsers(
    mia: Player, method: str, path: str, status: int
) -> None:
    keys = {"api_key": mia.client.api_key, "access_token": mia.client.access_token or ""}
    answer = httpx.request(method, f"{mia.client.base_url}/api/{path}", headers=keys)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in GUARDING} == GUARDING
    assert "Strict-Transport-Security" not in answer.headers


def test_only_what_came_by_https_is_told_to_stay_there(installation: Installation) -> None:
    port = free_port()
    server = installation.start_server(
        port,
        UPLINE_BASE_URL="https://office.example.com",
        UPLINE_ALLOWED_HOSTS="127.0.0.1",
        UPLINE_BEHIND_PROXY="on",
    )
    try:
        for scheme in ("https", "http", "https"):
            headers = {"X-Forwarded-Proto": scheme}
            answer = httpx.get(f"http://127.0.0.1:{port}/api/profile/", headers=headers)
            assert ("Strict-Transport-Security" in answer.headers) == (scheme == "https")
            refused(answer, 401, "1001")
    finally:
        stop_group(server)


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/json;q=0", "x"])
def test_accept_is_ignored(mia: Player, accept: str) -> None:
    answer = mia.client.call("GET", "profile/", headers={"Accept": accept})
    assert data(answer)["username"] == mia.username


@pytest.mark.parametrize("path", ["profile", "ewallet/balance", "package/cart", "orders"])
def test_an_address_answers_with_and_without_its_slash(mia: Player, path: str) -> None:
    for each in (path, f"{path}/"):
        answer = mia.client.call("GET", each)
        assert (answer.status_code, answer.history) == (200, [])


def test_a_post_without_the_slash_keeps_its_body(
    mia: Player, product: Callable[[str], int]
) -> None:
    line = {"product_id": str(product("tea")), "quantity": "3"}
    assert mia.client.call("POST", "cart/products", data=line).status_code == 204
    assert data(mia.client.get("cart/products"))["cart_items"][0]["quantity"] == 3
    query = {"product_id": line["product_id"]}
    assert mia.client.call("DELETE", "cart/products", params=query).status_code == 204


@pytest.mark.parametrize("path", ["no/", "no", "profile/no/", "cart/", "package/cart/1/", "%00"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def test_an_unknown_address_is_404_in_the_envelope(
    stranger: Client, method: str, path: str
) -> None:
    answer = httpx.request(method, f"{stranger.base_url}/api/{path}")
    refused(answer, 404, "1102")
    assert answer.headers["X-Request-Id"]


def test_the_base_address_leads_on_and_takes_nothing(stranger: Client) -> None:
    assert httpx.get(f"{stranger.base_url}/api").json()["status"] is True
    refused(httpx.post(f"{stranger.base_url}/api/"), 405, "1103")


ALLOWED = [
    ("auth/access/", "OPTIONS, POST"),
    ("profile/", "GET, HEAD, OPTIONS"),
    ("profile/image/", "GET, HEAD, OPTIONS, POST"),
    ("profile/personal/", "OPTIONS, POST, PUT"),
    ("cart/products/", "DELETE, GET, HEAD, OPTIONS, POST, PUT"),
    ("package/1/", "GET, HEAD, OPTIONS"),
    ("openapi.json", "GET, HEAD, OPTIONS"),
]


@pytest.mark.parametrize(("path", "allowed"), ALLOWED)
def test_405_and_options_say_which_methods_there_are(
    stranger: Client, path: str, allowed: str
) -> None:
    answer = httpx.request("PATCH", f"{stranger.base_url}/api/{path}")
    refused(answer, 405, "1103")
    assert answer.headers["Allow"] == allowed
    options = httpx.options(f"{stranger.base_url}/api/{path}")
    assert (options.status_code, options.content) == (204, b"")
    assert options.headers["Allow"] == allowed


def test_head_answers_as_get_would_without_the_body(mia: Player) -> None:
    whole = mia.client.get("profile/")
    head = mia.client.call("HEAD", "profile/")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.content))
    assert head.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "status"), [("no/", 404), ("profile/", 401), ("auth/access/", 405)]
)
def test_head_on_an_error_has_its_status_and_no_body(
    stranger: Client, path: str, status: int
) -> None:
    request = f"HEAD /api/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    found, _, body = wire.send(stranger.base_url, request.encode())
    assert (found, body) == (status, b"")


@pytest.mark.parametrize("sent", ["", "short", "has space in it", "x" * 65])
def test_every_answer_has_a_request_id_of_its_own(mia: Player, sent: str) -> None:
    answers = [mia.client.call("GET", "profile/", headers={"X-Request-Id": sent}) for _ in "12"]
    first, second = (answer.headers["X-Request-Id"] for answer in answers)
    assert first != second
    assert sent not in {first, second}


def test_a_request_id_that_was_sent_is_kept(stranger: Client) -> None:
    sent = {"X-Request-Id": "checkout-7.of_Mia"}
    answer = stranger.call("GET", "profile/", headers=sent)
    assert answer.status_code == 401
    assert answer.headers["X-Request-Id"] == "checkout-7.of_Mia"


def test_answers_are_not_kept_by_caches(mia: Player) -> None:
    assert mia.client.get("profile/").headers["Cache-Control"] == "no-store"
    assert mia.client.get("orders/UP-NO/").headers["Cache-Control"] == "no-store"


def test_a_foreign_host_name_is_refused(mia: Player) -> None:
    answer = mia.client.call("GET", "profile/", headers={"Host": "evil.example.com"})
    refused(answer, 400, "1100")
    assert "UPLINE_ALLOWED_HOSTS" in answer.json()["error"]["description"]


@pytest.mark.parametrize("path", ["/", "/office/", "/office/login/", "/api/docs", "/link/x/y/"])
def test_pages_too_say_which_setting_knows_the_host_names(mia: Player, path: str) -> None:
    answer = httpx.get(f"{mia.client.base_url}{path}", headers={"Host": "evil.example.com"})
    assert answer.status_code == 400
    assert "UPLINE_ALLOWED_HOSTS" in answer.text
    assert "evil.example.com" not in answer.text


@pytest.mark.parametrize("order_id", ["%00", "a%00b", "%EF%BF%BF", "%FF", "x" * 3000, "..%2F.."])
def test_no_address_makes_the_server_stumble(mia: Player, order_id: str) -> None:
    for path in (f"orders/{order_id}/", f"package/{order_id}/", f"countries/{order_id}/states/"):
        url = f"{mia.client.base_url}/api/{path}"
        headers = {"api_key": mia.client.api_key, "access_token": mia.client.access_token}
        assert httpx.get(url, headers=headers).status_code == 404
        assert httpx.delete(url, headers=headers).status_code in {404, 405}


def test_a_very_long_number_in_an_address_is_just_unknown(mia: Player) -> None:
    long = "9" * 5000
    refused(mia.client.get(f"countries/{long}/states/"), 404, "1102")
    assert mia.client.get(f"package/{long}/").status_code == 404


@pytest.fixture
def shop_allowed(office_sets: Callable[..., None]) -> None:
    office_sets(allowed_origins=[ORIGIN])


def preflight(installation: Installation, origin: str) -> httpx.Response:
    return httpx.options(
        f"{installation.base_url}/api/cart/checkout/",
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "api_key,access_token,idempotency-key,content-type",
        },
    )


@pytest.mark.usefixtures("shop_allowed")
def test_a_page_of_an_allowed_origin_may_send_every_header_of_ours(
    installation: Installation,
) -> None:
    answer = preflight(installation, ORIGIN)
    assert answer.is_success
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    allowed = {each.strip() for each in answer.headers["Access-Control-Allow-Headers"].split(",")}
    wanted = {"api_key", "api-key", "access_token", "access-token", "authorization",
              "content-type", "idempotency-key", "prefer"}  # fmt: skip
    assert wanted <= allowed
    methods = {each.strip() for each in answer.headers["Access-Control-Allow-Methods"].split(",")}
    assert {"GET", "POST", "PUT", "DELETE"} <= methods
    assert answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://Shop.example:443/", "https://shop.example"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://*.bücher.example", "https://app.xn--bcher-kva.example"),
        ("capacitor://localhost", "capacitor://localhost"),
    ],
)
def test_an_origin_is_allowed_as_browsers_name_it(
    installation: Installation, office_sets: Callable[..., None], typed: str, origin: str
) -> None:
    office_sets(allowed_origins=[typed])
    answer = preflight(installation, origin)
    assert answer.headers.get("Access-Control-Allow-Origin") == origin


@pytest.mark.usefixtures("shop_allowed")
@pytest.mark.parametrize("origin", ["https://evil.example.com", "http://shop.example.com", "null"])
def test_a_page_of_another_origin_is_told_nothing(
    installation: Installation, mia: Player, origin: str
) -> None:
    assert "Access-Control-Allow-Origin" not in preflight(installation, origin).headers
    answer = mia.client.call("GET", "profile/", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_no_origin_is_allowed_before_the_office_says_so(mia: Player) -> None:
    answer = mia.client.call("GET", "profile/", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.usefixtures("shop_allowed")
def test_pages_may_read_location_retry_after_and_idempotency_hit(
    mia: Player, stranger: Client
) -> None:
    good = mia.client.call("GET", "profile/", headers={"Origin": ORIGIN})
    bad = stranger.call("GET", "profile/", headers={"Origin": ORIGIN})
    for answer in (good, bad):
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        exposed = {
            each.strip() for each in answer.headers["Access-Control-Expose-Headers"].split(",")
        }
        assert {"Location", "Retry-After", "Idempotency-Hit"} <= exposed


def test_every_number_in_an_answer_is_exact(
    mia: Player, fill: Callable[..., None], office_sets: Callable[..., None]
) -> None:
    office_sets(credit_max=0)
    fill(mia, "9007199254740.99")
    answer = mia.client.get("ewallet/balance/")
    assert '"balance": 9007199254740.99,' in answer.text
    assert json.loads(answer.text)["status"] is True


def test_a_browser_may_read_refusals_that_no_handler_made(
    mia: Player, office_sets: Callable[..., None]
) -> None:
    office_sets(allowed_origins=["https://shop.example"])
    for method, path in (("GET", "nothing/"), ("PATCH", "profile/")):
        answer = mia.client.call(method, path, headers={"Origin": "https://shop.example"})
        assert answer.status_code in {404, 405}
        assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"


def _may_call(installation: Installation, origin: str) -> bool:
    headers = preflight(installation, origin).headers
    return "Access-Control-Allow-Origin" in headers and (
        headers["Access-Control-Allow-Origin"] == origin
    )


def test_an_origin_may_stand_for_its_subdomains_or_for_an_app(
    installation: Installation, office_sets: Callable[..., None]
) -> None:
    office_sets(
        allowed_origins=["https://*.example.com", "capacitor://localhost", "http://app.test:8100/"]
    )
    allowed = ("https://shop.example.com", "https://de.shop.example.com", "https://SHOP.example.com",
               "capacitor://localhost", "http://app.test:8100")  # fmt: skip
    refused = ("https://example.com", "https://evil-example.com", "http://shop.example.com",
               "https://shop.example.com.evil.example", "https://shop.example.com:8443",
               "ionic://localhost", "http://app.test", "null", "")  # fmt: skip
    assert [each for each in allowed if not _may_call(installation, each)] == []
    assert [each for each in refused if _may_call(installation, each)] == []


def test_a_browser_is_told_of_the_headers_and_methods_that_are_used(
    installation: Installation, shop_allowed: None
) -> None:
    answer = preflight(installation, ORIGIN)
    assert "x-requested-with" in answer.headers["Access-Control-Allow-Headers"]
    assert "PATCH" not in answer.headers["Access-Control-Allow-Methods"]
