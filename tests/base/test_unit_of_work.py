"""Every change is whole or not at all, and is tried again where PostgreSQL gave it up."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import combinations
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction

from attacks.parallel import Gate, at_once
from support.cast import Cast, Player, fingerprint, unique
from upline.base import attempts, audit, clock, sql
from upline.base.actors import (
    ActingClient,
    ActingMember,
    ActorKind,
    Shell,
    Staff,
    Visitor,
    Worker,
    keys_of,
)
from upline.base.attempts import Limit
from upline.base.audit import AuditEvent
from upline.base.errors import NotPermitted, TooManyRequests
from upline.base.models import AuditEntry, ByActor
from upline.base.unit import IdempotencyKey, UnitOfWork
from upline.company.models import ApiClient
from upline.genealogy.models import PlacementFact, PositionFact, SponsorFact
from upline.markets.models import Market
from upline.members import actions as members
from upline.members.models import Fact, MarketFact, Member, PackageFact, RankFact, StandingFact
from upline.wallet import actions as wallet
from upline.wallet.actions import BelongsTo
from upline.wallet.models import AccountKind, Transfer, TransferKind
from upline.wallet.queries import account_of, company_account


def rename(player: Player, name: str) -> None:
    sql.run("UPDATE members_member SET city = %s WHERE user_id = %s", [name, player.id])


def city_of(player: Player) -> str:
    return Member.objects.get(pk=player.id).city


def in_thread(work: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    return run


def test_an_error_rolls_everything_back(cast: Cast) -> None:
    before = fingerprint()

    def change_and_fail() -> None:
        rename(cast.anna, "Bonn")
        raise RuntimeError("a fault of ours")

    with pytest.raises(RuntimeError):
        UnitOfWork(Shell()).commit(change_and_fail)
    assert fingerprint() == before


def test_two_that_hold_what_the_other_wants_both_succeed(cast: Cast) -> None:
    """A real deadlock: PostgreSQL ends one of the two, and its unit does it again."""

    both_hold = threading.Barrier(2)
    tries: list[str] = []

    def work(name: str, first: Player, second: Player) -> None:
        tries.append(name)
        rename(first, name)
        if len(tries) <= 2:
            both_hold.wait(10)
        rename(second, name)

    at_once(
        [
            in_thread(
                lambda: UnitOfWork(Shell()).commit(lambda: work("Bonn", cast.anna, cast.ben))
            ),
            in_thread(
                lambda: UnitOfWork(Shell()).commit(lambda: work("Köln", cast.ben, cast.anna))
            ),
        ]
    )
    # They may meet a second time, since the one that was ended tries again soon.
    assert 3 <= len(tries) <= 4
    # Who was ended came last, and did both again.
    assert city_of(cast.anna) == city_of(cast.ben) == tries[-1]


def test_a_failed_serialization_is_tried_again(cast: Cast) -> None:
    """Real too: a unit of work whose row has changed since its snapshot."""

    tries: list[int] = []

    def work() -> str:
        sql.value(str, "SELECT city FROM members_member WHERE user_id = %s", [cast.anna.id])
        tries.append(1)
        if len(tries) == 1:
            at_once([in_thread(lambda: rename(cast.anna, "Ulm"))])
        rename(cast.anna, "Bonn")
        return "done"

    assert UnitOfWork(Shell()).commit(work, snapshot=True) == "done"
    assert len(tries) == 2
    assert city_of(cast.anna) == "Bonn"


def test_after_three_tries_it_gives_up(cast: Cast) -> None:
    tries: list[int] = []

    def work() -> None:
        sql.value(str, "SELECT city FROM members_member WHERE user_id = %s", [cast.anna.id])
        tries.append(1)
        at_once([in_thread(lambda: rename(cast.anna, f"Ulm {len(tries)}"))])
        rename(cast.anna, "Bonn")

    with pytest.raises(OperationalError):
        UnitOfWork(Shell()).commit(work, snapshot=True)
    assert len(tries) == 3
    assert city_of(cast.anna) == "Ulm 3"


def test_other_errors_are_not_tried_again(cast: Cast) -> None:
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        sql.run("SELECT 1 / 0")

    with pytest.raises(DataError):
        UnitOfWork(Shell()).commit(work)
    assert len(tries) == 1


def test_a_snapshot_is_taken_before_anything_else_also_with_a_key(cast: Cast) -> None:
    def work() -> tuple[str, str]:
        before = city_of(cast.anna)
        at_once([in_thread(lambda: rename(cast.anna, "Trier"))])
        isolation = sql.value(str, "SELECT current_setting('transaction_isolation')")
        assert isolation == "repeatable read"
        return before, city_of(cast.anna)

    key = IdempotencyKey(unique("snapshot"), "tests", "")
    before, after = UnitOfWork(Shell(), key=key).commit(work, snapshot=True)
    assert before == after
    assert city_of(cast.anna) == "Trier"


def test_a_second_statement_where_one_was_promised_fails_in_tests(cast: Cast) -> None:
    """Planted in both ways to speak to the database: Django's, and our own."""

    def ours_twice() -> None:
        rename(cast.anna, "Bonn")
        rename(cast.anna, "Ulm")

    def ours_and_djangos() -> None:
        rename(cast.anna, "Bonn")
        city_of(cast.anna)

    for work in (ours_twice, ours_and_djangos):
        with pytest.raises(AssertionError, match="One statement was promised, and 2 ran"):
            UnitOfWork(Shell()).commit(work, one_statement=True)
    UnitOfWork(Shell()).commit(lambda: rename(cast.anna, "Bonn"), one_statement=True)
    assert city_of(cast.anna) == "Bonn"


def test_attempts_are_counted_given_back_and_forgotten_with_time() -> None:
    limit = Limit("test", unique("guesser"), 2, 900)
    attempts.give_back(attempts.count([limit]))
    for _ in range(2):
        attempts.keep(attempts.count([limit]))
    with pytest.raises(TooManyRequests) as refused:
        attempts.count([limit])
    assert 890 <= (refused.value.retry_after or 0) <= 901
    with clock.pinned(clock.now() + timedelta(seconds=901)):
        assert attempts.count([limit])


def test_parallel_guesses_never_get_more_looks_than_the_limit() -> None:
    limit = Limit("test", unique("guesser"), 5, 900)
    looks: list[int] = []

    def look() -> bool:
        looks.append(1)
        return False

    def guess() -> str:
        try:
            attempts.guarded([limit], look, NotPermitted())
        except (NotPermitted, TooManyRequests) as refusal:
            return type(refusal).__name__
        return "let in"

    outcomes = at_once([in_thread(guess)] * 16, Gate(16, "base_attempt"))
    assert sorted(outcomes) == ["NotPermitted"] * 5 + ["TooManyRequests"] * 11
    assert len(looks) == 5


def test_an_entry_of_the_log_names_its_actor_by_the_key_of_its_kind(cast: Cast) -> None:
    client = ApiClient.objects.get(name="tests").pk
    actors = (Staff(cast.anna.id), ActingMember(cast.anna.id), ActingMember(cast.anna.id, client),
              ActingClient(client), Worker(), Shell(), Visitor())  # fmt: skip
    assert {each.kind for each in actors} == set(ActorKind)
    for actor in actors:
        unit = UnitOfWork(actor)
        unit.commit(partial(audit.record, unit, AuditEvent.LEDGER_VERIFY, "company"))
        latest = AuditEntry.objects.latest("pk")
        assert keys_of_row(latest) == keys_of(actor)
        assert latest.through_id == getattr(actor, "client_id", None)
    before = AuditEntry.objects.count()
    for keys in wrong_keys(cast.anna.id, client):
        with pytest.raises(IntegrityError, match="entry_names_its_actor"), transaction.atomic():
            AuditEntry.objects.create(
                at=clock.now(), **keys,
                address="", request_id="", event="ledger.verify", subject="company", facts={},
            )  # fmt: skip
    with pytest.raises(IntegrityError, match="through_a_client"), transaction.atomic():
        AuditEntry.objects.create(
            at=clock.now(), by_kind="staff", by_staff_id=cast.anna.id, through_id=client,
            address="", request_id="", event="ledger.verify", subject="company", facts={},
        )  # fmt: skip
    assert AuditEntry.objects.count() == before


def keys_of_row(row: ByActor) -> tuple[object, ...]:
    return (row.by_kind, row.by_staff_id, row.by_member_id, row.by_client_id)


def wrong_keys(person: int, client: int) -> Iterator[dict[str, object]]:
    """Every kind with every set of keys but its own; and a kind that is none."""
    own = {"staff": {"by_staff_id"}, "member": {"by_member_id"}, "api_client": {"by_client_id"}}
    keys = {"by_staff_id": person, "by_member_id": person, "by_client_id": client}
    for kind in (*ActorKind, ""):
        for number in range(len(keys) + 1):
            for chosen in combinations(keys, number):
                if set(chosen) != own.get(kind, set()) or kind == "":
                    yield {"by_kind": kind} | {key: keys[key] for key in chosen}


@pytest.mark.parametrize(
    ("model", "more"),
    [
        (StandingFact, {"standing": "active"}),
        (PackageFact, {}),
        (RankFact, {"rank_name": "Gold"}),
        (MarketFact, {}),
        (SponsorFact, {}),
        (PlacementFact, {}),
        (PositionFact, {"status": "closed"}),
    ],
)
def test_a_dated_fact_names_its_actor_by_the_key_of_its_kind(
    cast: Cast, model: type[Fact], more: dict[str, object]
) -> None:
    client = ApiClient.objects.get(name="tests").pk
    if model is MarketFact:
        more = {"market_id": Market.objects.all()[0].pk}
    if model in (PlacementFact, PositionFact):
        more = {**more, "position_id": cast.anna.id}
    for keys in wrong_keys(cast.anna.id, client):
        with pytest.raises(IntegrityError, match="fact_names_its_actor"), transaction.atomic():
            model._default_manager.create(member_id=cast.anna.id, since=clock.now(), **keys, **more)


def test_a_transfer_names_its_actor_by_the_key_of_its_kind(cast: Cast) -> None:
    accounts = [
        company_account(AccountKind.OUTSIDE, "EUR"),
        account_of(cast.anna.id, AccountKind.WALLET, "EUR"),
    ]
    move = f"""SELECT wallet_transfer(%s, %s, 1, 'office_credit', %s, NULL, current_date, now(),
                                      %s::base_actor, '', {cast.anna.id}, NULL, NULL)"""
    client = ApiClient.objects.get(name="tests").pk
    for actor in (Staff(cast.anna.id), ActingMember(cast.anna.id, client), ActingClient(client),
                  Worker(), Shell(), Visitor()):  # fmt: skip
        made = sql.number(move, [*accounts, unique("move"), keys_of(actor).row])
        assert keys_of_row(Transfer.objects.get(pk=made)) == keys_of(actor)
    before = Transfer.objects.count()
    for keys in wrong_keys(cast.anna.id, client):
        named = [
            str(keys.get(name, "")) for name in ("by_staff_id", "by_member_id", "by_client_id")
        ]
        row = ",".join([f'"{keys["by_kind"]}"', *named])
        with pytest.raises(IntegrityError, match="transfer_names_its_actor"), transaction.atomic():
            sql.run(move, [*accounts, unique("move"), f"({row})"])
    assert Transfer.objects.count() == before


def test_money_and_facts_change_in_a_unit_of_work_alone(cast: Cast, nothing_changes: Any) -> None:
    """So none is without somebody who acted."""
    euros = account_of(cast.anna.id, AccountKind.WALLET, "EUR")
    outside = company_account(AccountKind.OUTSIDE, "EUR")
    with nothing_changes():
        for change in (
            lambda: wallet.transfer(
                outside, euros, 1, TransferKind.OFFICE_CREDIT, "x", BelongsTo()
            ),
            lambda: members.set_ranks([(cast.anna.id, "Gold")]),
        ):
            with pytest.raises(LookupError), transaction.atomic():
                change()
