"""The mails that staff get, caused in the office and received on a real mail server."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from mailings.test_every_mail import read, tables_with
from public_pages.conftest import Page
from support.cast import Cast, unique
from support.installation import STAFF, STAFF_PASSWORD, Installation, wait_for
from support.mail import MailServer, Worker, link_in
from support.office import Visitor, hire_staff
from support.second_factors import set_up
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import staff
from upline.mailings.models import Mail
from upline.members.models import MailedLink, User
from upline.members.queries import find_person


@pytest.fixture
def olga(installation: Installation) -> Iterator[Visitor]:
    """The owner, with an address for this test."""

    User.objects.filter(username=STAFF).update(email="olga@example.com")
    visitor = Visitor(installation.base_url)
    visitor.sign_in(STAFF, STAFF_PASSWORD)
    yield visitor
    User.objects.filter(username=STAFF).update(email="")


def _page(username: str, button: str) -> str:
    return f"/members/user/{User.objects.get(username=username).pk}/{button}/"


def test_an_invitation_arrives_and_lets_its_reader_in(
    olga: Visitor, installation: Installation, mail_server: MailServer, worker: Worker
) -> None:
    username = unique("tom")
    email = f"{username}@example.com"
    olga.press("/members/user/invite/", username=username, email=email)
    mail = mail_server.await_mail(username, "You are invited to the office of Acme")
    read(mail, email, f"Your username is {username}.", "within 3 days", "It works once")
    link = link_in(mail)
    assert link.startswith(f"{installation.base_url}/link/staff-invitation/")
    assert tables_with(urlsplit(link).path.rstrip("/").rpartition("/")[2]) == []
    Page(link).set_password(STAFF_PASSWORD)
    assert Visitor(installation.base_url).sign_in(username, STAFF_PASSWORD).status_code == 302
    told = mail_server.await_mail(username, "Staff of Acme changed")
    text = read(told, "olga@example.com", f"{username} ({email}) was invited as a staff user.")
    assert f"Changed by {STAFF} at Acme." in text
    assert "http" not in text


def test_changed_rights_are_told_to_the_owners_line_by_line(
    olga: Visitor, mail_server: MailServer, worker: Worker
) -> None:
    username = hire_staff("members.view_member")
    olga.press(_page(username, "rights"))
    mail = mail_server.await_mail("members.view_member → none.", "Staff of Acme changed")
    text = read(mail, "olga@example.com")
    assert f"The rights of {username} were changed." in text.splitlines()


def test_a_password_link_goes_to_the_person_and_a_notice_to_the_owners(
    olga: Visitor, installation: Installation, mail_server: MailServer, worker: Worker
) -> None:
    username = hire_staff()
    olga.press(_page(username, "send-link"))
    mail = mail_server.await_mail(username, "Choose a new password for the office of Acme")
    read(mail, f"{username}@example.com", "within 30 minutes", "you can ignore this mail")
    assert link_in(mail).startswith(f"{installation.base_url}/link/staff-password/")
    mail_server.await_mail(f"{username} was sent a link", "Staff of Acme changed")


def test_a_second_factor_is_told_to_its_person(
    installation: Installation, mail_server: MailServer, worker: Worker
) -> None:
    username = hire_staff()
    visitor = Visitor(installation.base_url)
    visitor.sign_in(username, STAFF_PASSWORD)
    _, codes = set_up(visitor)
    mail = mail_server.await_mail(username, "The second factor of your office login")
    text = read(mail, f"{username}@example.com", "needs a code from an app")
    assert not any(code in text for code in codes)


def test_who_forgot_the_password_gets_a_link_and_nobody_hears_who_is_staff(
    installation: Installation, cast: Cast, mail_server: MailServer, worker: Worker
) -> None:
    sam, gone, visitor = hire_staff(), hire_staff(), Visitor(installation.base_url)
    person = find_person(gone)
    assert person is not None
    staff.change_standing(UnitOfWork(Shell()), person.id, is_active=False)
    pages = [
        visitor.send("/login/forgot/", username=name).text
        for name in (unique("nobody"), cast.ben.username, gone, sam.upper())
    ]
    assert len({re.sub(r'value="[^"]+"', "", page) for page in pages}) == 1
    mail = mail_server.await_mail(sam, "Choose a new password for the office of Acme")
    assert link_in(mail).startswith(f"{installation.base_url}/link/staff-password/")
    for name in (cast.ben.username, gone):
        assert mail_server.received(name, "Choose a new password") == []


def test_row_9_staff_who_forgot_can_name_their_address_and_strangers_leave_them_a_link(
    installation: Installation,
    office_sets: Callable[..., None],
    mail_server: MailServer,
    worker: Worker,
) -> None:
    office_sets(forgot_limit=3, forgot_limit_by_name=2)
    sam, visitor = hire_staff(), Visitor(installation.base_url)
    address = f"{sam}@example.com".upper()

    def mailed(asked: str, *, past_limit: bool = False) -> int:
        staff.mail_forgotten(asked, past_limit=past_limit)
        found = Mail.objects.filter(user__username=sam, kind="staff_password")
        return found.count()

    assert mailed(address.replace("EXAMPLE", "\uff25XAMPLE")) == 0
    assert [mailed(each) for each in (address, sam)] == [1, 2]
    assert [mailed(address), mailed(sam, past_limit=True)] == [2, 2], "two wait or were sent"
    wait_for(lambda: not Mail.objects.filter(user__username=sam).exclude(status="sent").exists())
    MailedLink.objects.filter(user__username=sam).delete()
    assert [mailed(sam, past_limit=True) for _ in range(2)] == [3, 3]
    pages = [visitor.send("/login/forgot/", username=each).text for each in (address, unique("no"))]
    assert len({re.sub(r'value="[^"]+"', "", page) for page in pages}) == 1
