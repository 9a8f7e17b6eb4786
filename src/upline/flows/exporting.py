"""Everything that Upline holds of a person, as JSON: docs/persons.md says what each part is."""

import json
from typing import NamedTuple

from upline.base import audit, sql
from upline.base.audit import AuditEvent
from upline.base.encryption import wrapped_key_of
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.company.queries import load_company
from upline.epins import queries as epins
from upline.flows.permissions import Right, needs
from upline.markets import current as markets
from upline.members.errors import UsernameNotFound
from upline.members.models import Member
from upline.members.person.profile import open_bank
from upline.members.queries import find_person, market_of

# Rows of these tables by the column that names the person, in the order of the file; without what
# only a server can use (hashes, sealed bytes).
PARTS = {
    "addresses": ("shipping_shippingaddress", "member_id"),
    "cart": ("cart_cartline", "member_id"),
    "orders": ("orders_order", "member_id"),
    "payments_of_orders": ("orders_orderpayment", "payer_id"),
    "payments": ("payments_payment", "member_id"),
    "accounts": ("wallet_account", "member_id"),
    "epins": ("epins_epin", "owner_id"),
    "payouts": ("payouts_payout", "member_id"),
    "kyc": ("kyc_kycreview", "member_id"),
    "positions": ("genealogy_position", "member_id"),
    "placements": ("genealogy_placementfact", "member_id"),
    "position_statuses": ("genealogy_positionfact", "member_id"),
    "sponsors": ("genealogy_sponsorfact", "member_id"),
    "standings": ("members_standingfact", "member_id"),
    "packages": ("members_packagefact", "member_id"),
    "markets": ("members_marketfact", "member_id"),
    "ranks": ("members_rankfact", "member_id"),
    "earnings": ("commissions_earning", "member_id"),
    "withheld": ("commissions_withheld", "member_id"),
    "protected_changes": ("members_protectedchange", "member_id"),
    "mails": ("mailings_mail", "user_id"),
    "sign_ins": ("members_accesstoken", "user_id"),
    "browsers": ("members_officesession", "user_id"),
    "asked_steps": ("members_stepasked", "person_id"),
    "done": ("base_auditentry", "by_member_id"),
    "done_as_staff": ("base_auditentry", "by_staff_id"),
    "noted": ("base_auditentry", "member_id"),
}
SECRET = ("password", "digest", "sealed", "bank_sealed", "before_sealed", "transaction_password",
          "search", "session_id", "content")  # fmt: skip
ROWS = """SELECT (to_jsonb(t) - %(secret)s::text[]) || {more} AS row FROM {table} t
          WHERE {column} = %(id)s"""
# Whose currency stands in another table.
CURRENCIES = {
    "orders_order": """jsonb_build_object('currency', (
        SELECT currency FROM markets_market WHERE id = t.market_id))""",
    "epins_epin": """jsonb_build_object('currency', (
        SELECT currency FROM epins_epinbatch WHERE id = t.batch_id))""",
}
MORE = {
    "transfers": """
        SELECT to_jsonb(t) AS row FROM wallet_transfer t
        WHERE debit_id IN (SELECT id FROM wallet_account WHERE member_id = %(id)s)
           OR credit_id IN (SELECT id FROM wallet_account WHERE member_id = %(id)s) ORDER BY id""",
    "order_lines": """
        SELECT to_jsonb(t) AS row FROM orders_orderline t
        WHERE order_id IN (SELECT id FROM orders_order WHERE member_id = %(id)s) ORDER BY id""",
    "refunds": """
        SELECT to_jsonb(t) AS row FROM orders_refund t
        WHERE order_id IN (SELECT id FROM orders_order WHERE member_id = %(id)s) ORDER BY id""",
    "refunds_to_send": """
        SELECT to_jsonb(t) AS row FROM orders_refundtosend t
        WHERE refund_id IN (
            SELECT refund.id FROM orders_refund refund
            JOIN orders_order ON orders_order.id = order_id
            WHERE member_id = %(id)s) ORDER BY id""",
    "payment_events": """
        SELECT to_jsonb(t) AS row FROM payments_paymentevent t
        WHERE payment_id IN (SELECT id FROM payments_payment WHERE member_id = %(id)s)
        ORDER BY id""",
    "surplus_payments": """
        SELECT to_jsonb(t) AS row FROM payments_surplus t
        WHERE payment_id IN (SELECT id FROM payments_payment WHERE member_id = %(id)s)
        ORDER BY id""",
}


@needs(Right.RUN_SERVER)
def export(unit: UnitOfWork, username: str) -> dict[str, bytes]:
    """The files of the export by name: `person.json` and the picture, where there is one.
    Raises UsernameNotFound."""
    person = find_person(username)
    if person is None or person.member_id is None:
        raise UsernameNotFound()
    member = Member.objects.select_related("user", "picture").get(pk=person.member_id)
    with company.bound(load_company()):
        found = _document(member)
    files = {"person.json": json.dumps(found, indent=1, ensure_ascii=False).encode()}
    if member.picture is not None:
        kind = member.picture.content_type.rpartition("/")[2]
        files[f"picture.{kind}"] = bytes(member.picture.content)
    unit.commit(lambda: audit.record(unit, AuditEvent.PERSON_EXPORT, f"user:{member.pk}"))
    return files


def _document(member: Member) -> dict[str, object]:
    about = {"id": member.pk, "secret": list(SECRET)}
    facts, market = company.current(), market_of(member.pk)
    document: dict[str, object] = {
        "format": "upline-person 1",
        "company": facts.name,
        "currency": market.currency,
        "decimals": market.exponent,
        "currencies": {each: markets.decimals_of(each) for each in markets.currencies()},
        "user": _of_table("members_user", "id", about)[0],
        "profile": _of_table("members_member", "user_id", about)[0],
        "bank": open_bank(member.pk, member.bank_sealed, wrapped_key_of(member.pk)),
    }
    for part, (table, column) in PARTS.items():
        document[part] = _of_table(table, column, about)
    for part, statement in MORE.items():
        document[part] = _rows(statement, about)
    document["epin_codes"] = [pin.code for pin in epins.of_owner(member.pk, None, 10_000)]
    return document


class _AsJson(NamedTuple):
    """A row as PostgreSQL writes it as JSON."""

    row: str


def _of_table(table: str, column: str, about: dict[str, object]) -> list[object]:
    more = CURRENCIES.get(table, "'{}'::jsonb")
    return _rows(ROWS.format(table=table, column=column, more=more), about)


def _rows(statement: str, about: dict[str, object]) -> list[object]:
    return [json.loads(each.row) for each in sql.rows(_AsJson, statement, about)]
