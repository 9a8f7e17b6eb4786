"""Origins of web pages and apps that may call the API from a browser (CORS)."""

import re
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

_ORIGIN = re.compile(
    r"[a-z][a-z0-9+.-]*://(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)*(:[0-9]{1,5})?"
)
_SENTENCE = (
    "This is not an origin. Write https://shop.example.com, https://*.example.com for all "
    "subdomains, or an app's own such as capacitor://localhost."
)


def _origin(text: str) -> str:
    plain = text.strip().lower().removesuffix("/")
    if not _ORIGIN.fullmatch(plain):
        raise PydanticCustomError("wrong", _SENTENCE)
    return plain


Origin = Annotated[str, AfterValidator(_origin)]


def is_allowed(origin: str, allowed: tuple[Origin, ...]) -> bool:
    """Whether `origin`, as a browser names it, is one of those or a subdomain that one of them
    stands for (`https://*.example.com`)."""
    scheme, _, host = origin.lower().partition("://")
    parent = host.partition(".")[2]
    return f"{scheme}://{host}" in allowed or any(
        f"{scheme}://*.{'.'.join(labels)}" in allowed for labels in _parents(parent)
    )


def _parents(host: str) -> list[list[str]]:
    labels = host.split(".") if host else []
    return [labels[start:] for start in range(len(labels))]
