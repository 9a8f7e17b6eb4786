"""The OpenAPI document, made of what each call says (http/registry.py) and what all calls share.

Every call takes its parameters in three encodings (DELETE in the query too), may answer the
codes of its own and those of every call, and wraps its data in the envelope."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_page
from pydantic import BaseModel, TypeAdapter

from upline.api.describe import codes
from upline.api.http.bodies import ContentTypeUnsupported
from upline.api.http.credentials import (
    CLIENT,
    IN_NETWORK,
    MEMBER,
    PUBLIC,
    SHOP,
    CredentialsCheck,
)
from upline.api.http.envelope import JSON, answer, as_json
from upline.api.http.frame import PREFIX, InternalError
from upline.api.http.reading import Form
from upline.api.http.registry import CALLS, Call
from upline.api.routes import TITLES
from upline.base.errors import (
    BodyTooLarge,
    FieldsWrong,
    IdempotencyKeyReused,
    InProgress,
    Malformed,
    NotPermitted,
    Refusal,
    TooManyRequests,
    Unavailable,
)
from upline.members.errors import AccessTokenWrong, ApiKeyWrong

# Generated clients take the first one. JSON is the one that all of them write right.
_ENCODINGS = (JSON, "application/x-www-form-urlencoded", "multipart/form-data")
_REF = "#/components/schemas/{model}"
_OF_ALL = (
    ApiKeyWrong, AccessTokenWrong, Malformed, TooManyRequests, InternalError, Unavailable,
)  # fmt: skip
_WITH_BODY = (BodyTooLarge, ContentTypeUnsupported, FieldsWrong)
_OF_CHANGES = (InProgress, IdempotencyKeyReused, FieldsWrong)
_MAYBE_TOKEN: list[dict[str, list[str]]] = [
    {"api_key": [], "access_token": []}, {"api_key": [], "bearer": []}, {"api_key": []},
]  # fmt: skip
_SECURITY: dict[CredentialsCheck, list[dict[str, list[str]]]] = {
    MEMBER: [{"api_key": [], "access_token": []}, {"api_key": [], "bearer": []}],
    IN_NETWORK: [{"api_key": [], "access_token": []}, {"api_key": [], "bearer": []}],
    CLIENT: [{"api_key": []}],
    PUBLIC: _MAYBE_TOKEN,
    SHOP: _MAYBE_TOKEN,
}
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
    return as_json(build())


def start(request: HttpRequest) -> HttpResponse:
    """`/api/`: where to read on."""
    address = f"{settings.BASE_URL}/api"
    return answer({"documentation": f"{address}/docs", "openapi": f"{address}/openapi.json"})


def document(request: HttpRequest) -> HttpResponse:
    """`/api/openapi.json`, open to everybody."""
    return HttpResponse(document_text(), content_type=JSON)


def docs(request: HttpRequest) -> HttpResponse:
    """`/api/docs`, the OpenAPI document as a page."""
    return render_page(request, "site/api_docs.html")


def build() -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {"Failure": _FAILURE}
    for each in CALLS:
        operation = _operation(each, schemas)
        paths.setdefault(PREFIX + each.path, {})[each.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Upline",
            "version": "1",
            "description": f"{_INTRODUCTION}\n\n## Error codes\n\n{codes.as_markdown()}",
        },
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": _SECURITY_SCHEMES,
        },
        "servers": [{"url": "/"}],
    }


_INTRODUCTION = "The REST API of a network-marketing back office."
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


def _operation(call: Call, schemas: dict[str, Any]) -> dict[str, Any]:
    """What one call says; the shapes that it names are put among `schemas`."""
    parameters = [_in_path(name) for name in call.parameters]
    if call.forms and call.method in {"GET", "DELETE"}:
        parameters += _query(call.forms, required=call.method == "GET")
    takes_key = call.method != "GET" and call.path != "auth/access/"
    if takes_key:
        parameters.append(_IDEMPOTENCY_KEY)
    if call.representation:
        parameters.append(_PREFER)
    responses = _successes(call, schemas) | _failures(call)
    for status, response in responses.items():
        response["headers"] = _headers(call, status, takes_key=takes_key)
    operation: dict[str, Any] = {
        "operationId": call.name,
        "summary": call.summary,
        "parameters": parameters,
        "responses": responses,
        "tags": [TITLES[call.handler.__module__]],
    }
    if call.is_plain_mistake:
        operation["deprecated"] = True
    operation["security"] = _SECURITY[call.auth]
    if call.scope:
        operation["description"] = f"The api_key needs the scope `{call.scope}`."
    if call.forms and call.method != "GET":
        operation["requestBody"] = _body(call.forms, schemas, is_delete=call.method == "DELETE")
    return operation


def _in_path(name: str) -> dict[str, Any]:
    title = name.replace("_", " ").title()
    return {
        "in": "path",
        "name": name,
        "schema": {"title": title, "type": "string"},
        "required": True,
    }


def _headers(call: Call, status: str, *, takes_key: bool) -> dict[str, Any]:
    """The headers that an answer of this status may carry beside HTTP's own."""
    is_success = status.startswith("2")
    carried = {
        "X-Request-Id": True,
        "Retry-After": status in {"409", "429", "503"},
        "Idempotency-Hit": is_success and takes_key,
        "Location": is_success and call.path == "cart/checkout/",
    }
    return {name: _ANSWER_HEADERS[name] for name, is_there in carried.items() if is_there}


def _query(forms: Sequence[type[Form]], *, required: bool) -> list[dict[str, Any]]:
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


def _body(
    forms: Sequence[type[Form]], schemas: dict[str, Any], *, is_delete: bool
) -> dict[str, Any]:
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


def _reference(shape: type[Any], schemas: dict[str, Any]) -> dict[str, str]:
    """Put a shape and what it is made of among the components; a reference to it."""
    schemas[shape.__name__] = _own_schema(shape, schemas)
    return {"$ref": _REF.format(model=shape.__name__)}


def _own_schema(shape: type[Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """A shape's own schema; what it is made of is put among the components. Without defaults: a
    parameter that is not sent leaves things as they are, and a client that sends its default
    would clear them."""
    is_form = issubclass(shape, BaseModel)
    made: dict[str, Any] = TypeAdapter(shape).json_schema(ref_template=_REF)
    parts: dict[str, Any] = made.pop("$defs", {})
    if not is_form:
        made, parts = _closed(made), {name: _closed(part) for name, part in parts.items()}
    schemas.update(parts)
    for each in (made, *parts.values()):
        for details in each.get("properties", {}).values():
            details.pop("default", None)
            if "" in details.get("enum", ()):
                _name_the_empty(details)
    return made


def _closed(shape: dict[str, Any]) -> dict[str, Any]:
    return {"additionalProperties": False, **shape}


def _name_the_empty(details: dict[str, Any]) -> None:
    """Generated clients name the words of an enum, and '' has no name: it stands beside them."""
    words = [word for word in details.pop("enum") if word]
    details["anyOf"] = [{"type": details.pop("type"), "enum": words}, {"const": ""}]


def _successes(call: Call, schemas: dict[str, Any]) -> dict[str, Any]:
    if call.files:
        content = {kind: {"schema": {"type": "string"}} for kind in call.files}
        return {"200": {"description": "The file", "content": content}}
    found: dict[str, Any] = {}
    if call.status == 204:
        found["204"] = {"description": "Done; no body"}
    if call.gives:
        found[str(call.status)] = _with_data(call.gives, schemas)
    for status in ("200", "201") if call.representation else ():
        found[status] = _with_data(call.representation, schemas)
    return found


def _with_data(shape: type[Any], schemas: dict[str, Any]) -> dict[str, Any]:
    envelope = {
        "type": "object",
        "required": ["status", "data"],
        "additionalProperties": False,
        "properties": {"status": {"const": True}, "data": _reference(shape, schemas)},
    }
    return {"description": "The data", "content": {JSON: {"schema": envelope}}}


def _failures(call: Call) -> dict[str, Any]:
    refusals: set[type[Refusal]] = {*_OF_ALL, *call.refuses}
    if call.auth.members_only or call.scope:
        refusals.add(NotPermitted)
    if call.forms or call.method != "GET":
        refusals |= set(_WITH_BODY)
    if call.method != "GET":
        refusals |= set(_OF_CHANGES)
    codes: dict[int, set[str]] = {}
    for each in refusals:
        codes.setdefault(each.status, set()).add(each.code)
    return {str(status): _failure(sorted(own)) for status, own in sorted(codes.items())}


def _failure(codes: list[str]) -> dict[str, Any]:
    return {
        "description": f"Refused with {', '.join(codes)}; nothing was changed",
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Failure"}}},
    }
