"""What somebody typed into a form while their session had ended comes back once they have signed in
again. It travels sealed in a cookie of that page, without secrets, and is shown to nobody else."""

import json
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from upline.base.encryption import Unreadable, open_for, seal_for
from upline.portal.form_keys import ONCE, is_key_of, is_secret

COOKIE = "kept-form"
_SECONDS = 30 * 60
_LETTERS_MOST = 2500
"""Browsers keep 4096 bytes of a cookie; sealed, this is less."""


def keep(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep what was sent for when its sender has signed in again. A form that does not say whose
    it is, or is too long, is not kept."""
    typed = {name: value for name, value in request.POST.items() if not is_secret(name)}
    text = json.dumps(typed)
    if ONCE not in typed or len(text) > _LETTERS_MOST:
        return
    response.set_cookie(
        COOKIE,
        seal_for(_context(request), text).decode(),
        max_age=_SECONDS,
        path=quote(request.path),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def typed_before(request: HttpRequest, member_id: int) -> dict[str, str]:
    """What this member typed here before they had to sign in again; nothing otherwise."""
    sealed = request.COOKIES.get(COOKIE, "")
    if not sealed:
        return {}
    try:
        opened = open_for(_context(request), sealed.encode(), seconds=_SECONDS)
    except Unreadable:
        return {}
    typed: dict[str, str] = json.loads(opened)
    return typed if is_key_of(typed.pop(ONCE, ""), member_id) else {}


def _context(request: HttpRequest) -> str:
    """What is kept for one page is nothing on another, and what was sealed for another purpose is
    nothing here. Whose it is, is said inside: who sends the form is not signed in."""
    return f"kept-form:{request.path}"


def forget(request: HttpRequest, response: HttpResponseBase) -> None:
    """What was kept has been shown."""
    if COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, path=quote(request.path))
