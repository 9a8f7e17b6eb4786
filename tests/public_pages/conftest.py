"""The pages that mails link to, fetched over HTTP."""

import re
from collections.abc import Callable

import httpx
import pytest

from support.cast import Player
from support.installation import PASSWORD, Installation

FRESH = "a fresh horse every day"


class Page:
    """A page as a browser without scripts uses it: cookies kept, forms sent with their token."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(timeout=30)

    def get(self) -> httpx.Response:
        return self.http.get(self.url)

    def send(self, **fields: str) -> httpx.Response:
        """Fill in the form of the page and send it."""
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get().text)
        assert found, "the page has a form"
        return self.http.post(self.url, data={"csrfmiddlewaretoken": found[1], **fields})

    def set_password(self, password: str = FRESH, again: str | None = None) -> httpx.Response:
        again = password if again is None else again
        return self.send(password=password, again=again, login_password=PASSWORD)


@pytest.fixture
def link(installation: Installation) -> Callable[..., Page]:
    """The page of a link as a mail would carry it: `link(cast.ben, "login_password")`."""
    from upline.members import actions
    from upline.members.models import LinkPurpose

    def make(player: Player, purpose: str, email: str = "") -> Page:
        secret = actions.make_link(player.id, LinkPurpose(purpose), email)
        return Page(f"{installation.base_url}/link/{purpose.replace('_', '-')}/{secret}/")

    return make


def said(answer: httpx.Response) -> str:
    """The sentence that a page says, and that it has no form any more."""
    assert "<form" not in answer.text
    found = re.search(r'role="status"[^>]*>([^<]+)<', answer.text)
    assert found, answer.text
    return found[1]
