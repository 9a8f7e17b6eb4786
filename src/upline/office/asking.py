"""What the office's pages take from a request: who acts, from where, and that it happens once."""

import json
import secrets
from hashlib import sha256

from django.http import HttpRequest

from upline.base.actors import Actor, Visitor, scope_of
from upline.base.network import address_of
from upline.base.unit import IdempotencyKey, UnitOfWork
from upline.flows import permissions

ONCE = "once"


def unit_of(request: HttpRequest, *, once: bool = False) -> UnitOfWork:
    """The unit of work of a staff user's request; with `once`, the same form sent twice
    changes something once."""
    return UnitOfWork(
        actor=actor_of(request),
        address=address_of(request),
        request_id=request.request_id,  # type: ignore[attr-defined]
        key=_key(request) if once else None,
    )


def actor_of(request: HttpRequest) -> Actor:
    """The staff user who is signed in, or a visitor."""
    user = request.user
    return permissions.staff_of(user) if user.is_authenticated else Visitor()


def new_key() -> str:
    """What a freshly opened form carries."""
    return secrets.token_urlsafe(18)


# What a form carries beside what was typed: it differs where the same is asked again.
_CARRIED = {"csrfmiddlewaretoken", "preview", "previewed", "opened", ONCE}
SIGNATURE = "own"
"""What the fields begin with in which somebody proves who they are: they are no part of what is
asked for, and nothing that is kept depends on them."""


def typed(request: HttpRequest) -> list[tuple[str, list[str]]]:
    """What was filled in, by field."""
    names = (name for name in set(request.POST) - _CARRIED if not name.startswith(f"{SIGNATURE}-"))
    return [(name, request.POST.getlist(name)) for name in sorted(names)]


def _key(request: HttpRequest) -> IdempotencyKey:
    files = []
    for name, file in sorted(request.FILES.items()):
        files.append((name, sha256(file.read()).hexdigest()))  # type: ignore[union-attr]
        file.seek(0)  # type: ignore[union-attr]
    return IdempotencyKey(
        key=request.POST[ONCE],
        scope=scope_of(actor_of(request)),
        body=json.dumps([request.path_info, typed(request), files]),
    )
