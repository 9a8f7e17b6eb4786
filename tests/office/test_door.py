"""Who gets into the office, and how often somebody may guess."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command

from support.cast import Cast, unique
from support.client import Client, refused
from support.installation import PASSWORD, STAFF_PASSWORD, Installation
from support.office import Visitor, hire_staff, problems
from upline.members.models import User

WRONG = "The username or the password is wrong."


def test_staff_sign_in_and_see_the_first_page(olga: Visitor) -> None:
    page = olga.get("/")
    assert page.status_code == 200
    assert "Orders awaiting payment" in page.text
    assert "Acme" in page.text


def test_a_member_cannot_sign_in_and_hears_what_an_unknown_name_hears(
    nobody: Visitor, cast: Cast
) -> None:
    for name in (cast.anna.username, unique("nobody")):
        answer = nobody.sign_in(name, PASSWORD)
        assert answer.status_code == 200
        assert problems(answer) == WRONG
    assert nobody.get("/").status_code == 302


def test_a_wrong_password_is_refused(nobody: Visitor) -> None:
    assert problems(nobody.sign_in(hire_staff(), "not the password")) == WRONG


def test_after_too_many_wrong_passwords_the_right_one_is_not_looked_at(
    nobody: Visitor, office_sets: Callable[..., None]
) -> None:
    office_sets(login_limit=3)
    username = hire_staff()
    for _ in range(3):
        assert problems(nobody.sign_in(username, "not the password")) == WRONG
    assert problems(nobody.sign_in(username, STAFF_PASSWORD)).startswith("Too many failed logins.")


def test_the_api_is_no_other_way_to_guess_at_staff_and_does_not_lock_them_out(
    nobody: Visitor, stranger: Client
) -> None:
    username = hire_staff()
    for password in ["not the password", STAFF_PASSWORD] * 3:
        answer = stranger.post("auth/access/", username=username, password=password)
        assert answer.json()["error"]["code"] in {"1003", "1005"}
    refused(answer, 429, "1005")
    assert nobody.sign_in(username, STAFF_PASSWORD).status_code == 302


def test_signing_in_is_in_the_audit_log(
    nobody: Visitor, audited: Callable[..., dict[str, Any]]
) -> None:
    nobody.sign_in(hire_staff(), STAFF_PASSWORD)
    audited("staff.sign_in")


def test_the_door_asks_for_the_csrf_token(nobody: Visitor) -> None:
    fields = {"username": hire_staff(), "password": STAFF_PASSWORD}
    nobody.get("/login/")
    assert nobody.post("/login/", fields).status_code == 403
    assert nobody.get("/").status_code == 302


def test_the_address_without_its_slash_leads_in(installation: Installation) -> None:
    answer = httpx.get(f"{installation.base_url}/office", follow_redirects=False)
    assert answer.status_code in {301, 302}
    assert answer.headers["Location"] == "/office/"


@pytest.mark.parametrize("path", ["/", "/members/member/", "/company/company/", "/verify/"])
def test_a_stranger_and_a_members_session_are_led_to_the_door(
    path: str, nobody: Visitor, member_session: Callable[[int], Visitor], cast: Cast
) -> None:
    for visitor in (nobody, member_session(cast.anna.id)):
        answer = visitor.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/office/login/")


def test_staff_change_their_own_password_and_stay_signed_in(installation: Installation) -> None:
    username, here, elsewhere = hire_staff(), *_two(installation)
    for visitor in (here, elsewhere):
        visitor.sign_in(username, STAFF_PASSWORD)
    new = "a quite different password"
    answer = here.send("/password_change/", old_password="not mine", new_password1=new,
                       new_password2=new)  # fmt: skip
    assert problems(answer) == "This is not your current password."
    answer = here.send("/password_change/", old_password=STAFF_PASSWORD, new_password1=new,
                       new_password2=new)  # fmt: skip
    assert answer.status_code == 302
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302, "every other page ends"
    assert elsewhere.sign_in(username, new).status_code == 302


def test_staff_cannot_choose_what_their_name_gives_away(
    staff: Callable[..., Visitor], nothing_changes: Callable[[], Any]
) -> None:
    sam = staff()
    for easy, said in (("acme-acme", "too similar"), ("a tab\tin between", "not allowed")):
        fields = {"old_password": STAFF_PASSWORD, "new_password1": easy, "new_password2": easy}
        with nothing_changes():
            assert said in problems(sam.send("/password_change/", **fields))


def _two(installation: Installation) -> tuple[Visitor, Visitor]:
    return Visitor(installation.base_url), Visitor(installation.base_url)


def test_signing_out_ends_the_session(staff: Callable[..., Visitor]) -> None:
    sam = staff()
    answer = sam.post("/logout/", sam.open("/"))
    assert answer.status_code == 200
    assert sam.get("/").status_code == 302


def test_pages_are_not_kept_and_not_framed(olga: Visitor) -> None:
    answer = olga.get("/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def lock_out(guessed: Visitor, stranger: Client, username: str) -> None:
    """Guess at a name until nobody looks at passwords any more, at both doors."""
    for _ in range(6):
        answer = stranger.post("auth/access/", username=username, password="wrong")
        page = guessed.sign_in(username, "wrong")
    refused(answer, 429, "1005")
    assert problems(page).startswith("Too many failed logins.")


def test_the_office_unlocks_a_member(
    nobody: Visitor,
    olga: Visitor,
    stranger: Client,
    cast: Cast,
    audited: Callable[..., dict[str, Any]],
) -> None:
    anna = cast.anna
    lock_out(nobody, stranger, anna.username)
    said = olga.press(f"/members/member/{anna.id}/unlock/")
    assert said == f"{anna.username} can try to sign in again."
    stranger.sign_in(anna.username, PASSWORD)
    audited("login.unlock", f"user:{anna.id}")


def test_the_office_and_the_shell_unlock_staff(
    installation: Installation, nobody: Visitor, olga: Visitor, stranger: Client
) -> None:
    username = hire_staff()
    user_id = User.objects.get(username=username).pk
    ways: tuple[Callable[[], object], ...] = (
        lambda: olga.press(f"/members/user/{user_id}/unlock/"),
        lambda: call_command("unlock", username),
    )
    for unlock in ways:
        lock_out(nobody, stranger, username)
        unlock()
        assert Visitor(installation.base_url).sign_in(username, STAFF_PASSWORD).status_code == 302
    with pytest.raises(CommandError, match="No member has this username"):
        call_command("unlock", unique("nobody"))
