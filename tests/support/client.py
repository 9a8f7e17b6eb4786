"""An API client over a socket. Every answer that it gets is checked against the OpenAPI
document that the same server serves."""

import json
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator

_http = httpx.Client(timeout=60, limits=httpx.Limits(max_connections=100))


class Client:
    def __init__(self, base_url: str, api_key: str, access_token: str = "") -> None:
        self.base_url = base_url
        self.api_key = api_key
        self.access_token = access_token

    def sign_in(self, username: str, password: str) -> None:
        answer = self.post("auth/access/", username=username, password=password)
        assert answer.status_code == 200, answer.text
        self.access_token = data(answer)["access_token"]

    def get(self, path: str, **parameters: Any) -> httpx.Response:
        return self.call("GET", path, params=parameters)

    def post(self, path: str, **parameters: Any) -> httpx.Response:
        return self.call("POST", path, data=parameters)

    def put(self, path: str, **parameters: Any) -> httpx.Response:
        return self.call("PUT", path, data=parameters)

    def delete(self, path: str, **parameters: Any) -> httpx.Response:
        return self.call("DELETE", path, data=parameters)

    def call(
        self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """Any call; `more` is httpx's: params, data, json, files, content. A header of value ''
        is left out."""
        own = {"api_key": self.api_key, "access_token": self.access_token}
        merged = {name: value for name, value in (own | (headers or {})).items() if value}
        if not more.get("params"):
            more.pop("params", None)
        if more.get("data") == {}:
            more.pop("data")
        answer = _http.request(method, f"{self.base_url}/api/{path}", headers=merged, **more)
        check_contract(self.base_url, method, path, answer)
        return answer


def data(answer: httpx.Response) -> Any:
    """The `data` of a success, amounts as exact decimals."""
    body = json.loads(answer.text, parse_float=Decimal)
    assert body["status"] is True, answer.text
    return body["data"]


def refused(answer: httpx.Response, status: int, code: str, *fields: str) -> dict[str, str]:
    """Assert a refusal with this status and code, wrong in exactly these fields where any are
    named. Returns the sentences by field."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["status"] is False
    assert body["error"]["code"] == code, answer.text
    found: dict[str, str] = body["error"].get("fields", {})
    if fields:
        assert sorted(found) == sorted(fields), answer.text
    return found


@lru_cache(maxsize=4)
def document(base_url: str) -> dict[str, Any]:
    found: dict[str, Any] = _http.get(f"{base_url}/api/openapi.json").json()
    return found


def check_contract(base_url: str, method: str, path: str, answer: httpx.Response) -> None:
    """The status is documented for this call, and the body has the documented shape."""
    assert answer.headers.get("X-Request-Id")
    if method in {"HEAD", "OPTIONS"}:
        assert answer.content == b""
        return
    served = document(base_url)
    operation = _operation(served, method, path)
    if operation is None:
        assert answer.status_code in {404, 405}, answer.text
        _validate(served, {"$ref": "#/components/schemas/Failure"}, answer)
        return
    documented = operation["responses"].get(str(answer.status_code))
    assert documented, f"{method} {path}: {answer.status_code} is not documented: {answer.text}"
    content = documented.get("content")
    if content is None:
        assert answer.content == b"", "a status documented without a body has one"
        assert "Content-Type" not in answer.headers
        return
    kind = answer.headers["Content-Type"].partition(";")[0]
    assert kind in content, f"{kind} is not documented"
    if kind == "application/json":
        _validate(served, content[kind]["schema"], answer)
        code = answer.json().get("error", {}).get("code")
        assert code is None or code in documented["description"], f"{code} is not documented"


def _operation(served: dict[str, Any], method: str, path: str) -> dict[str, Any] | None:
    plain = "/api/" + path.partition("?")[0].strip("/") + "/"
    for template, methods in sorted(served["paths"].items(), key=lambda each: "{" in each[0]):
        pattern = re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, plain) and method.lower() in methods:
            found: dict[str, Any] = methods[method.lower()]
            return found
    return None


def _validate(served: dict[str, Any], schema: dict[str, Any], answer: httpx.Response) -> None:
    whole = {"components": served["components"], **schema}
    errors = [each.message for each in Draft202012Validator(whole).iter_errors(answer.json())]
    assert not errors, f"{errors} in {answer.text}"
