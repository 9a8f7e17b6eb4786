"""The OpenAPI document: ninja lists the routes, this fills in what all calls share.

Every call takes its parameters in three encodings (DELETE in the query too), may answer the
codes of its own and those of every call, and wraps its data in the envelope."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_page
from pydantic import BaseModel

from upline.api.describe import codes
from upline.api.describe.documented import EXTRA
from upline.api.http.envelope import JSON, render, success
from upline.api.http.reading import Form
from upline.api.routes import api

# Generated clients take the first one. JSON is the one that all of them write right.
_ENCODINGS = (JSON, "application/x-www-form-urlencoded", "multipart/form-data")
_REF = "#/components/schemas/{model}"
_ERRORS_OF_ALL = {401: ["1001", "1002"], 400: ["1100"], 429: ["1104"], 500: ["1105"], 503: ["1112"]}
_ERRORS_WITH_BODY = {413: ["1111"], 415: ["1106"], 422: ["1004"]}
_ERRORS_OF_CHANGES = {409: ["1109"], 422: ["1004", "1108"]}
_STATUS_OF = {
    "1003": 401, "1005": 403, "1006": 403, "1019": 403, "1101": 403, "1102": 404,
}  # fmt: skip
_FAILURE = {
    "type": "object",
    "required": ["status", "error"],
    "additionalProperties": False,
    "properties": {
        "status": {"const": False},
        "error": {
            "type": "object",
            "required": ["code", "description"],
            "additionalProperties": False,
            "properties": {
                "code": {"type": "string", "pattern": "^1[01][0-9]{2}$"},
                "description": {"type": "string"},
                "fields": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        },
    },
}


@lru_cache(maxsize=1)
def document_text() -> str:
    return render(build())


def start(request: HttpRequest) -> HttpResponse:
    """`/api/`: where to read on."""
    address = f"{settings.BASE_URL}/api"
    return success({"documentation": f"{address}/docs", "openapi": f"{address}/openapi.json"})


def document(request: HttpRequest) -> HttpResponse:
    """`/api/openapi.json`, open to everybody."""
    return HttpResponse(document_text(), content_type=JSON)


def docs(request: HttpRequest) -> HttpResponse:
    """`/api/docs`, the OpenAPI document as a page."""
    return render_page(request, "site/api_docs.html")


def build() -> dict[str, Any]:
    """The whole document."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="api/"))
    schemas: dict[str, Any] = {"Failure": _FAILURE}
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            _complete(path, method, operation, schemas)
    found["components"] = {
        "schemas": dict(sorted(schemas.items())),
        "securitySchemes": _SECURITY_SCHEMES,
    }
    found["servers"] = [{"url": "/"}]
    found["info"]["description"] = f"{api.description}\n\n## Error codes\n\n{codes.as_table()}"
    return found


_SECURITY_SCHEMES = {
    "api_key": {"type": "apiKey", "in": "header", "name": "api_key"},
    "access_token": {"type": "apiKey", "in": "header", "name": "access_token"},
    "bearer": {"type": "http", "scheme": "bearer"},
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Makes it safe to repeat the request: the first success is returned again, "
    "and nothing is done twice.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_PREFER = {
    "name": "Prefer",
    "in": "header",
    "required": False,
    "description": "return=representation answers 200 or 201 with the resource instead of 204.",
    "schema": {"type": "string"},
}
_ANSWER_HEADERS: dict[str, Any] = {
    "X-Request-Id": {
        "description": "Identifies this request in the server's log; your own id if you sent one",
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}},
    "Idempotency-Hit": {
        "description": "Sent when a stored answer is returned",
        "schema": {"const": "true"},
    },
    "Location": {"description": "The address of the order", "schema": {"type": "string"}},
}


def _complete(path: str, method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    said = operation.pop(EXTRA)
    forms: list[type[Form]] = said["forms"]
    operation["security"] = _security(path, method)
    operation.setdefault("parameters", [])
    if forms and method in {"get", "delete"}:
        operation["parameters"] += _query(forms, required=method == "get")
    if forms and method != "get":
        operation["requestBody"] = _body(forms, schemas, is_delete=method == "delete")
    takes_key = method != "get" and path != "/api/auth/access/"
    if takes_key:
        operation["parameters"].append(_IDEMPOTENCY_KEY)
    if said["representation"]:
        operation["parameters"].append(_PREFER)
    operation["responses"] = _successes(path, said, schemas) | _failures(method, said)
    for status, response in operation["responses"].items():
        response["headers"] = _headers(path, status, takes_key=takes_key)


def _headers(path: str, status: str, *, takes_key: bool) -> dict[str, Any]:
    """The headers that an answer of this status may carry beside HTTP's own."""
    is_success = status.startswith("2")
    carried = {
        "X-Request-Id": True,
        "Retry-After": status in {"409", "429", "503"},
        "Idempotency-Hit": is_success and takes_key,
        "Location": is_success and path == "/api/cart/checkout/",
    }
    return {name: _ANSWER_HEADERS[name] for name, is_there in carried.items() if is_there}


def _security(path: str, method: str) -> list[dict[str, list[str]]]:
    without_token = {
        ("/api/auth/access/", "post"),
        ("/api/profile/password/forget/", "post"),
        ("/api/profile/personal/", "post"),
    }
    if (path, method) in without_token:
        return [{"api_key": []}]
    both: list[dict[str, list[str]]] = [
        {"api_key": [], "access_token": []},
        {"api_key": [], "bearer": []},
    ]
    is_public = path.startswith(("/api/signup/", "/api/package/", "/api/countries/"))
    return [*both, {"api_key": []}] if is_public else both


def _query(forms: list[type[Form]], *, required: bool) -> list[dict[str, Any]]:
    """Query parameters; never required on DELETE, whose body may carry them."""
    shape = _own_schema(forms[0], {})
    return [
        {
            "name": name,
            "in": "query",
            "required": required and name in shape.get("required", []),
            "schema": {key: value for key, value in details.items() if key != "title"},
        }
        for name, details in shape["properties"].items()
    ]


def _body(forms: list[type[Form]], schemas: dict[str, Any], *, is_delete: bool) -> dict[str, Any]:
    """One form by reference; several, told apart by what is sent, as `oneOf`. Never required
    on DELETE, whose query may carry the parameters."""
    shapes = [form.model_json_schema(ref_template=_REF) for form in forms]
    schema: dict[str, Any] = _reference(forms[0], schemas)
    if len(forms) > 1:
        schema = {"oneOf": [_alone(form, schemas) for form in forms]}
    must_send = all("required" in shape or "anyOf" in shape for shape in shapes)
    has_file = any("image" in form.model_fields for form in forms)
    encodings = ("multipart/form-data",) if has_file else _ENCODINGS
    return {
        "required": must_send and not is_delete,
        "content": {encoding: {"schema": schema} for encoding in encodings},
    }


def _alone(form: type[Form], schemas: dict[str, Any]) -> dict[str, str]:
    """A reference to a form that holds nothing but its own parameters, so that `oneOf` tells it
    apart."""
    name = f"{form.__name__}Alone"
    shape = _own_schema(form, schemas)
    schemas[name] = shape | {
        "title": name,
        "additionalProperties": False,
        "minProperties": min(1, len(shape["properties"])),
    }
    return {"$ref": _REF.format(model=name)}


def _reference(shape: type[BaseModel], schemas: dict[str, Any]) -> dict[str, str]:
    """Put a shape and what it is made of among the components; a reference to it."""
    schemas[shape.__name__] = _own_schema(shape, schemas)
    return {"$ref": _REF.format(model=shape.__name__)}


def _own_schema(shape: type[BaseModel], schemas: dict[str, Any]) -> dict[str, Any]:
    """A shape's own schema; what it is made of is put among the components. Without defaults: a
    parameter that is not sent leaves things as they are, and a client that sends its default
    would clear them."""
    made = shape.model_json_schema(ref_template=_REF)
    parts: dict[str, Any] = made.pop("$defs", {})
    schemas.update(parts)
    for each in (made, *parts.values()):
        for details in each.get("properties", {}).values():
            details.pop("default", None)
            if "" in details.get("enum", ()):
                _name_the_empty(details)
    return made


def _name_the_empty(details: dict[str, Any]) -> None:
    """Generated clients name the words of an enum, and '' has no name: it stands beside them."""
    words = [word for word in details.pop("enum") if word]
    details["anyOf"] = [{"type": details.pop("type"), "enum": words}, {"const": ""}]


def _successes(path: str, said: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    if said["files"]:
        content = {kind: {"schema": {"type": "string"}} for kind in said["files"]}
        return {"200": {"description": "The file", "content": content}}
    found: dict[str, Any] = {}
    if said["status"] == 204:
        found["204"] = {"description": "Done; no body"}
    if said["gives"]:
        found[str(said["status"])] = _with_data(said["gives"], schemas)
    for status in ("200", "201") if said["representation"] else ():
        found[status] = _with_data(said["representation"], schemas)
    if path == "/api/cart/products/" and said["status"] == 204:
        found["200"] = found["201"]
    return found


def _with_data(shape: type[BaseModel], schemas: dict[str, Any]) -> dict[str, Any]:
    envelope = {
        "type": "object",
        "required": ["status", "data"],
        "additionalProperties": False,
        "properties": {"status": {"const": True}, "data": _reference(shape, schemas)},
    }
    return {"description": "The data", "content": {JSON: {"schema": envelope}}}


def _failures(method: str, said: dict[str, Any]) -> dict[str, Any]:
    codes: dict[int, list[str]] = {status: list(own) for status, own in _ERRORS_OF_ALL.items()}
    shared = [_ERRORS_WITH_BODY] if said["forms"] else []
    shared += [_ERRORS_WITH_BODY, _ERRORS_OF_CHANGES] if method != "get" else []
    for group in shared:
        for status, own in group.items():
            codes.setdefault(status, []).extend(own)
    for code in said["codes"]:
        is_missing_page = code == "1012" and method == "get"
        status = 404 if is_missing_page else _STATUS_OF.get(code, 422)
        codes.setdefault(status, []).append(code)
        if code in {"1005"}:
            codes[429].append(code)
    return {str(status): _failure(sorted(set(own))) for status, own in sorted(codes.items())}


def _failure(codes: list[str]) -> dict[str, Any]:
    return {
        "description": f"Refused with {', '.join(codes)}; nothing was changed",
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Failure"}}},
    }
