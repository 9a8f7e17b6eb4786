"""Staff users and groups: only superusers make them and say what they may do."""

from typing import Any

import pytest

from support.cast import Cast, unique
from support.installation import STAFF, STAFF_PASSWORD, Installation
from support.office import Visitor, hire_staff, problems


def _user(username: str) -> Any:
    from upline.members.models import User

    return User.objects.get(username=username)


def _page(username: str, button: str) -> str:
    return f"/members/user/{_user(username).pk}/{button}/"


def _permission(name: str) -> str:
    from django.contrib.auth.models import Permission

    app, codename = name.split(".")
    return str(Permission.objects.get(content_type__app_label=app, codename=codename).pk)


@pytest.fixture
def browser(installation: Installation) -> Visitor:
    return Visitor(installation.base_url)


def _hire(olga: Visitor) -> str:
    username = unique("tom")
    olga.press("/members/user/new/", username=username, email=f"{username}@example.com",
               password=STAFF_PASSWORD, again=STAFF_PASSWORD)  # fmt: skip
    return username


def test_a_new_staff_user_signs_in_and_may_do_nothing_yet(
    olga: Visitor, browser: Visitor, audited
) -> None:
    username = _hire(olga)
    audited("staff.create", f"user:{_user(username).pk}")
    assert browser.sign_in(username, STAFF_PASSWORD).status_code == 302
    assert "You may not see anything yet." in browser.get("/").text
    assert browser.get("/members/member/").status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [{"username": STAFF.upper()}, {"username": "ab"}, {"username": "two words"},
     {"password": "short", "again": "short"}, {"password": "password1", "again": "password1"},
     {"again": "something else"}, {"email": "not an address"}],
)  # fmt: skip
def test_a_staff_user_that_cannot_be_is_not_made(
    wrong: dict[str, str], olga: Visitor, nothing_changes
) -> None:
    fields = {"username": unique("tom"), "password": STAFF_PASSWORD, "again": STAFF_PASSWORD}
    with nothing_changes():
        assert problems(olga.send("/members/user/new/", **(fields | wrong)))


def test_a_members_name_cannot_be_taken(olga: Visitor, cast: Cast, nothing_changes) -> None:
    with nothing_changes():
        answer = olga.send("/members/user/new/", username=cast.anna.username,
                           password=STAFF_PASSWORD, again=STAFF_PASSWORD)  # fmt: skip
        assert problems(answer) == "This username is not available."


def test_rights_hold_at_once_alone_and_through_groups(
    olga: Visitor, browser: Visitor, audited
) -> None:
    from django.contrib.auth.models import Group

    username, name = _hire(olga), unique("Support")
    browser.sign_in(username, STAFF_PASSWORD)
    olga.press("/auth/group/new/", name=name, permissions=_permission("orders.view_order"))
    assert audited("group.save") == {"permissions": ["view_order"]}
    group = str(Group.objects.get(name=name).pk)
    olga.press(_page(username, "rights"), groups=group,
               permissions=_permission("members.view_member"))  # fmt: skip
    assert audited("staff.rights") == {
        "superuser": False, "groups": [name], "permissions": ["view_member"]}  # fmt: skip
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
    for meaning in ("Members: see", "Members: Credit wallet, Debit wallet", "Settings: change",
                    "E-pins: give to a member, block, unblock"):  # fmt: skip
        assert meaning in page
    assert f'value="{_permission("genealogy.change_node")}"' not in page


def test_a_deactivated_staff_user_is_out_at_once(
    olga: Visitor, browser: Visitor, nobody: Visitor, audited
) -> None:
    username = _hire(olga)
    browser.sign_in(username, STAFF_PASSWORD)
    olga.press(_page(username, "deactivate"))
    audited("staff.deactivate")
    assert browser.get("/").status_code == 302
    assert problems(browser.sign_in(username, STAFF_PASSWORD))
    olga.press(_page(username, "activate"))
    assert nobody.sign_in(username, STAFF_PASSWORD).status_code == 302


def test_a_new_password_ends_what_is_open(olga: Visitor, browser: Visitor, audited) -> None:
    username, new = _hire(olga), "a quite different password"
    browser.sign_in(username, STAFF_PASSWORD)
    olga.press(_page(username, "password"), password=new, again=new)
    audited("password.change", f"user:{_user(username).pk}")
    assert browser.get("/").status_code == 302
    assert problems(browser.sign_in(username, STAFF_PASSWORD))
    assert browser.sign_in(username, new).status_code == 302


@pytest.mark.parametrize("button", ["deactivate", "rights"])
def test_nobody_takes_their_own_rights_away(button: str, olga: Visitor, nothing_changes) -> None:
    with nothing_changes():
        answer = olga.send(_page(STAFF, button))
        assert "Nobody can take their own rights away" in problems(answer)
    assert olga.get("/").status_code == 200


def test_only_superusers_change_staff_whatever_else_somebody_may_do(staff) -> None:
    sam = staff("members.view_user", "members.change_user", "members.add_user",
                "auth.view_group", "auth.change_group")  # fmt: skip
    other = hire_staff()
    for button in ("rights", "password", "deactivate"):
        assert sam.get(_page(other, button)).status_code == 403
    for page in ("/members/user/new/", "/auth/group/new/"):
        assert sam.get(page).status_code == 403


def test_members_are_not_among_the_staff(olga: Visitor, cast: Cast) -> None:
    assert cast.anna.username not in olga.get("/members/user/").text
    assert olga.get(f"/members/user/{cast.anna.id}/").status_code == 404
    assert olga.get(f"/members/user/{cast.anna.id}/password/").status_code == 404


def test_who_is_no_superuser_any_more_changes_nobodys_rights() -> None:
    from upline.base.errors import NotPermitted
    from upline.base.unit import Unit
    from upline.flows import staff

    sam, kim = hire_staff(), hire_staff()
    for is_superuser in (True, False):
        staff.change_rights(
            Unit(actor_id=_user(STAFF).pk),
            _user(sam).pk,
            is_superuser=is_superuser,
            group_ids=[],
            permission_ids=[],
        )
    with pytest.raises(NotPermitted):
        staff.change_standing(Unit(actor_id=_user(sam).pk), _user(kim).pk, is_active=False)
    assert _user(kim).is_active
