"""`signup/` and `signup/fee/`: enrolling the next member in a binary company."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from attacks.parallel import Gate, at_once
from support.cast import Cast, unique
from support.client import data, refused
from support.installation import PASSWORD, ROOT_MEMBER
from support.moves import profile_of, sign_up
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows import blocking
from upline.mailings.models import Mail
from upline.members.models import Member

REQUIRED = ["sponsor_username", "placement_username", "position", "product_id", "firstname",
            "lastname", "date_of_birth", "email", "mobile", "username", "password",
            "password_confirmation", "agree_terms", "payment_method"]  # fmt: skip


def test_a_member_enrols_the_next_one(cast: Cast, newcomer: dict[str, Any]) -> None:
    answer = sign_up(cast.anna, newcomer)
    assert (answer.status_code, data(answer)) == (201, {"username": newcomer["username"]})
    shown = profile_of(cast.anna.client, newcomer["username"])
    assert shown["sponsor_user"] == cast.anna.username
    assert shown["placement_user"] == cast.dan.username
    assert shown["position"] == "L"
    assert shown["membership_package"] == "Starter"
    for name in ("firstname", "lastname", "date_of_birth", "email", "mobile"):
        assert shown[name] == newcomer[name]


def test_a_new_member_is_welcomed_and_the_terms_are_recorded(
    cast: Cast, newcomer: dict[str, Any], office_sets: Callable[..., None]
) -> None:
    office_sets(terms_version="2026-07")
    sign_up(cast.anna, newcomer)
    made = Member.objects.get(user__username=newcomer["username"])
    assert made.terms_version == "2026-07"
    assert made.terms_address == "127.0.0.1"
    assert made.terms_agreed_at == made.joined_at
    mail = Mail.objects.get(user_id=made.pk)
    assert (mail.kind, mail.to_address) == ("welcome", "nora@example.com")


def test_a_form_says_yes_in_several_words(
    cast: Cast, newcomer: dict[str, Any], office_sets: Callable[..., None]
) -> None:
    office_sets(spill_over=True)
    for agreed in ("true", "TRUE", "1", "yes", "on"):
        more = {"agree_terms": agreed, "placement_username": "", "username": unique("nora")}
        assert sign_up(cast.anna, newcomer, **more).status_code == 201


def test_json_says_yes_with_true(cast: Cast, newcomer: dict[str, Any]) -> None:
    for value in (False, 1, 0, "no", [True]):
        answer = cast.anna.client.call("POST", "signup/", json=newcomer | {"agree_terms": value})
        refused(answer, 422, "1004", "agree_terms")
    answer = cast.anna.client.call("POST", "signup/", json=newcomer | {"agree_terms": True})
    assert answer.status_code == 201


def test_every_missing_parameter_is_named_at_once(
    cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        refused(cast.anna.client.post("signup/"), 422, "1004", *REQUIRED)
        empty = dict.fromkeys(REQUIRED, "")
        refused(cast.anna.client.post("signup/", **empty), 422, "1004", *REQUIRED)


WRONG = [
    ("sponsor_username", "x" * 151), ("position", "M"), ("position", "LR"),
    ("product_id", "starter"), ("product_id", "-1"), ("firstname", "x" * 101),
    ("lastname", "x" * 101), ("email", "nora"), ("email", "nora@"), ("email", "a b@example.com"),
    ("email", "x" * 250 + "@example.com"), ("mobile", "1234"), ("mobile", "12345x"),
    ("username", "ab"), ("username", "a" * 31), ("username", "no ra"), ("username", "nörä"),
    ("username", "nora/../x"), ("username", "<b>nora</b>"), ("agree_terms", "false"),
    ("agree_terms", "0"), ("payment_method", "cash"), ("payment_method", "EWALLET"),
]  # fmt: skip


def test_a_wrong_field_is_1004(
    cast: Cast, newcomer: dict[str, Any], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for field, value in WRONG:
            refused(sign_up(cast.anna, newcomer, **{field: value}), 422, "1004", field)


def test_a_position_is_read_in_any_case(cast: Cast, newcomer: dict[str, Any]) -> None:
    answer = sign_up(cast.anna, newcomer, position="r")
    assert answer.status_code == 201
    assert profile_of(cast.anna.client, newcomer["username"])["position"] == "R"


def test_a_short_long_or_common_password_is_1004(
    cast: Cast, newcomer: dict[str, Any], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for password in ("short77", "password", "12345678", "x" * 129):
            both = {"password": password, "password_confirmation": password}
            assert "password" in refused(sign_up(cast.anna, newcomer, **both), 422, "1004")


def test_the_password_must_be_typed_twice_alike(
    cast: Cast, newcomer: dict[str, Any], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = sign_up(cast.anna, newcomer, password_confirmation=PASSWORD.upper())
        refused(answer, 422, "1004", "password_confirmation")


def test_a_wrong_date_alone_is_1013_and_beside_others_1004(
    cast: Cast, newcomer: dict[str, Any], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = sign_up(cast.anna, newcomer, date_of_birth="17.05.1990")
        refused(answer, 422, "1013", "date_of_birth")
        answer = sign_up(cast.anna, newcomer, date_of_birth="1990-02-30", position="M")
        refused(answer, 422, "1004", "date_of_birth", "position")


def test_the_office_sets_the_least_age(
    cast: Cast,
    newcomer: dict[str, Any],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    today = company.today()
    # On 29 February, the youngest who are 18 were born on the 28th.
    day = min(today.day, monthrange(today.year - 18, today.month)[1])
    birthday = date(today.year - 18, today.month, day)
    with nothing_changes():
        for born in (birthday + timedelta(days=1), date(today.year + 1, 1, 1)):
            answer = sign_up(cast.anna, newcomer, date_of_birth=born.isoformat())
            refused(answer, 422, "1004", "date_of_birth")
    assert sign_up(cast.anna, newcomer, date_of_birth=birthday.isoformat()).status_code == 201
    office_sets(age_least=0)
    more = {"date_of_birth": today.isoformat(), "position": "R", "username": unique("baby")}
    assert sign_up(cast.anna, newcomer, **more).status_code == 201


def test_closed_registration_is_1006(
    cast: Cast,
    newcomer: dict[str, Any],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    office_sets(registration_open=False)
    with nothing_changes():
        refused(sign_up(cast.anna, newcomer), 403, "1006")


def test_an_unknown_blocked_or_foreign_sponsor_is_1007(
    cast: Cast, newcomer: dict[str, Any], nothing_changes: Callable[[], Any]
) -> None:
    blocking.block_member(UnitOfWork(Shell()), cast.cleo.id, "a test")
    with nothing_changes():
        sponsors = [unique("nobody"), cast.cleo.username, cast.erik.username, ROOT_MEMBER, "olga"]
        for sponsor in sponsors:
            answer = sign_up(cast.anna, newcomer, sponsor_username=sponsor)
            refused(answer, 422, "1007", "sponsor_username")
        refused(sign_up(cast.ben, newcomer), 422, "1007", "sponsor_username")


def test_a_sponsor_deep_in_the_team_may_be_named_in_any_case(
    cast: Cast, newcomer: dict[str, Any]
) -> None:
    answer = sign_up(cast.anna, newcomer, sponsor_username=cast.ben.username.upper())
    assert answer.status_code == 201
    shown = profile_of(cast.anna.client, newcomer["username"])
    assert shown["sponsor_user"] == cast.ben.username


def test_a_placement_that_is_unknown_or_outside_the_sponsors_team_is_1009(
    cast: Cast, newcomer: dict[str, Any], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for placement in (unique("nobody"), cast.cleo.username, cast.anna.username, "olga"):
            answer = sign_up(
                cast.anna, newcomer, sponsor_username=cast.ben.username,
                placement_username=placement,
            )  # fmt: skip
            refused(answer, 422, "1009", "placement_username")


def test_a_taken_position_is_1008(
    cast: Cast, newcomer: dict[str, Any], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for side in ("L", "R"):
            answer = sign_up(
                cast.anna, newcomer, placement_username=cast.anna.username, position=side
            )
            refused(answer, 422, "1008", "position")


def test_a_taken_username_in_any_case_is_1010(
    cast: Cast, newcomer: dict[str, Any], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for taken in (cast.ben.username, cast.erik.username.upper(), "Olga"):
            refused(sign_up(cast.anna, newcomer, username=taken), 422, "1010", "username")


def test_an_unknown_inactive_or_cart_package_is_1012(
    cast: Cast,
    newcomer: dict[str, Any],
    product: Callable[[str], int],
    nothing_changes: Callable[[], Any],
) -> None:
    with nothing_changes():
        for wrong in (0, 999_999, product("retired"), product("soap")):
            refused(sign_up(cast.anna, newcomer, product_id=wrong), 422, "1012", "product_id")


def test_one_member_per_email_where_the_office_wants_it(
    cast: Cast, newcomer: dict[str, Any], office_sets: Callable[..., None]
) -> None:
    assert sign_up(cast.anna, newcomer).status_code == 201
    again = newcomer | {"position": "R", "username": unique("nora"), "email": "NORA@example.com"}
    office_sets(one_member_per_email=True)
    refused(sign_up(cast.anna, again), 422, "1004", "email")
    office_sets(one_member_per_email=False)
    assert sign_up(cast.anna, again).status_code == 201


def test_the_office_can_switch_each_way_to_pay_off(
    cast: Cast,
    newcomer: dict[str, Any],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    ways = ("free_join", "ewallet", "epin")
    for way in ways:
        office_sets(payment_methods=[each for each in ways if each != way])
        with nothing_changes():
            answer = sign_up(cast.anna, newcomer, payment_method=way, firstname="")
            refused(answer, 422, "1004", "firstname", "payment_method")


def test_spill_over_goes_to_the_outer_end_of_the_named_or_preferred_leg(
    cast: Cast, newcomer: dict[str, Any], office_sets: Callable[..., None]
) -> None:
    placement = newcomer.pop("placement_username")
    position = newcomer.pop("position")
    refused(sign_up(cast.anna, newcomer), 422, "1004", "placement_username", "position")
    office_sets(spill_over=True)
    assert (placement, position) == (cast.dan.username, "L")
    ends = [("", cast.dan, "L"), ("R", cast.cleo, "R")]
    for leg, above, side in ends:
        body = newcomer | {"username": unique("spill")} | ({"position": leg} if leg else {})
        assert sign_up(cast.anna, body).status_code == 201
        shown = profile_of(cast.anna.client, body["username"])
        assert (shown["placement_user"], shown["position"]) == (above.username, side)
        assert shown["sponsor_user"] == cast.anna.username
    refused(sign_up(cast.anna, newcomer, position="M"), 422, "1004", "position")


def test_dynamic_usernames_are_generated_and_the_one_sent_is_ignored(
    cast: Cast, newcomer: dict[str, Any], office_sets: Callable[..., None]
) -> None:
    office_sets(dynamic_usernames=True, username_prefix="AC")
    for number, sent in enumerate(({"username": cast.ben.username}, {"username": "?"}, {})):
        body = {name: value for name, value in newcomer.items() if name != "username"}
        body |= {"placement_username": cast.cleo.username, "position": "LR"[number % 2]} | sent
        if number == 2:
            body["placement_username"] = cast.dan.username
        made = data(sign_up(cast.anna, body))["username"]
        assert made.startswith("AC")
        assert made[2:].isdigit()
        assert profile_of(cast.anna.client, made)["username"] == made


def test_a_blank_placement_is_none(
    cast: Cast, newcomer: dict[str, Any], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = sign_up(cast.anna, newcomer | {"placement_username": " "})
    refused(answer, 422, "1004", "placement_username")


def test_what_a_company_ignores_is_not_judged(
    cast: Cast, newcomer: dict[str, Any], office_sets: Callable[..., None]
) -> None:
    office_sets(dynamic_usernames=True)
    answer = sign_up(cast.anna, newcomer | {"username": "x" * 200, "ewallet_username": "nobody"})
    assert answer.status_code == 201, answer.text


def test_of_two_signups_with_one_address_one_wins_where_addresses_are_single(
    cast: Cast, newcomer: dict[str, Any], office_sets: Callable[..., None]
) -> None:
    office_sets(one_member_per_email=True, spill_over=True)
    email = f"{unique('one')}@example.com"
    bodies = [
        newcomer | {"email": email, "username": unique("twin"), "placement_username": ""}
        for _ in range(6)
    ]
    answers = at_once(
        [partial(sign_up, cast.anna, each) for each in bodies], Gate(6, "members_user")
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 5
    assert Member.objects.filter(email=email).count() == 1
