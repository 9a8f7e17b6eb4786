"""What a handler says about itself for OpenAPI; `openapi.py` makes the OpenAPI document of it."""

from typing import Any

from upline.api.http.reading import Form

EXTRA = "x-upline"


def call(
    name: str,
    summary: str,
    *,
    takes: type[Form] | None = None,
    one_of: tuple[type[Form], ...] = (),
    codes: str = "",
    gives: type | None = None,
    status: int = 204,
    representation: type | None = None,
    plain_mistake: bool = False,
    files: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Keyword arguments for a ninja route.

    `takes` the form it reads (`one_of` several, told apart by what is sent), `codes` the error
    codes of its own beside those of every call, `gives` the shape of `data` with `status`,
    `representation` its shape where `Prefer: return=representation` asks for one. An address
    that the published API prints by `plain_mistake` is marked deprecated; `files`
    are the kinds of file that it answers instead of data."""
    return {
        "summary": summary,
        "operation_id": name,
        "deprecated": plain_mistake or None,
        "openapi_extra": {
            EXTRA: {
                "forms": [takes] if takes else list(one_of),
                "codes": codes.split(),
                "gives": gives,
                "status": status,
                "representation": representation,
                "files": files,
            }
        },
    }
