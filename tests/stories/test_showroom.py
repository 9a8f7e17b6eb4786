"""The demo's front page: one click makes a visitor somebody, and nowhere else but in the demo."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from stories.conftest import Demo
from support.client import Client
from support.installation import ROOT, Installation, free_port, stop_group
from upline.launch import demo as demo_command

MEMBERS = ("anna", "marc", "lea")
OFFICE = ("office", "finance", "checker", "approver", "support", "auditor")


class Passer:
    """A visitor without scripts, at the front page of a server."""

    def __init__(self, base_url: str) -> None:
        self.http = httpx.Client(base_url=base_url, timeout=30)

    def front(self) -> str:
        return self.http.get("/").text

    def click(self, who: str) -> httpx.Response:
        """Press the button of one of the people."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.front())
        data = {"csrfmiddlewaretoken": token[1]} if token else {}
        return self.http.post(f"/demo/as/{who}/", data=data)


@pytest.fixture
def passer(demo: Demo) -> Iterator[Callable[..., Passer]]:
    """`passer()` comes to the demo's front page, with no cookies."""
    opened: list[Passer] = []

    def make(base_url: str = "") -> Passer:
        opened.append(Passer(base_url or demo.base_url))
        return opened[-1]

    yield make
    for each in opened:
        each.http.close()


@pytest.mark.parametrize("who", MEMBERS)
def test_one_click_makes_a_visitor_a_member(passer: Callable[..., Passer], who: str) -> None:
    visitor = passer()
    answer = visitor.click(who)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/home/")
    home = visitor.http.get("/home/").text
    assert f"Hello {who.title()}" in home


@pytest.mark.parametrize("who", OFFICE)
def test_one_click_makes_a_visitor_a_staff_user(passer: Callable[..., Passer], who: str) -> None:
    visitor = passer()
    answer = visitor.click(who)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/office/")
    assert visitor.http.get("/office/").status_code == 200


def test_nobody_else_can_be_clicked(demo: Demo, passer: Callable[..., Passer]) -> None:
    for who in (demo.logins()["members"][0]["username"], "tillwater", "nobody"):
        answer = passer().click(who.replace(".", "-"))
        assert answer.status_code == 404
        assert passer().http.post(f"/demo/as/{who}/").status_code in (403, 404)


def test_another_page_cannot_press_the_button(passer: Callable[..., Passer]) -> None:
    visitor = passer()
    answer = visitor.http.post("/demo/as/office/", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers or "office=" not in answer.headers["Set-Cookie"]
    assert passer().http.get("/demo/as/office/").status_code == 405


def test_a_changed_password_is_not_passed_by(fresh_demo: Demo) -> None:
    fresh_demo.serve()
    client = Client(fresh_demo.base_url, fresh_demo.logins()["api_key"])
    lea = next(each for each in fresh_demo.logins()["shown"] if each["username"] == "lea")
    client.sign_in("lea", lea["password"])
    chosen = "a password of her own"
    asked = {"current_password": lea["password"], "new_password": chosen}
    answer = client.put("profile/password/", **asked, password_confirmation=chosen)
    assert answer.status_code in (200, 204), answer.text
    visitor = Passer(fresh_demo.base_url)
    refused = visitor.click("lea")
    assert refused.status_code == 401
    assert 'class="notice bad"' in refused.text
    assert visitor.http.get("/home/").status_code == 302


def test_the_shipped_server_has_no_such_door_even_to_the_demo_s_company(
    installation: Installation, demo: Demo, passer: Callable[..., Passer]
) -> None:
    tries: dict[str, Any] = dict.fromkeys(
        ("UPLINE_DEMO", "UPLINE_SHOWROOM", "UPLINE_ONE_CLICK", "DEMO"), "on"
    ) | {"ROOT_URLCONF": "upline.showroom.addresses"}
    port = free_port()
    server = installation.start_server(port, **demo.environment() | tries)
    try:
        visitor = passer(f"http://127.0.0.1:{port}")
        assert "/demo/" not in visitor.front()
        for who in (*MEMBERS, *OFFICE):
            for answer in (visitor.click(who), visitor.http.get(f"/demo/as/{who}/")):
                assert (answer.status_code, "Set-Cookie" in answer.headers) == (404, False)
        assert visitor.http.get("/demo/bank-statement.xml").status_code == 404
    finally:
        stop_group(server)


def test_the_demo_s_server_opens_no_door_to_another_company(installation: Installation) -> None:
    port = free_port()
    server = installation.start_server(port, app="demo_app")
    try:
        visitor = Passer(f"http://127.0.0.1:{port}")
        for path in ("/", "/demo/bank-statement.xml"):
            assert visitor.http.get(path).status_code == 404
        visitor.http.get("/sign-in/")
        token = visitor.http.cookies["form"]
        for who in (*MEMBERS, *OFFICE):
            answer = visitor.http.post(f"/demo/as/{who}/", data={"csrfmiddlewaretoken": token})
            assert answer.status_code == 404
    finally:
        stop_group(server)


@pytest.mark.parametrize(
    ("bind", "app"),
    [("127.0.0.1", "demo_app"), ("localhost", "demo_app"), ("::1", "demo_app"),
     ("0.0.0.0", "web_app"), ("192.0.2.7", "web_app"), ("::", "web_app"),
     ("127.evil.example", "web_app")],
)  # fmt: skip
def test_a_demo_that_others_can_reach_signs_nobody_in(bind: str, app: str) -> None:
    assert demo_command.app_for(bind, "http://127.0.0.1:8000") == app


@pytest.mark.parametrize(
    ("url", "proxy", "app"),
    [("http://localhost:8000", "off", "demo_app"), ("http://[::1]:8000", "off", "demo_app"),
     ("http://127.0.0.1:8000", "on", "web_app"), ("https://demo.example.com", "off", "web_app"),
     ("http://127.evil.example", "off", "web_app"), ("nonsense", "off", "web_app")],
)  # fmt: skip
def test_a_demo_behind_a_proxy_signs_nobody_in(url: str, proxy: str, app: str) -> None:
    assert demo_command.app_for("127.0.0.1", url, proxy) == app


@pytest.mark.parametrize(
    "header",
    [("X-Forwarded-For", "192.0.2.7"), ("X-Forwarded-Host", "demo.example.com"),
     ("X-Forwarded-Proto", "https"), ("X-Real-IP", "192.0.2.7"), ("Forwarded", "for=192.0.2.7"),
     ("Via", "1.1 tunnel"), ("Host", "demo.example.com")],
)  # fmt: skip
def test_a_visitor_from_elsewhere_finds_no_one_click_sign_in(
    demo: Demo, passer: Callable[..., Passer], header: tuple[str, str]
) -> None:
    """A tunnel that somebody opened to a demo of theirs brings strangers."""
    name, said = header
    visitor = passer()
    visitor.front()
    token = visitor.http.cookies["form"]
    form = {"csrfmiddlewaretoken": token}
    port = free_port()
    hosts = {"UPLINE_ALLOWED_HOSTS": "127.0.0.1,demo.example.com"}
    server = demo.installation.start_server(
        port, app="demo_app", environment=demo.environment() | hosts
    )
    try:
        visitor.http.base_url = httpx.URL(f"http://127.0.0.1:{port}")
        for asked in ("/", "/demo/bank-statement.xml"):
            assert visitor.http.get(asked, headers={name: said}).status_code == 404
        refused = visitor.http.post("/demo/as/office/", data=form, headers={name: said})
        assert (refused.status_code, "Set-Cookie" in refused.headers) == (404, False)
        assert visitor.http.get("/office/").status_code == 302
        assert visitor.http.post("/demo/as/office/", data=form).status_code == 302
    finally:
        stop_group(server)


def test_what_companies_run_never_loads_it() -> None:
    program = (
        "import sys; import upline.wsgi, upline.urls; from django.urls import get_resolver; "
        "get_resolver().url_patterns; "
        "print([name for name in sys.modules if name.startswith('upline.showroom')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "[]", done.stderr
