"""What the office may set, and what nobody may change any more."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection

from attacks.parallel import Gate, at_once
from support.cast import Cast, unique
from support.client import Client, data, refused
from support.company import found
from support.installation import Installation
from upline.base.actors import Shell
from upline.base.errors import FieldsWrong
from upline.base.models import AuditEntry
from upline.base.unit import UnitOfWork
from upline.company import queries
from upline.company.actions import AlreadyFounded
from upline.company.models import ApiClient
from upline.flows import api_keys, configuring


def settings_now() -> tuple[int, dict[str, Any]]:
    facts = queries.load_company()
    return facts.version, facts.office.model_dump(mode="json")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nonsense", 1),
        ("registration_open", "maybe"),
        ("signup_fee", -1),
        ("signup_fee", 1.5),
        ("signup_fee", "ten"),
        ("signup_fee", 10**13),
        ("login_limit", -1),
        ("login_limit", None),
        ("age_least", 121),
        ("username_prefix", "no digits 1"),
        ("username_prefix", ""),
        ("payment_methods", ["cash"]),
        ("payment_methods", "ewallet"),
        ("kyc_needed_for", ["breathing"]),
        ("allowed_origins", ["not an origin"]),
        ("allowed_origins", ["https://shop.example/path"]),
        ("allowed_origins", ["https://a.*.example"]),
        ("terms_version", ""),
    ],
)
def test_a_wrong_setting_is_refused_by_name_and_none_is_changed(
    name: str, value: Any, cast: Cast
) -> None:
    before = settings_now()
    with pytest.raises(FieldsWrong) as refused:
        configuring.change_settings(UnitOfWork(Shell()), spill_over=True, **{name: value})
    assert list(refused.value.fields) == [name]
    assert refused.value.fields[name]
    assert settings_now() == before


def test_all_wrong_settings_are_named_at_once() -> None:
    with pytest.raises(FieldsWrong) as refused:
        configuring.change_settings(UnitOfWork(Shell()), signup_fee=-1, age_least=-1, nonsense=True)
    assert sorted(refused.value.fields) == ["age_least", "nonsense", "signup_fee"]


def test_a_setting_holds_from_the_next_request_on(
    cast: Cast, office_sets: Callable[..., None]
) -> None:
    version, _ = settings_now()
    office_sets(signup_fee=1234)
    assert str(data(cast.anna.client.get("signup/fee/"))["fee"]) == "12.34"
    assert settings_now()[0] == version + 1


def test_a_change_is_in_the_audit_log_with_what_was_changed(
    office_sets: Callable[..., None],
) -> None:
    office_sets(signup_fee=1234)
    office_sets(signup_fee=4321)
    entry = AuditEntry.objects.filter(event="settings.changed").latest("id")
    assert entry.facts["changes"] == {"signup_fee": {"before": 1234, "after": 4321}}


def test_two_changes_at_once_are_both_kept(office_sets: Callable[..., None]) -> None:
    office_sets(age_least=18, signup_limit=0)

    def change(**settings: Any) -> Any:
        def run() -> None:
            configuring.change_settings(UnitOfWork(Shell()), **settings)
            connection.close()

        return run

    at_once([change(age_least=21), change(signup_limit=77)], Gate(2, "company_company"))
    _, now = settings_now()
    assert (now["age_least"], now["signup_limit"]) == (21, 77)


@pytest.mark.parametrize(
    "change",
    [
        "plan_currency = 'USD'",
        "plan_exponent = 3",
        "time_zone = 'UTC'",
        "first_weekday = 7",
        "plan_kind = 'unilevel'",
        "plan_kind = 'matrix', matrix_width = 3",
    ],
)
def test_what_init_sets_is_fixed_once_there_is_a_member(
    change: str, cast: Cast, installation: Installation
) -> None:
    """The application has no right to these columns; the owner of the tables is refused too."""
    postgres = installation.postgres
    refusals = (
        (postgres.app_url, psycopg.errors.InsufficientPrivilege, "permission denied"),
        (postgres.owner_url, psycopg.errors.RaiseException, "cannot change once"),
    )
    for url, kind, says in refusals:
        with psycopg.connect(url) as connection, pytest.raises(kind, match=says):
            connection.execute(f"UPDATE company_company SET {change}")


def test_the_companys_name_may_change(installation: Installation) -> None:
    with psycopg.connect(installation.postgres.app_url) as connection:
        assert connection.execute("UPDATE company_company SET name = 'Apex'").rowcount == 1
        connection.rollback()


def test_a_company_is_founded_once(cast: Cast) -> None:
    with pytest.raises(AlreadyFounded):
        found()


def test_an_api_key_is_kept_as_a_hash_and_ends_when_it_is_revoked(
    cast: Cast, installation: Installation
) -> None:
    name = unique("till")
    key = api_keys.create_key(UnitOfWork(Shell()), name)
    assert key not in str(list(ApiClient.objects.filter(name=name).values()))
    client = Client(installation.base_url, key)
    client.sign_in(cast.anna.username, "correct horse battery")
    for wrong in ((name,), (unique("till"), ["orders:delete"]), (unique("till"), [])):
        with pytest.raises(FieldsWrong):
            api_keys.create_key(UnitOfWork(Shell()), *wrong)
    api_keys.revoke_key(UnitOfWork(Shell()), name)
    refused(client.get("profile/"), 401, "1001")
