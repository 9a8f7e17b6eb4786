"""Members in the portal, as a browser without scripts uses it."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from support.cast import Player
from support.installation import PASSWORD, Installation


class Browser:
    """A browser: it keeps cookies and sends forms with their token."""

    def __init__(self, base_url: str) -> None:
        self.http = httpx.Client(base_url=base_url, timeout=30)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.http.get(path, **more)

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Fill in the form of a page and send it."""
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path).text)
        assert found, f"{path} has a form"
        return self.http.post(path, data={"csrfmiddlewaretoken": found[1], **fields})

    def sign_in(self, name: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        return self.send("/sign-in/", name=name, password=password, **more)

    def sign_out(self) -> httpx.Response:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get("/me/").text)
        assert token, "Me has a button to sign out"
        return self.http.post("/sign-out/", data={"csrfmiddlewaretoken": token[1]})


@pytest.fixture
def browser_of(installation: Installation) -> Iterator[type]:
    """`browser_of()` is a browser at nobody's desk, `browser_of(cast.anna)` has signed Anna in."""
    opened: list[Browser] = []

    def make(player: Player | None = None) -> Browser:
        opened.append(Browser(installation.base_url))
        if player:
            answer = opened[-1].sign_in(player.username)
            assert answer.headers.get("Location") == "/home/", answer.text
        return opened[-1]

    yield make  # type: ignore[misc]
    for each in opened:
        each.http.close()
