"""Origins of web pages and apps that may call the API from a browser (CORS)."""

import re
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from upline.language import lazy

_ORIGIN = re.compile(
    r"[a-z][a-z0-9+.-]*://"
    r"((\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(:[0-9]{1,5})?"
)
# Browsers leave these out, so an origin that names one would never match.
_USUAL_PORTS = {"https": ":443", "http": ":80"}
_SENTENCE = lazy(
    "This is not an origin. Write https://shop.example.com, "
    "https://*.example.com for all subdomains, or an app's own such as "
    "capacitor://localhost."
)


def _origin(text: str) -> str:
    plain = _as_browsers_write(text.strip().lower().removesuffix("/"))
    if not _ORIGIN.fullmatch(plain):
        raise PydanticCustomError("wrong", _SENTENCE)
    return plain


def _as_browsers_write(origin: str) -> str:
    """Without the scheme's usual port, and a host with other letters as they look it up."""
    scheme, mark, host = origin.partition("://")
    host = host.removesuffix(_USUAL_PORTS.get(scheme, "/"))
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return origin
    return f"{scheme}{mark}{host}"


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
