"""Encryption at rest with rotating master keys, and the clock."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.test import override_settings

from support.cast import Cast, Player
from support.client import data
from support.office import hire_staff
from upline.base import clock, encryption
from upline.base.encryption import Unreadable
from upline.base.models import KeyCheck, PersonKey
from upline.company import current as company
from upline.members.models import Member, SecondFactor, User
from upline.members.security import second_factor
from upline.screens.profile import profile_of

OLD, NEW = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"k", b"n"))
BANK = {"bank_name": "Bank of Bonn", "account_number": "DE89370400440532013000", "pan": "ABCDE"}


@contextmanager
def master_keys(*keys: str, are_right: bool = True) -> Iterator[None]:
    """A process that was started with these, newest first; the installation's check value is
    sealed by the first of them where they are right."""
    before = bytes(KeyCheck.objects.get().sealed)
    if are_right:
        KeyCheck.objects.update(sealed=Fernet(keys[0]).encrypt(b"checked"))
    try:
        with override_settings(MASTER_KEYS=list(keys)):
            encryption.proved_masters.cache_clear()
            yield
    finally:
        encryption.proved_masters.cache_clear()
        KeyCheck.objects.update(sealed=before)


def give_bank(player: Player) -> None:
    assert player.client.put("profile/bank/", **BANK).status_code == 204


def bank_of(player: Player) -> dict[str, str]:
    """As the member sees it, read by this process and its master keys."""
    shown = profile_of(player.id).bank
    return {name: shown[name] for name in BANK}


def test_bank_data_lie_sealed_in_the_database(cast: Cast) -> None:
    give_bank(cast.ben)
    sealed = bytes(Member.objects.get(pk=cast.ben.id).bank_sealed or b"")
    assert len(sealed) > 28
    assert not any(word.encode() in sealed for word in BANK.values())
    shown = data(cast.ben.client.get("profile/"))
    assert {name: shown[name] for name in BANK} == BANK


def test_the_newest_master_key_wraps_and_older_ones_still_unwrap(cast: Cast) -> None:
    give_bank(cast.ben)
    with master_keys(NEW, OLD):
        assert bank_of(cast.ben) == BANK
        fresh = encryption.new_person_key()
    with master_keys(NEW):
        place = "a place"
        sealed = encryption.seal("text", wrapped_key=fresh, context=place)
        assert encryption.unseal(sealed, wrapped_key=fresh, context=place) == "text"


def test_after_rotation_the_old_master_key_may_go(cast: Cast) -> None:
    give_bank(cast.ben)
    before = encryption.wrapped_key_of(cast.ben.id)
    assert before is not None
    with master_keys(NEW, OLD):
        rotated = encryption.rotate(before)
    PersonKey.objects.filter(user_id=cast.ben.id).update(wrapped=rotated)
    with master_keys(NEW):
        assert bank_of(cast.ben) == BANK
    PersonKey.objects.filter(user_id=cast.ben.id).update(wrapped=before)
    assert bank_of(cast.ben) == BANK


def test_without_its_master_key_nothing_is_readable(cast: Cast) -> None:
    give_bank(cast.ben)
    wrong = pytest.raises(ImproperlyConfigured, match="UPLINE_MASTER_KEYS")
    with master_keys(NEW, are_right=False), wrong:
        bank_of(cast.ben)


def test_a_destroyed_key_makes_bank_data_unreadable_for_good(cast: Cast) -> None:
    give_bank(cast.ben)
    PersonKey.objects.filter(user_id=cast.ben.id).delete()
    assert bank_of(cast.ben) == dict.fromkeys(BANK, "")
    encryption.give_person_key(cast.ben.id)
    with pytest.raises(encryption.Unreadable):
        bank_of(cast.ben)


def test_sealed_data_moved_to_another_member_are_unreadable(cast: Cast) -> None:
    give_bank(cast.ben)
    ben = Member.objects.get(pk=cast.ben.id)
    Member.objects.filter(pk=cast.cleo.id).update(bank_sealed=ben.bank_sealed)
    with pytest.raises(encryption.Unreadable):
        bank_of(cast.cleo)
    key = encryption.wrapped_key_of(cast.ben.id)
    PersonKey.objects.filter(user_id=cast.cleo.id).update(wrapped=key)
    with pytest.raises(encryption.Unreadable):
        bank_of(cast.cleo)


def test_each_sealing_looks_different(cast: Cast) -> None:
    key = encryption.new_person_key()
    assert encryption.seal("text", wrapped_key=key, context="p") != encryption.seal(
        "text", wrapped_key=key, context="p"
    )


def test_a_digest_serves_one_purpose() -> None:
    assert encryption.digest("access_token", "x") != encryption.digest("api_key", "x")


def test_a_pinned_clock_stands_still_inside_and_nowhere_else() -> None:
    moment, later = datetime(2020, 2, 29, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    elsewhere: list[datetime] = []
    with clock.pinned(moment):
        assert clock.now() == clock.now() == moment
        with clock.pinned(later):
            assert clock.now() == later
        assert clock.now() == moment
        other = threading.Thread(target=lambda: elsewhere.append(clock.now()))
        other.start()
        other.join()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert abs(elsewhere[0] - datetime.now(UTC)) < timedelta(seconds=60)


def test_a_business_day_begins_at_midnight_where_the_company_is() -> None:
    with clock.pinned(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)):
        assert company.today().isoformat() == "2026-07-01"
    with clock.pinned(datetime(2026, 6, 30, 21, 30, tzinfo=UTC)):
        assert company.today().isoformat() == "2026-06-30"


def test_only_members_have_a_key_of_their_own(cast: Cast) -> None:
    staff = User.objects.get(username=hire_staff()).pk
    second_factor.begin(staff)
    assert encryption.wrapped_key_of(staff) is None
    assert encryption.wrapped_key_of(cast.ben.id) is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        encryption.give_person_key(staff)
    assert encryption.wrapped_key_of(staff) is None


def test_a_second_factor_put_to_another_person_does_not_open(cast: Cast) -> None:
    kim, lou = (User.objects.get(username=hire_staff()).pk for _ in range(2))
    for each in (kim, lou):
        second_factor.begin(each)
    swapped = SecondFactor.objects.get(user_id=kim).sealed
    SecondFactor.objects.filter(user_id=lou).update(sealed=swapped)
    with pytest.raises(Unreadable):
        second_factor.pending_secret(lou)
