"""Staff users and roles: only owners invite them and say what they may do."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.contrib.auth.models import Group, Permission

from office.shelves import desks
from public_pages.conftest import Page
from support.cast import Cast, unique
from support.installation import STAFF, STAFF_PASSWORD, Installation
from support.office import Visitor, hire_staff, problems
from upline.base import sql
from upline.base.errors import NotPermitted
from upline.base.unit import UnitOfWork
from upline.flows import mailing, permissions, staff
from upline.flows.permissions import SCOPES, Right, right_of
from upline.mailings.models import Mail
from upline.members import actions
from upline.members.models import LinkPurpose, StepAsked, User


def _user(username: str) -> Any:
    return User.objects.get(username=username)


def _page(username: str, button: str) -> str:
    return f"/members/user/{_user(username).pk}/{button}/"


def _permission(name: str) -> str:
    app, codename = name.split(".")
    return str(Permission.objects.get(content_type__app_label=app, codename=codename).pk)


@pytest.fixture
def browser(installation: Installation) -> Visitor:
    return Visitor(installation.base_url)


def _invite(olga: Visitor, name: str = "tom") -> str:
    username = unique(name)
    olga.press("/members/user/invite/", username=username, email=f"{username}@example.com")
    return username


def _accept(username: str, base_url: str, password: str = STAFF_PASSWORD) -> httpx.Response:
    """Follow the link of the newest mail to choose a password."""
    mail = Mail.objects.filter(user__username=username, kind__startswith="staff_").latest("id")
    link = mailing.link_for(mail)
    assert link.startswith(f"{base_url}/link/")
    return Page(link).set_password(password)


def _hire(olga: Visitor) -> str:
    username = _invite(olga)
    assert _accept(username, olga.base_url).status_code == 200
    return username


def test_an_invited_colleague_chooses_a_password_and_may_do_nothing_yet(
    olga: Visitor,
    browser: Visitor,
    audited: Callable[..., dict[str, Any]],
    owners_hear: Callable[[], list[str]],
) -> None:
    username = _invite(olga)
    audited("staff.invited", f"user:{_user(username).pk}")
    assert owners_hear() == [f"{username} ({username}@example.com) was invited as a staff user."]
    assert "invited" in olga.get(f"/members/user/{_user(username).pk}/").text
    assert problems(browser.sign_in(username, STAFF_PASSWORD)), "no password is set yet"
    answer = _accept(username, olga.base_url)
    assert re.search(r'<a class="button[^"]*" href="/office/" ?>Sign in</a>', answer.text)
    assert browser.sign_in(username, STAFF_PASSWORD).status_code == 302
    assert "You have no rights yet." in browser.get("/").text
    assert browser.get("/members/member/").status_code == 403


def test_an_invitation_works_once_and_for_three_days(olga: Visitor) -> None:
    user_id = _user(_invite(olga)).pk
    links = [
        Page(f"{olga.base_url}/link/staff-invitation/{actions.make_link(user_id, purpose)}/")
        for purpose in (
            LinkPurpose.STAFF_INVITATION,
            LinkPurpose.STAFF_INVITATION,
            LinkPurpose.LOGIN_PASSWORD,
        )
    ]
    assert links[2].get().status_code == 404, "a link for something else"
    sql.run("UPDATE members_mailedlink SET expires_at = expires_at - interval '71 hours'")
    assert links[0].get().status_code == 200
    assert links[0].set_password(STAFF_PASSWORD).status_code == 200
    for used in links[:2]:
        assert used.get().status_code == 404, "the password ends them all"


def test_an_invitation_that_got_lost_is_sent_again(olga: Visitor) -> None:
    username = _invite(olga)
    olga.press(_page(username, "send-link"))
    kinds = Mail.objects.filter(user__username=username).values_list("kind", flat=True)
    assert list(kinds) == ["staff_invitation", "staff_invitation"]


def test_a_deactivated_colleagues_link_does_nothing(olga: Visitor) -> None:
    username = _invite(olga)
    olga.press(_page(username, "deactivate"))
    assert _accept_is_refused(username, olga)
    assert not _user(username).has_usable_password()


@pytest.mark.parametrize("change", ["email", "deactivate"])
def test_a_link_ends_with_the_address_that_it_was_mailed_to_and_with_the_login(
    change: str, olga: Visitor
) -> None:
    """An invitation to a mistyped address is in the mailbox of a stranger."""
    username = _invite(olga)
    secret = actions.make_link(_user(username).pk, LinkPurpose.STAFF_INVITATION)
    page = Page(f"{olga.base_url}/link/staff-invitation/{secret}/")
    assert page.get().status_code == 200
    olga.press(_page(username, change), email=f"{username}@elsewhere.example")
    if change == "deactivate":
        olga.press(_page(username, "activate"))
    assert page.get().status_code == 404
    assert not _user(username).has_usable_password()


def test_other_spellings_of_a_name_have_nobody_mailed(olga: Visitor) -> None:
    """The database folds U+017F onto s: each such spelling would have a limit of its own."""
    username = _invite(olga, "silas")
    for spelling in (username.replace("s", "\u017f"), username):
        staff.mail_forgotten(spelling)
    kinds = Mail.objects.filter(user__username=username).values_list("kind", flat=True)
    assert list(kinds) == ["staff_invitation", "staff_invitation"]


def _accept_is_refused(username: str, olga: Visitor) -> bool:
    secret = actions.make_link(_user(username).pk, LinkPurpose.STAFF_INVITATION)
    return Page(f"{olga.base_url}/link/staff-invitation/{secret}/").get().status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [{"username": STAFF.upper()}, {"username": "ab"}, {"username": "two words"},
     {"email": "not an address"}, {"email": ""}],
)  # fmt: skip
def test_a_staff_user_that_cannot_be_is_not_made(
    wrong: dict[str, str], olga: Visitor, nothing_changes: Callable[[], Any]
) -> None:
    fields = {"username": unique("tom"), "email": "tom@example.com"}
    with nothing_changes():
        assert problems(olga.send("/members/user/invite/", **(fields | wrong)))


def test_a_members_name_cannot_be_taken(
    olga: Visitor, cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = olga.send("/members/user/invite/", username=cast.anna.username,
                           email="anna@example.com")  # fmt: skip
        assert problems(answer) == "This username is not available."


def test_rights_hold_at_once_alone_and_through_groups(
    olga: Visitor,
    browser: Visitor,
    audited: Callable[..., dict[str, Any]],
    owners_hear: Callable[[], list[str]],
) -> None:
    username, name = _hire(olga), unique("Support")
    owners_hear()
    browser.sign_in(username, STAFF_PASSWORD)
    olga.press("/auth/group/new/", name=name, permissions=_permission("orders.view_order"))
    assert audited("role.saved")["changes"] == {
        "Name": {"before": "", "after": name},
        "Permissions": {"before": [], "after": ["orders.view_order"]},
    }
    group = str(Group.objects.get(name=name).pk)
    olga.press(_page(username, "rights"), groups=group,
               permissions=_permission("members.view_member"))  # fmt: skip
    assert audited("staff.rights_changed")["changes"] == {
        "Roles": {"before": [], "after": [name]},
        "Permissions": {"before": [], "after": ["members.view_member"]},
    }
    assert owners_hear()[-3:] == [
        f"The rights of {username} were changed.",
        f"Roles: none → {name}.",
        "Permissions: none → members.view_member.",
    ]
    assert browser.get("/members/member/").status_code == 200
    assert browser.get("/orders/order/").status_code == 200
    assert browser.get("/wallet/transfer/").status_code == 403

    olga.press(f"/auth/group/{group}/edit/", name=name)
    assert browser.get("/orders/order/").status_code == 403
    olga.press(_page(username, "rights"), is_superuser="on")
    assert browser.get("/wallet/transfer/").status_code == 200


def test_the_form_of_rights_offers_what_the_office_asks_for_and_nothing_else(
    olga: Visitor,
) -> None:
    page = olga.get("/auth/group/new/").text
    for meaning in ("See members and their contact data", "Credit and debit wallets",
                    "Change the settings", "Give e-pins to members, block and unblock them",
                    "End memberships for good"):  # fmt: skip
        assert meaning in page
    assert "change_member" not in page
    assert f'value="{_permission("wallet.delete_transfer")}"' not in page


def test_a_deactivated_staff_user_is_out_at_once(
    olga: Visitor, browser: Visitor, nobody: Visitor, audited: Callable[..., dict[str, Any]]
) -> None:
    username = _hire(olga)
    browser.sign_in(username, STAFF_PASSWORD)
    olga.press(_page(username, "deactivate"))
    audited("staff.deactivated")
    assert browser.get("/").status_code == 302
    assert problems(browser.sign_in(username, STAFF_PASSWORD))
    olga.press(_page(username, "activate"))
    assert nobody.sign_in(username, STAFF_PASSWORD).status_code == 302


def test_a_new_password_is_chosen_by_its_owner_and_ends_what_is_open(
    olga: Visitor, browser: Visitor, owners_hear: Callable[[], list[str]]
) -> None:
    username, new = _hire(olga), "a quite different password"
    browser.sign_in(username, STAFF_PASSWORD)
    olga.press(_page(username, "send-link"))
    assert "was sent a link to choose a password" in owners_hear()[-1]
    assert browser.get("/").status_code == 200, "a link alone ends nothing"
    _accept(username, olga.base_url, new)
    assert browser.get("/").status_code == 302
    assert problems(browser.sign_in(username, STAFF_PASSWORD))
    assert browser.sign_in(username, new).status_code == 302


def test_a_changed_address_is_told_to_the_old_one_and_to_the_owners(
    olga: Visitor, owners_hear: Callable[[], list[str]]
) -> None:
    username = _hire(olga)
    olga.press(_page(username, "email"), email="tom.new@example.com")
    told = Mail.objects.filter(to_address=f"{username}@example.com", kind="staff_changed")
    assert told.count() == 1
    assert "was changed to tom.new@example.com" in owners_hear()[-1]


def test_who_is_no_owner_any_more_is_told_too(olga: Visitor) -> None:
    username = _hire(olga)
    for rights in ({"is_superuser": "on"}, {}):
        olga.press(_page(username, "rights"), **rights)
    told = Mail.objects.filter(to_address=f"{username}@example.com", kind="staff_changed")
    assert [each.facts["what"][1] for each in told.order_by("id")] == [
        "Owner: no → yes.", "Owner: yes → no."]  # fmt: skip


def test_a_grave_change_asks_for_the_password_once_more(
    olga: Visitor, installation: Installation, nothing_changes: Callable[[], Any]
) -> None:
    username, page = _hire(olga), ""
    owner = Visitor(installation.base_url)
    owner.sign_in(STAFF, STAFF_PASSWORD)
    form = owner.open(_page(username, "rights"))
    sql.run(
        """UPDATE members_officesession SET confirmed_at = confirmed_at - interval '10 minutes'
           WHERE session_id = %s""",
        [owner.http.cookies["office"]],
    )
    for button in ("rights", "send-link", "email", "deactivate"):
        page = _page(username, button)
        with nothing_changes():
            for answer in (owner.http.get(page), owner.post(page, form | {"is_superuser": "on"})):
                assert answer.headers["Location"].startswith("/office/account/confirm/")
    asked = answer.headers["Location"].removeprefix("/office")
    assert problems(owner.confirm(asked, current_password="wrong")) == (
        "This is not your current password.")  # fmt: skip
    assert owner.confirm(asked).headers["Location"] == f"/office{page}"
    assert owner.http.get(page).status_code == 200


@pytest.mark.parametrize("button", ["deactivate", "rights"])
def test_nobody_takes_their_own_rights_away(
    button: str, olga: Visitor, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = olga.send(_page(STAFF, button))
        assert "You cannot change your own rights" in problems(answer)
    assert olga.get("/").status_code == 200


def test_only_owners_change_staff_whatever_else_somebody_may_do(
    staff: Callable[..., Visitor],
) -> None:
    sam = staff("members.view_user", "members.change_user", "members.add_user",
                "auth.view_group", "auth.change_group")  # fmt: skip
    other = hire_staff()
    for button in ("rights", "send-link", "email", "deactivate"):
        assert sam.get(_page(other, button)).status_code == 403
    for page in ("/members/user/invite/", "/auth/group/new/"):
        assert sam.get(page).status_code == 403


def test_members_are_not_among_the_staff(olga: Visitor, cast: Cast) -> None:
    assert cast.anna.username not in olga.get("/members/user/").text
    assert olga.get(f"/members/user/{cast.anna.id}/").status_code == 404
    assert olga.get(f"/members/user/{cast.anna.id}/send-link/").status_code == 404


def test_who_is_no_owner_any_more_changes_nobodys_rights() -> None:
    sam, kim = hire_staff(), hire_staff()
    for is_superuser in (True, False):
        staff.change_rights(
            UnitOfWork(permissions.staff(_user(STAFF).pk)),
            _user(sam).pk,
            is_superuser=is_superuser,
            group_ids=[],
            permission_ids=[],
        )
    with pytest.raises(NotPermitted):
        staff.change_standing(
            UnitOfWork(permissions.staff(_user(sam).pk)), _user(kim).pk, is_active=False
        )
    assert _user(kim).is_active


def test_of_two_who_change_a_role_the_second_is_told(olga: Visitor) -> None:
    name = unique("Role")
    olga.press("/auth/group/new/", name=name)
    group = Group.objects.get(name=name)
    page = f"/auth/group/{group.pk}/edit/"
    opened, third = olga.open(page), olga.open(page)
    olga.press(page, name=name, permissions=_permission("orders.view_order"))
    renamed = opened | {"name": f"{name}-2"}
    assert olga.post(page, renamed).status_code == 302
    assert [each.codename for each in group.permissions.all()] == ["view_order"]
    other = third | {"name": name, "permissions": _permission("wallet.view_transfer")}
    assert "since you opened the page" in problems(olga.post(page, other))
    assert [each.codename for each in group.permissions.all()] == ["view_order"]


def test_each_permission_that_the_office_asks_for_is_said_in_a_sentence() -> None:
    asked = set()
    for model, desk in desks().items():
        if model is not StepAsked:  # each sees what they asked for, or could confirm
            asked.add(f"{model._meta.app_label}.view_{model._meta.model_name}")
        buttons = [*getattr(desk, "buttons", ()), *getattr(desk, "list_buttons", ())]
        asked |= {right_of(button.flow) for button in buttons if button.flow}
    assert asked - set(Right) == set()
    for name in set(Right) - {Right.RULE_STAFF, Right.RUN_SERVER, *SCOPES}:
        app, codename = name.split(".")
        assert Permission.objects.filter(content_type__app_label=app, codename=codename).exists()


@pytest.mark.parametrize(
    ("permission", "buttons"),
    [
        ("members.help_sign_in", {"reset-login", "reset-transaction", "unlock"}),
        ("members.view_bank", {"bank"}),
        ("members.block_member", {"block"}),
        ("members.close_member", set()),
        ("wallet.add_transfer", {"credit", "debit"}),
    ],
)
def test_each_thing_that_is_done_with_a_member_is_a_permission_of_its_own(
    permission: str, buttons: set[str], staff: Callable[..., Visitor], cast: Cast
) -> None:
    sam, page = staff("members.view_member", permission), f"/members/member/{cast.anna.id}/"
    shown = sam.get(page).text
    for button in ("reset-login", "reset-transaction", "unlock", "bank", "block", "close",
                   "credit", "debit"):  # fmt: skip
        assert (f'href="/office{page}{button}/"' in shown) == (button in buttons), button
        may = button in buttons or (permission, button) == ("members.close_member", "close")
        assert sam.get(f"{page}{button}/").status_code == (200 if may else 403), button
