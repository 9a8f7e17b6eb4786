"""A browser at the office's door, as far as forms go: cookies, CSRF token, hidden fields."""

import re
from html import unescape
from typing import Any

import httpx

from support.cast import unique
from support.installation import STAFF, STAFF_PASSWORD

OWN_PASSWORD = "own-current_password"
"""The field of a form in which a second person confirms a step."""
# The button that leads to a preview, where the form can be sent only after one.
_MUST_PREVIEW = 'name="preview" value="on" class="button">'
_FIELD = re.compile(r"<(?:input|textarea|select)[^>]*>")
_VALUE = re.compile(r'\b(name|value|type)="([^"]*)"')


class Visitor:
    """Somebody with a browser: keeps cookies, sends back the hidden fields of forms."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.http = httpx.Client(base_url=f"{base_url}/office", timeout=60)
        self.password = ""

    def get(self, path: str, **query: Any) -> httpx.Response:
        """A page; where it asks for the password once more, it gets it."""
        answer = self.http.get(path, params=query or None)
        if answer.headers.get("Location", "").startswith("/office/account/confirm/"):
            self.confirm(answer.headers["Location"].removeprefix("/office"))
            answer = self.http.get(path, params=query or None)
        return answer

    def sign_in(self, username: str, password: str) -> httpx.Response:
        self.password = password
        return self.send("/login/", username=username, password=password)

    def confirm(self, path: str = "/account/confirm/", **fields: str) -> httpx.Response:
        """Prove again who one is."""
        return self.send(path, **{"current_password": self.password, **fields})

    def open(self, path: str) -> dict[str, str]:
        """The hidden fields of the form on a page, the CSRF token among them."""
        return hidden(self.get(path).text)

    def send(self, path: str, **fields: Any) -> httpx.Response:
        """Open a form, fill it in, send it, and again where a preview is to be seen first, or where
        it has to be confirmed with the own password. A redirect is not followed."""
        form = self.filled(path, **fields)
        answer = self.post(path, form)
        if OWN_PASSWORD in answer.text and OWN_PASSWORD not in fields:
            return self.post(path, form | {OWN_PASSWORD: self.password})
        return answer

    def filled(self, path: str, **fields: Any) -> dict[str, Any]:
        """All fields of a form as they are sent once its preview, where it has one, was seen."""
        page = self.get(path).text
        form = hidden(page) | fields
        is_previewed = "previewed" in form or _MUST_PREVIEW in page
        return self.previewed(path, form) if is_previewed and "preview" not in fields else form

    def previewed(self, path: str, form: dict[str, Any]) -> dict[str, Any]:
        """The form after a look at what it would do; as it is where it is refused before that."""
        shown = hidden(self.post(path, form | {"preview": "on"}).text)
        return form | {name: shown[name] for name in ("previewed",) if name in shown}

    def post(self, path: str, fields: dict[str, Any], **more: Any) -> httpx.Response:
        return self.http.post(path, data=fields, **more)

    def press(self, path: str, **fields: Any) -> str:
        """Send a form that must do what it says; the sentence it answers."""
        answer = self.send(path, **fields)
        assert answer.status_code == 302, problems(answer)
        return said(self.http.get(answer.headers["Location"].removeprefix("/office")))

    def token(self) -> str:
        """A CSRF token from a page that everybody may open."""
        return self.open("/password_change/").get("csrfmiddlewaretoken", "")


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of all forms of a page."""
    found = {}
    for tag in _FIELD.findall(page):
        attributes = dict(_VALUE.findall(tag))
        if attributes.get("type") == "hidden":
            found[attributes["name"]] = unescape(attributes.get("value", ""))
    return found


def said(answer: httpx.Response) -> str:
    """The messages on a page."""
    assert answer.status_code == 200, answer.text
    return " ".join(_texts(r'<ul class="messagelist">(.*?)</ul>', answer.text))


def problems(answer: httpx.Response) -> str:
    """What a form says is wrong."""
    return " ".join(_texts(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', answer.text))


def _texts(pattern: str, page: str) -> list[str]:
    found = re.findall(pattern, page, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", " ", each)).strip() for each in found]


TYPED_LISTS = {"allowed_origins", "order_types", "order_figures"}
"""Settings that are typed one entry a line."""


def settings_form(visitor: Visitor) -> dict[str, Any]:
    """The page of settings as a browser would send it unchanged."""
    from upline.base.amounts import as_text
    from upline.company import queries
    from upline.company.settings import MONEY

    form: dict[str, Any] = visitor.open("/company/company/")
    now = queries.load_company().office.by_name()
    for name, value in now.items():
        if value is True:
            form[name] = "on"
        elif isinstance(value, list):
            form[name] = "\n".join(value) if name in TYPED_LISTS else value
        elif value is not False:
            form[name] = str(value)
    return form | {name: as_text(now[name], 2) for name in MONEY}


def acting(username: str) -> Any:
    """What this staff user changes, who has just entered their own password for it."""
    from upline.base.unit import UnitOfWork
    from upline.flows import permissions
    from upline.members.models import User

    found = User.objects.get(username=username)
    return UnitOfWork(permissions.staff(found.pk), is_confirmed=True)


def hire_staff(*permissions: str) -> str:
    """Make a staff user through the same flows as the office's pages, two days ago. Returns the
    username."""
    from datetime import timedelta

    from django.contrib.auth.models import Permission

    from upline.base import clock
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.flows import staff as flows
    from upline.flows.permissions import staff as acting
    from upline.members import actions as members
    from upline.members.models import LinkPurpose, User

    username, ids = unique("sam"), []
    for permission in permissions:
        app, codename = permission.split(".")
        found = Permission.objects.get(content_type__app_label=app, codename=codename)
        ids.append(found.pk)
    with clock.pinned(clock.now() - timedelta(days=2)):
        user_id = flows.invite(UnitOfWork(Shell()), username, f"{username}@example.com")
        link = members.make_link(user_id, LinkPurpose.STAFF_INVITATION)
        flows.choose_password(
            UnitOfWork(Shell()), LinkPurpose.STAFF_INVITATION, link, STAFF_PASSWORD
        )
        flows.change_rights(
            UnitOfWork(acting(User.objects.get(username=STAFF).pk)),
            user_id,
            is_superuser=False,
            group_ids=[],
            permission_ids=ids,
        )
    return username


def fail_a_job() -> int:
    """The worker's latest job, as one that failed. Returns its id."""
    from upline.base import sql

    return sql.number(
        """UPDATE procrastinate_jobs SET status = 'failed'
           WHERE id = (SELECT max(id) FROM procrastinate_jobs) RETURNING id"""
    )
