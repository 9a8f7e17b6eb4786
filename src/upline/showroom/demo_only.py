"""Nothing of the showroom works beside another company than the demo's, or for visitors from
elsewhere than this machine."""

from django.http import Http404, HttpRequest
from django.http.request import split_domain_port

from upline.demo import building
from upline.launch.environment import is_local

_PASSED_ON = (
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "Via",
)
"""What proxies and tunnels add to a request that they pass on."""


def require_demo(request: HttpRequest) -> None:
    """Raises Http404 where the company is not the demo's, or the visitor came through a proxy or by
    a host name that is not this machine's alone."""
    if not _comes_from_here(request) or not _is_there():
        raise Http404


def _comes_from_here(request: HttpRequest) -> bool:
    host, _ = split_domain_port(request.get_host())
    return is_local(host) and not any(name in request.headers for name in _PASSED_ON)


def _is_there() -> bool:
    try:
        return building.exists()
    except building.NotADemo:
        return False
