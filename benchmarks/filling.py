"""Members by the hundred thousand: one COPY and a few set-based INSERTs, as the database's owner.

`./upline verify` finds nothing wrong with them. Each has a wallet with money in it, bank data,
both passwords, and an access_token; all share one hash of each password."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
from installation import PASSWORD, TRANSACTION_PASSWORD

WALLET = 1_000_000_00

_MAKE_PLAN = """
CREATE TABLE benchmark_member (
    number integer PRIMARY KEY, member_id bigint, username text, sponsor_id bigint,
    parent_id bigint, side smallint, depth integer, jump_id bigint, left_chain_id bigint,
    right_chain_id bigint, token bytea, address text, bank bytea);
GRANT SELECT ON benchmark_member TO PUBLIC;
"""
_COPY_PLAN = "COPY benchmark_member FROM STDIN"
_FILL = """
INSERT INTO members_user (id, username, email, password, is_staff, is_active, is_superuser,
                          date_joined)
SELECT member_id, username, username || '@example.com', %(password)s, false, true, false, now()
FROM benchmark_member;

INSERT INTO members_member (user_id, market_id, package_id, rank_name, standing, kind,
    member_since, firstname, lastname, gender, date_of_birth, address_line1, address_line2,
    country_id, city, zip_code, email, mobile, landline, bank_sealed, transaction_password,
    preferred_side, joined_at, terms_version, terms_agreed_at, terms_address)
SELECT member_id, (SELECT min(id) FROM markets_market), %(package)s, '', 'active', 'member',
       now(), 'Anna', 'Example', 'F', '1990-05-17', 'Main Street 1', '', 276, 'Berlin', '10115',
       username || '@example.com', '+49 170 1234567', '', bank, %(transaction_password)s,
       1 + number %% 2, now(), '1', now(), address
FROM benchmark_member;

INSERT INTO base_personkey (user_id, wrapped) SELECT member_id, %(key)s FROM benchmark_member;
INSERT INTO members_standingfact (member_id, standing, since, reason, by_kind)
SELECT member_id, 'active', now(), 'joined', 'shell' FROM benchmark_member;
INSERT INTO members_marketfact (member_id, market_id, since, by_kind)
SELECT user_id, market_id, now(), 'shell'
FROM members_member JOIN benchmark_member ON user_id = member_id;
INSERT INTO members_accesstoken (digest, user_id, client_id, created_at, expires_at, last_used_at)
SELECT token, member_id, (SELECT max(id) FROM company_apiclient), now(),
       now() + interval '1 day', now()
FROM benchmark_member;

SELECT wallet_open(member_id) FROM benchmark_member;
SELECT wallet_transfer((SELECT id FROM wallet_account WHERE member_id IS NULL AND kind = 'outside'),
                       account.id, %(wallet)s, 'office_credit', 'benchmark:' || member_id, NULL,
                       current_date, now(), '(shell,,,)', '', member_id, NULL, NULL)
FROM benchmark_member JOIN wallet_account account USING (member_id) WHERE kind = 'wallet';

INSERT INTO genealogy_position (id, member_id, number, opened_at, sponsor_id, parent_id, side,
                                depth, jump_id, left_chain_id, right_chain_id)
SELECT member_id, member_id, 1, now(), sponsor_id, parent_id, side, depth, jump_id, left_chain_id,
       right_chain_id
FROM benchmark_member;
INSERT INTO genealogy_chain (id, tail_id)
SELECT chain, (array_agg(member_id ORDER BY depth DESC))[1] FROM (
    SELECT left_chain_id AS chain, member_id, depth FROM benchmark_member
    UNION ALL SELECT right_chain_id, member_id, depth FROM benchmark_member) sides
GROUP BY chain
ON CONFLICT (id) DO UPDATE SET tail_id = excluded.tail_id;
INSERT INTO genealogy_placementfact (position_id, member_id, parent_id, side, since, by_kind)
SELECT member_id, member_id, parent_id, side, now(), 'shell' FROM benchmark_member;
INSERT INTO genealogy_sponsorfact (member_id, sponsor_id, since, by_kind)
SELECT member_id, sponsor_id, now(), 'shell' FROM benchmark_member;

SELECT setval('members_user_id_seq', (SELECT max(id) FROM members_user));
SELECT setval('genealogy_chain_id_seq', (SELECT max(id) FROM genealogy_chain));
"""
# New rows of two tables never get the same id, so that a recorded parameter tells its origin.
_SPREAD_IDS = """
SELECT setval(sequence, nextval(sequence) + 10000000 * row_number() OVER ())
FROM (SELECT format('%I.%I', schemaname, sequencename)::regclass AS sequence
      FROM pg_sequences WHERE data_type = 'bigint'::regtype AND schemaname = 'public') sequences
"""


@dataclass(frozen=True)
class Filled:
    """The company's api key, and the access_token and address of each member by number."""

    api_key: str
    tokens: list[str]
    members: int

    def address(self, number: int) -> str:
        return address_of(number)


def address_of(number: int) -> str:
    """The network address that a member calls from."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


# A tree's shape: the sponsor and the leg of the member of an index; the root has index 0.
Shape = Callable[[int], tuple[int, int]]


def spread(index: int) -> tuple[int, int]:
    """Anybody may be the sponsor, in either leg."""
    return random.randrange(index), random.choice((1, 2))


def spine(index: int) -> tuple[int, int]:
    """One chain: each sponsors the next one, on the left."""
    return index - 1, 1


@dataclass
class Tree:
    """A binary tree by index, grown at the outer ends of legs."""

    parent: list[int]
    position: list[int]
    depth: list[int]
    jump: list[int | None]
    chains: list[tuple[int, int]]
    tails: list[int]

    def grow(self, sponsor: int, side: int) -> None:
        """Put the next member at the outer end of a leg of the sponsor."""
        chain, opened = self.chains[sponsor][side - 1], len(self.tails)
        above, new = self.tails[chain], len(self.parent)
        self.parent.append(above)
        self.position.append(side)
        self.depth.append(self.depth[above] + 1)
        self.jump.append(self._jump_below(above))
        self.chains.append((chain, opened) if side == 1 else (opened, chain))
        self.tails[chain] = new
        self.tails.append(new)

    def _jump_below(self, above: int) -> int:
        over = self.jump[above]
        top = None if over is None else self.jump[over]
        if over is None or top is None:
            return above
        spans = (self.depth[above] - self.depth[over], self.depth[over] - self.depth[top])
        return top if spans[0] == spans[1] else above


def fill(owner_url: str, members: int, shape: Shape = spread) -> Filled:
    """Add so many members below the root, in a tree of a shape."""
    from upline.base import encryption, passwords
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.catalog.models import Package
    from upline.flows import api_keys

    api_key = api_keys.create_key(UnitOfWork(Shell()), "benchmark")
    tokens = [f"upt_benchmark_{number}" for number in range(members)]
    key = encryption.new_person_key()
    with psycopg.connect(owner_url) as owner:
        owner.execute(_MAKE_PLAN)
        start = _start(owner)
        with owner.cursor().copy(_COPY_PLAN) as copy:
            for row in _plan(start, tokens, key, shape):
                copy.write_row(row)
        values = {
            "password": passwords.hashed(PASSWORD),
            "transaction_password": passwords.hashed(TRANSACTION_PASSWORD),
            "package": Package.objects.get(name="Starter").pk,
            "key": key,
            "wallet": WALLET,
        }
        for statement in _FILL.split(";\n"):
            owner.execute(statement, values)
        owner.execute(_SPREAD_IDS)
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")
    return Filled(api_key, tokens, members)


@dataclass(frozen=True)
class Start:
    """What the database holds before: the root with its two chains, and the last user's id."""

    root: int
    left_chain: int
    right_chain: int
    last_user: int

    def member_id(self, index: int) -> int:
        return self.last_user + index if index else self.root

    def chain_id(self, chain: int) -> int:
        both = (self.left_chain, self.right_chain)
        return both[chain] if chain < 2 else max(both) + chain - 1


def _start(owner: psycopg.Connection) -> Start:
    row = owner.execute(
        """SELECT member_id, left_chain_id, right_chain_id, (SELECT max(id) FROM members_user)
           FROM genealogy_position"""
    ).fetchone()
    assert row is not None, "the company is founded"
    return Start(*row)


def _plan(
    start: Start, tokens: list[str], key: bytes, shape: Shape
) -> Iterator[tuple[object, ...]]:
    """A row of benchmark_member for each new member."""
    from upline.base import encryption

    tree = Tree([0], [0], [0], [None], [(0, 1)], [0, 0])

    for number, token in enumerate(tokens):
        index = number + 1
        sponsor, side = shape(index)
        tree.grow(sponsor, side)
        jump = tree.jump[index]
        assert jump is not None
        own = start.member_id(index)
        yield (
            number,
            own,
            f"member{number}",
            start.member_id(sponsor),
            start.member_id(tree.parent[index]),
            side,
            tree.depth[index],
            start.member_id(jump),
            *(start.chain_id(each) for each in tree.chains[index]),
            encryption.digest("access_token", token),
            address_of(number),
            _bank_data(own, key),
        )


def _bank_data(member_id: int, key: bytes) -> bytes:
    from upline.base import encryption
    from upline.members.person.profile import BANK_FIELDS

    bank = json.dumps(dict.fromkeys(BANK_FIELDS, "DE89370400440532013000"))
    context = f"members_member.bank_sealed:{member_id}"
    return encryption.seal(bank, wrapped_key=key, context=context)
