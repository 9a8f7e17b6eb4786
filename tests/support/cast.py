"""The cast. A fresh family for each test that asks for it:

    acme (the root of the company)
    ├─ … anna ─┬─ L ben ── L dan
    │          └─ R cleo
    └─ … erik, who is in nobody's team but acme's

anna sponsored ben and cleo, ben sponsored dan. Each has the same login and transaction
passwords; wallets are empty until a test fills them.
"""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import pytest

from support.client import Client
from support.installation import PASSWORD, ROOT_MEMBER, TRANSACTION_PASSWORD, Installation

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Player:
    """A member of the cast."""

    id: int
    username: str
    client: Client


@dataclass(frozen=True)
class Cast:
    anna: Player
    ben: Player
    cleo: Player
    dan: Player
    erik: Player


class End(NamedTuple):
    """The last position of a leg."""

    username: str
    id: int


def unique(name: str) -> str:
    """A username that nobody has yet."""
    return f"{name}{os.getpid() % 10000}x{next(_numbers)}"


def enrol(
    sponsor: str,
    name: str,
    placement: str = "",
    position: str = "L",
    position_id: int | None = None,
    *,
    waits: bool = False,
    email: str = "",
) -> int:
    """A new member through the same flow as the API's; free join, at the outer end of a leg
    where no placement is named; `position_id` is which of the placement's positions is meant;
    `waits` asks for no place, where the settings allow it. Returns the id."""
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.catalog.models import Package
    from upline.company import current, queries
    from upline.flows import joining
    from upline.flows.paying import Funds
    from upline.members.queries import Caller, find_person

    enroller = find_person(sponsor)
    assert enroller is not None
    if not placement and not waits:
        placement, position_id = outer_end(enroller.id, position)
    signup = joining.SignupRequest(
        sponsor_username=sponsor,
        placement_username=placement,
        side=position,
        product_id=Package.objects.get(code="M-starter").pk,
        firstname=name.title(),
        lastname="Example",
        date_of_birth=date(1990, 5, 17),
        email=email or f"{name}@example.com",
        mobile="+49 170 1234567",
        username=name,
        password=PASSWORD,
        payment_method="free_join",
        funds=Funds(),
        placement_position_id=position_id,
    )
    with current.bound(queries.load_company()):
        joining.join(UnitOfWork(Shell()), Caller(0, frozenset(), enroller.id, sponsor), signup)
    person = find_person(name)
    assert person is not None
    return person.id


def outer_end(top_id: int, position: str) -> tuple[str, int | None]:
    """Who stands last on the outer side of a leg, and at which position; '' where the plan has no
    legs."""
    from upline.base import sql

    chain = "left_chain_id" if position == "L" else "right_chain_id"
    found = sql.one(
        End,
        f"""SELECT person.username, tail.id FROM genealogy_position node
            JOIN genealogy_chain chain ON chain.id = node.{chain}
            JOIN genealogy_position tail ON tail.id = chain.tail_id
            JOIN members_user person ON person.id = tail.member_id
            WHERE node.id = %s""",
        [top_id],
    )
    return found or ("", None)


def set_transaction_password(member_id: int) -> None:
    from upline.base import passwords
    from upline.members.models import Member

    hashed = passwords.hashed(TRANSACTION_PASSWORD)
    Member.objects.filter(pk=member_id).update(transaction_password=hashed)


def signed_in(installation: Installation, username: str) -> Client:
    """A client as it is once its member has signed in over the API from here."""
    from upline.base.actors import Visitor
    from upline.base.unit import UnitOfWork
    from upline.company.models import ApiClient
    from upline.flows import signing_in

    visitor, client_id = UnitOfWork(Visitor(), "127.0.0.1"), ApiClient.objects.get(name="tests").pk
    let_in = signing_in.sign_in(visitor, client_id, username, PASSWORD)
    return Client(installation.base_url, installation.api_key, let_in.access_token)


@pytest.fixture(scope="session")
def player(installation: Installation) -> Callable[..., Player]:
    """Make one more player: `player("fay", sponsor=cast.anna)`."""

    def make(
        name: str, sponsor: str = ROOT_MEMBER, placement: str = "", position: str = "L"
    ) -> Player:
        username = unique(name)
        member_id = enrol(sponsor, username, placement, position)
        set_transaction_password(member_id)
        return Player(member_id, username, signed_in(installation, username))

    return make


def _family(player: Callable[..., Player]) -> Cast:
    anna = player("anna", position="L")
    ben = player("ben", anna.username, anna.username, "L")
    cleo = player("cleo", anna.username, anna.username, "R")
    dan = player("dan", ben.username, ben.username, "L")
    erik = player("erik", position="R")
    return Cast(anna, ben, cleo, dan, erik)


@pytest.fixture
def cast(player: Callable[..., Player]) -> Cast:
    return _family(player)


@pytest.fixture(scope="module")
def shared_cast(player: Callable[..., Player]) -> Cast:
    """One family for all tests of a file that leave it as it is."""
    return _family(player)


@pytest.fixture
def stranger(installation: Installation) -> Client:
    """Somebody with an api_key and no access_token."""
    return Client(installation.base_url, installation.api_key)


@pytest.fixture(scope="session")
def fill() -> Callable[[Player, str], None]:
    """Put money onto a wallet: `fill(cast.anna, "100.00")`."""
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.flows import adjusting

    def credit(to: Player, amount: str) -> None:
        adjusting.credit_wallet(UnitOfWork(Shell()), to.id, minor(amount), "for a test")

    return credit


@pytest.fixture(scope="session")
def give_epin() -> Callable[..., str]:
    """Issue an e-pin to somebody; its code: `give_epin(cast.anna, "50.00")`."""
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.flows import epin_batches

    def issue(to: Player, amount: str, **more: Any) -> str:
        return epin_batches.issue_epins(UnitOfWork(Shell()), minor(amount), 1, to.id, **more)[0]

    return issue


@pytest.fixture
def office_sets() -> Iterator[Callable[..., None]]:
    """Change office settings for one test: `office_sets(registration_open=False)`."""
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.company import queries
    from upline.flows import configuring

    before: dict[str, Any] = {}

    def change(**settings: Any) -> None:
        office = queries.load_company().office
        current = office.model_dump(mode="json") | office.by_name()
        before.update({name: current.get(name) for name in settings if name not in before})
        configuring.change_settings(UnitOfWork(Shell()), **settings)

    yield change
    if before:
        configuring.change_settings(UnitOfWork(Shell()), **before)


@pytest.fixture(scope="session")
def product() -> Callable[[str], int]:
    """The id of a package of the tests' company by name: `product("soap")`."""
    from upline.catalog.models import Package

    return lambda name: Package.objects.get(name=name.title()).pk


@pytest.fixture
def nothing_changes() -> Callable[[], Any]:
    """`with nothing_changes(): …` asserts that no row of money, people, trees, carts or orders
    was written."""
    return _nothing_changes


@contextmanager
def _nothing_changes() -> Iterator[None]:
    before = fingerprint()
    yield
    assert fingerprint() == before, "a refused request changed something"


_WATCHED = (
    "members_member", "members_user", "genealogy_position", "genealogy_chain", "wallet_account",
    "wallet_transfer", "epins_epin", "payments_payment", "cart_cartline",
    "shipping_shippingaddress", "orders_order", "orders_orderline", "orders_orderpayment",
    "mailings_mail", "pictures_picture", "payouts_payout", "payouts_batch",
)  # fmt: skip


def fingerprint() -> list[Any]:
    """A hash over all rows of what a refusal must leave alone."""
    from upline.base import sql

    return [
        sql.value(
            str,
            f"""SELECT count(*) || coalesce(sum(hashtextextended(t::text, 0)), 0)::text
                FROM {name} t""",
        )
        for name in _WATCHED
    ]


def minor(amount: str) -> int:
    """`"12.50"` in minor units of the tests' currency."""
    whole, _, part = amount.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or "0")
