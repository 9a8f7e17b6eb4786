"""A web application that answers with the headers and the size of the body that it is sent."""

import json
from collections.abc import Callable
from typing import Any


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    size = len(environ["wsgi.input"].read())
    seen = {name: value for name, value in environ.items() if name.startswith(("HTTP", "CONTENT"))}
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({**seen, "size": size}).encode()]
