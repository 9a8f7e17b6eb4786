"""`./upline verify` can fail: each promise has breaches planted that it reports.

As a superuser, past all triggers, in a company of its own; each is rolled back."""

import re
from collections.abc import Iterator
from string import Formatter
from typing import Any

import psycopg
import pytest

from support.installation import Installation
from support.other_company import does_in, found_in
from upline.books import invariants
from wallet import story

FIRST_OPENED = "position_id = (SELECT min(position_id) FROM orders_positionorder)"
BREACHES = {
    "Each event has the data that its kind names": [
        """UPDATE events_event SET data = data || '{{"name": "B"}}' WHERE kind = 'order.placed'""",
        "UPDATE events_event SET data = data - 'member_id' WHERE kind = 'order.completed'",
        "UPDATE events_event SET kind = 'order.lost' WHERE kind = 'order.placed'",
    ],
    "Each event was written by a transaction that has begun": [
        "UPDATE events_event SET transaction = transaction + 4000000000",
    ],
    "Each mail that delivers an event is the mail of its kind": [
        "UPDATE mailings_mail SET kind = 'payout_paid' WHERE kind = 'welcome'",
        "UPDATE events_event SET kind = 'order.cancelled' WHERE kind = 'member.joined'",
    ],
    "Each cached balance equals the sum of its transfers": [
        "UPDATE wallet_account SET balance = balance + 1 WHERE kind = 'wallet' AND balance > 0",
        "UPDATE wallet_transfer SET amount = amount + 1 WHERE kind = 'office_credit'",
    ],
    "Members' balances and open e-pins add up to the company's accounts": [
        "UPDATE wallet_account SET balance = balance - 1 WHERE kind = 'deposits' AND balance > 0",
        "UPDATE epins_epin SET balance = balance - 1",
        "DELETE FROM wallet_transfer WHERE kind = 'order_payment'",
        # What one currency has too much another one lacks.
        "UPDATE wallet_transfer SET currency = 'CHF' WHERE kind = 'office_credit'",
    ],
    "The company's e-pin account equals the balance of all e-pins": [
        "UPDATE epins_epin SET balance = balance - 1",
        "DELETE FROM wallet_transfer WHERE kind = 'epins_issued'",
        "UPDATE epins_epinbatch SET currency = 'CHF'",
    ],
    "Each member's deposits account equals the payments that wait": [
        "UPDATE payments_payment SET voided = voided + 1 WHERE remaining > 0",
        "DELETE FROM payments_payment WHERE remaining > 0",
    ],
    "Each e-pin has lost what was paid from it and not returned": [
        "UPDATE epins_epin SET balance = balance + 1",
        "UPDATE payments_payment SET authorised = authorised + 1 WHERE provider = 'epin'",
    ],
    "Each payment was brought in by its transfer": [
        "UPDATE payments_payment SET authorised = authorised + 1 WHERE provider = 'outside'",
        "UPDATE payments_payment SET member_id = {ben} WHERE provider = 'wallet'",
        "UPDATE payments_payment SET provider = 'outside', reference = id, epin_id = NULL "
        "WHERE provider = 'epin'",
        "UPDATE wallet_transfer SET debit_id = credit_id, credit_id = debit_id "
        "WHERE kind = 'payment_from_epin'",
    ],
    "Each payment has captured what orders took of it, and refunded what they gave back": [
        "UPDATE payments_payment SET captured = captured - 1 WHERE captured > refunded",
        "UPDATE payments_payment SET refunded = refunded - 1 WHERE refunded > 0",
        "UPDATE orders_orderpayment SET payment_id = NULL",
    ],
    "Each payment has voided what went back unused": [
        "UPDATE payments_payment SET voided = voided + 1 WHERE remaining > 0",
        "DELETE FROM wallet_transfer WHERE kind = 'payment_returned'",
    ],
    "A payment waits for an order only while that order awaits payment": [
        "UPDATE orders_order SET status = 'cancelled' WHERE status = 'awaiting_payment' AND id IN "
        "(SELECT order_id FROM payments_payment WHERE remaining > 0)",
        "UPDATE payments_payment SET order_id = -1 WHERE order_id IS NOT NULL",
    ],
    "Each surplus went to the buyer's shopping balance, and left it when it was sent back": [
        "UPDATE payments_surplus SET amount = amount + 1",
        "UPDATE payments_surplus SET status = 'kept', sent_id = NULL, settled_at = at; "
        "UPDATE payments_surplus SET status = 'sent_back', sent_id = transfer_id "
        "WHERE id = (SELECT min(id) FROM payments_surplus)",
        "DELETE FROM wallet_transfer WHERE kind = 'payment_sent_back'",
    ],
    "Each payment from outside that went back unused is a surplus, and only those are": [
        "DELETE FROM payments_surplus",
        "UPDATE payments_payment SET voided = 0 WHERE voided > 0 AND provider = 'outside'",
    ],
    "Each event of a provider that was applied has its payment, as it says": [
        "UPDATE payments_paymentevent SET payment_id = NULL WHERE status = 'applied'",
        "UPDATE payments_paymentevent SET amount = amount + 1 WHERE kind = 'paid'",
    ],
    "Each payment was taken back as far as the events say that were applied": [
        "UPDATE payments_payment SET returned = 0",
        "DELETE FROM payments_paymentevent WHERE kind = 'returned'",
    ],
    "Each transfer that sent a surplus back has its surplus": [
        "DELETE FROM payments_surplus WHERE status = 'sent_back'",
    ],
    "Each transfer that brought a payment in has its payment": [
        "DELETE FROM payments_payment WHERE provider = 'wallet'",
        "DELETE FROM payments_payment WHERE provider = 'epin'",
    ],
    "No transfer is undone by more than it moved": [
        """INSERT INTO wallet_transfer (debit_id, credit_id, currency, amount, kind, reference,
                                        undoes_id, business_date, created_at, note,
                                        by_kind)
           SELECT credit_id, debit_id, currency, amount + 1, 'undo', 'twice', id, business_date,
                  created_at, '', 'shell' FROM wallet_transfer WHERE kind = 'office_credit'"""
    ],
    "Each member has the four accounts": [
        "DELETE FROM wallet_account WHERE kind = 'owed'",
        "UPDATE wallet_account SET currency = 'CHF' WHERE kind = 'deposits'",
    ],
    "No transfer goes from one currency to another": [
        "UPDATE wallet_transfer SET currency = 'CHF' WHERE kind = 'payout'",
        "UPDATE wallet_account SET currency = 'CHF' WHERE kind = 'purchase'",
        "UPDATE wallet_account SET currency = 'CHF' WHERE kind = 'tax' AND currency = 'EUR'",
    ],
    "Each exchange went through both exchange accounts, at its rate": [
        "UPDATE wallet_exchange SET rate = rate + 100",
        "UPDATE wallet_transfer SET amount = amount + 1 WHERE kind = 'exchange_in'",
        "UPDATE wallet_transfer SET member_id = {ben} WHERE kind = 'exchange_out'",
        "UPDATE wallet_account SET kind = 'gift' WHERE kind = 'exchange'",
    ],
    "Each transfer of an exchange has its exchange": [
        "DELETE FROM wallet_exchange",
        "UPDATE wallet_transfer SET kind = 'exchange_in' WHERE kind = 'office_credit'",
    ],
    "The company has each of its accounts in each currency": [
        "DELETE FROM wallet_account WHERE kind = 'exchange'",
        "INSERT INTO markets_currency (code, exponent) VALUES ('CHF', 2)",
    ],
    "Each transfer's columns say the same as its reference": [
        "UPDATE wallet_transfer SET member_id = {ben} WHERE kind = 'commission_charge'",
        "UPDATE wallet_transfer SET run_id = run_id + 1 WHERE kind = 'commission'",
        "UPDATE wallet_transfer SET order_id = NULL WHERE kind = 'order_tax'",
        "UPDATE wallet_transfer SET reference = 'order:UP-1:purchase' "
        "WHERE id = (SELECT min(id) FROM wallet_transfer WHERE kind = 'order_payment')",
        "UPDATE wallet_transfer SET order_id = order_id + 1 WHERE kind = 'order_refund'",
        "UPDATE wallet_transfer SET payout_id = NULL WHERE kind = 'payout_paid'",
        "UPDATE wallet_transfer SET member_id = NULL WHERE kind = 'payment_from_epin'",
        "UPDATE wallet_transfer SET member_id = {ben} WHERE kind = 'epins_issued'",
        "UPDATE wallet_transfer SET payout_id = 1 WHERE kind = 'office_credit'",
    ],
    "Each member's market is dated": ["DELETE FROM members_marketfact WHERE member_id = {ben}"],
    "Each order that awaits payment is of its buyer's market": [
        "UPDATE orders_order SET status = 'awaiting_payment', business_date = NULL, "
        "volume_member_id = NULL, market_id = market_id + 1"
    ],
    "Each line of an order contains the tax of its rate": [
        "UPDATE orders_orderline SET tax = tax + 1 WHERE tax_rate > 0",
        "UPDATE orders_orderline SET tax_rate = 0 WHERE tax > 0",
    ],
    "Each order's totals are those of its lines": [
        "UPDATE orders_order SET total_points = total_points + 1 WHERE kind = 'checkout'",
        "UPDATE orders_orderline SET price = price + 1",
    ],
    "Each complete order is paid in full, and no other order is paid": [
        "DELETE FROM orders_orderpayment",
        "UPDATE orders_order SET status = 'cancelled', business_date = NULL, "
        "volume_member_id = NULL WHERE status = 'complete'",
    ],
    "Each payment of an order matches its transfer": [
        "UPDATE orders_orderpayment SET amount = amount + 1",
        "UPDATE markets_market SET currency = 'CHF'",
        "UPDATE wallet_transfer SET kind = 'gift' WHERE kind = 'order_payment'",
    ],
    "Refunds are the same on payments, on lines and in transfers": [
        "UPDATE orders_orderpayment SET refunded = refunded - 1 WHERE refunded > 0",
        "UPDATE orders_orderline SET refunded_quantity = 0",
        "DELETE FROM wallet_transfer WHERE kind = 'order_refund'",
        "DELETE FROM orders_refund",
    ],
    "Refunds of orders paid outside were sent by staff or wait to be sent": [
        "DELETE FROM orders_refundtosend",
        "UPDATE orders_refundtosend SET amount = amount + 1",
    ],
    "The tax account holds the tax of what was bought and not refunded": [
        "UPDATE orders_orderline SET tax = tax + 1",
        "DELETE FROM wallet_transfer WHERE kind IN ('order_tax', 'order_tax_refund')",
    ],
    "The company's payouts account equals the open payouts": [
        "UPDATE payouts_payout SET amount = amount + 1 WHERE status = 'approved'",
        "DELETE FROM wallet_transfer WHERE kind = 'payout_paid'",
        "DELETE FROM payouts_payout WHERE status = 'requested'",
        "UPDATE payouts_payout SET currency = 'CHF' WHERE status = 'approved'",
    ],
    "Each payout took its amount off its member's wallet": [
        "UPDATE payouts_payout SET amount = amount + 1 WHERE status = 'paid'",
        "UPDATE payouts_payout SET member_id = {ben} WHERE status = 'in_batch'",
        "UPDATE payouts_payout SET currency = 'CHF' WHERE status = 'paid'",
        "UPDATE wallet_transfer SET kind = 'gift' WHERE kind = 'payout'",
    ],
    "Each paid payout went outside, and each other closed one back to its wallet": [
        "UPDATE payouts_payout SET status = 'paid' WHERE status = 'failed'",
        "UPDATE payouts_payout SET status = 'failed' WHERE status = 'paid'",
        "UPDATE payouts_payout SET member_id = {ben} WHERE status = 'cancelled'",
        "UPDATE wallet_transfer SET amount = amount - 1 WHERE kind = 'payout_returned'",
        "UPDATE wallet_transfer SET undoes_id = NULL WHERE kind = 'payout_returned'",
        "DELETE FROM wallet_transfer WHERE kind IN ('payout_returned', 'payout_paid')",
    ],
    "Each payout that the bank returned came from outside back to its wallet": [
        "UPDATE payouts_payout SET came_back_id = transfer_id WHERE status = 'returned'",
        "UPDATE payouts_payout SET member_id = {ben} WHERE status = 'returned'",
        "UPDATE wallet_transfer SET amount = amount - 1 WHERE kind = 'payout_sent_back'",
        "UPDATE wallet_transfer SET undoes_id = NULL WHERE kind = 'payout_sent_back'",
        "DELETE FROM wallet_transfer WHERE kind = 'payout_sent_back'",
    ],
    "Each transfer of a payout has its payout": [
        "DELETE FROM payouts_payout WHERE status = 'paid'",
        "UPDATE wallet_transfer SET kind = 'payout' WHERE kind = 'office_credit'",
    ],
    "Each batch of payouts adds up to its payouts": [
        "UPDATE payouts_batch SET amount = amount + 1",
        "UPDATE payouts_batch SET quantity = quantity - 1",
        "UPDATE payouts_batch SET currency = 'CHF'",
        "DELETE FROM payouts_payout WHERE status = 'in_batch'",
    ],
    "The volume of each complete order is its buyer's; of a customer's, the sponsor's then": [
        "UPDATE orders_order SET volume_member_id = {ben} WHERE member_id = {carl}",
        "UPDATE orders_order SET volume_member_id = {carl} WHERE member_id = {carl}",
        "UPDATE orders_order SET volume_member_id = {cleo} "
        "WHERE member_id = {ben} AND business_date IS NOT NULL",
        "UPDATE genealogy_sponsorfact SET sponsor_id = {ben} WHERE member_id = {carl}",
        "UPDATE members_member SET kind = 'member', member_since = joined_at "
        "WHERE user_id = {carl}",
    ],
    "What a customer bought is not of the class member": [
        "UPDATE orders_orderline SET buyer = 'member' WHERE order_id IN "
        "(SELECT id FROM orders_order WHERE member_id = {carl})",
    ],
    "No line of an order has more figures than the company has names for": [
        "UPDATE orders_orderline SET figures = ARRAY[1]",
    ],
    "No package has more figures than the company has names for": [
        "UPDATE catalog_package SET figures = ARRAY[0]",
    ],
    "An order has lines": ["DELETE FROM orders_orderline"],
    "Each run equals the sum of its members' earnings and of its lines": [
        "DELETE FROM commissions_line WHERE number = 1",
        "UPDATE commissions_run SET paid = paid + 1",
        "DELETE FROM commissions_earning WHERE total > 0",
    ],
    "Each member's lines in a run add up to the member's earnings": [
        "UPDATE commissions_line SET member_id = {ben} WHERE member_id = {anna}",
        "UPDATE commissions_earning SET total = total + 1, gross = gross + 1",
    ],
    "Each member paid by a run has its transfers, and each such transfer has its run": [
        "DELETE FROM wallet_transfer WHERE kind = 'commission'",
        "UPDATE wallet_transfer SET amount = amount + 1 WHERE kind = 'commission_charge'",
        "UPDATE wallet_transfer SET run_id = 77 WHERE kind = 'commission_tax'",
        "UPDATE wallet_transfer SET currency = 'CHF' WHERE kind = 'commission_charge'",
        """UPDATE wallet_transfer SET credit_id = (SELECT id FROM wallet_account
               WHERE member_id = {cleo} AND kind = 'wallet') WHERE kind = 'commission'""",
        "UPDATE commissions_earning SET charges = charges + 1, gross = gross + 1 WHERE charges > 0",
        "UPDATE commissions_earning SET currency = 'CHF' WHERE total > 0",
        "DELETE FROM wallet_transfer WHERE kind = 'commission_back'",
        "UPDATE wallet_transfer SET amount = amount + 1 WHERE kind = 'commission_charge_back'",
    ],
    "Each clawback names the paid line that it reduces": [
        "DELETE FROM commissions_clawback",
        "UPDATE commissions_clawback SET of_number = 99",
        "UPDATE commissions_clawback SET number = 99",
    ],
    "No more is taken back from a line than it paid": [
        "UPDATE commissions_clawback SET amount = amount * 100",
        "UPDATE commissions_clawback SET amount = 0",
    ],
    "A line takes back what its clawback says, in the currency that its member is paid in now": [
        "UPDATE commissions_line SET amount = amount - 1 WHERE bonus = -5",
    ],
    "Each member's earnings are in the currency of a market that their run met": [
        "UPDATE commissions_earning SET currency = 'CHF' WHERE member_id = {anna}",
        """INSERT INTO commissions_runmarket
               (run_id, market_id, currency, per_unit, turnover, gross, paid, members)
           SELECT id, 99, 'EUR', 1000000, 0, 0, 0, 0 FROM commissions_run""",
    ],
    "Each market's totals in a run are those of its members' earnings": [
        """INSERT INTO commissions_runmarket
               (run_id, market_id, currency, per_unit, turnover, gross, paid, members)
           SELECT run_id, market_id, currency, 1000000, 0, sum(gross) + 1, sum(total), count(*)
           FROM commissions_earning GROUP BY run_id, market_id, currency""",
    ],
    "A run is paid when every member is paid, and only an approved run pays": [
        "UPDATE commissions_run SET cursor = 0",
        "INSERT INTO commissions_withheld (run_id, member_id, reason) "
        "SELECT id, {anna}, '' FROM commissions_run",
        "UPDATE commissions_run SET status = 'computed', reviewed_by_id = NULL, "
        "approved_by_id = NULL",
    ],
    "All days of runs are frozen": [
        "DELETE FROM orders_frozen",
        "UPDATE orders_frozen SET last_day = last_day - 1",
    ],
    "Each order counts at a position of the member whose volume it is": [
        "UPDATE orders_order SET position_id = {cleo} WHERE member_id = {anna}",
    ],
    "Each complete order of a position has opened one of its buyer, and no other order has": [
        "UPDATE orders_positionorder SET position_id = NULL",
        "UPDATE orders_positionorder SET position_id = {ben} WHERE position_id IS NULL",
        f"UPDATE orders_positionorder SET position_id = {{cleo}} WHERE {FIRST_OPENED}",
        f"UPDATE orders_positionorder SET position_id = {{anna}} WHERE {FIRST_OPENED}",
        "UPDATE orders_positionorder SET line_id = (SELECT min(id) FROM orders_orderline) "
        f"WHERE {FIRST_OPENED}",
    ],
    "Each line of a position is its member's": [
        "UPDATE commissions_line SET position_id = {cleo} WHERE member_id = {anna}",
    ],
    "Each further position is in the team of the member's first one": [
        "INSERT INTO genealogy_position (id, member_id, number, opened_at, parent_id, side, depth, "
        "jump_id) SELECT -1, {cleo}, 2, now(), {ben}, 2, depth + 1, {ben} FROM genealogy_position "
        "WHERE id = {ben}",
    ],
    "The positions of a member are numbered without a gap": [
        "INSERT INTO genealogy_position (id, member_id, number, opened_at, parent_id, side, depth) "
        "SELECT -1, {cleo}, 3, now(), {cleo}, 2, depth + 1 FROM genealogy_position "
        "WHERE id = {cleo}",
    ],
    "No position has the number of another member": [
        "UPDATE genealogy_position SET member_id = {anna}, number = 4, sponsor_id = NULL "
        "WHERE id = {cleo}",
    ],
    "Each member is in the tree": [
        "DELETE FROM genealogy_position WHERE id = {cleo}",
    ],
    "A customer has a sponsor, and no place in the tree and no earnings": [
        "UPDATE genealogy_position SET id = {carl}, member_id = {carl} WHERE id = {cleo}",
        "UPDATE commissions_earning SET member_id = {carl} WHERE member_id = {anna}",
        "DELETE FROM genealogy_sponsorfact WHERE member_id = {carl}",
        "UPDATE genealogy_sponsorfact SET sponsor_id = {carl} WHERE member_id = {carl}",
    ],
    "There is one root": [
        "UPDATE genealogy_position SET parent_id = NULL, sponsor_id = NULL, depth = 0 "
        "WHERE id = {cleo}"
    ],
    "Each position is one level below the one above, and all are below the root": [
        "UPDATE genealogy_position SET depth = 7 WHERE id = {ben}"
    ],
    "Each position's jump follows from the parent's": [
        "UPDATE genealogy_position SET jump_id = {cleo} WHERE id = {ben}",
        "UPDATE genealogy_position SET jump_id = NULL WHERE id = {ben}",
    ],
    "Each member is in the sponsor's team": [
        "UPDATE genealogy_position SET sponsor_id = {cleo} WHERE id = {ben}"
    ],
    "Each chain ends where its side has no further position": [
        "UPDATE genealogy_chain SET tail_id = NULL WHERE tail_id = {ben}",
        "UPDATE genealogy_chain SET tail_id = {anna} WHERE tail_id = {ben}",
    ],
    "Each free side is the end of its chain": [
        "UPDATE genealogy_chain SET tail_id = {anna} WHERE tail_id = {ben}",
        "UPDATE genealogy_position SET right_chain_id = NULL WHERE id = {ben}",
    ],
    "Each position continues the chain of its side": [
        "UPDATE genealogy_position SET left_chain_id = right_chain_id WHERE id = {ben}"
    ],
    "In a matrix each team knows its highest free level": [
        "UPDATE company_company SET plan_kind = 'matrix', matrix_width = 2"
    ],
    "Sides fit the company's plan": [
        "UPDATE genealogy_position SET side = 3 WHERE id = {ben}",
        "UPDATE company_company SET plan_kind = 'unilevel'",
    ],
    "Each position's placement and each member's sponsor are dated": [
        "DELETE FROM genealogy_placementfact WHERE member_id = {ben}",
        "DELETE FROM genealogy_sponsorfact WHERE member_id = {ben}",
        "UPDATE genealogy_placementfact SET parent_id = {cleo} WHERE member_id = {ben}",
    ],
    "Each position has the status of its last dated one": [
        "UPDATE genealogy_position SET status = 'closed' WHERE id = {ben}",
        "DELETE FROM genealogy_positionfact",
        """INSERT INTO genealogy_positionfact (position_id, member_id, status, since, order_number,
                                               by_kind)
           VALUES ({ben}, {ben}, 'closed', now(), '', 'shell')""",
    ],
    "A position is closed once the order that opened it is refunded, and never otherwise": [
        """INSERT INTO genealogy_positionfact (position_id, member_id, status, since, order_number,
                                               by_kind)
           VALUES ({ben}, {ben}, 'closed', now(), '', 'shell')""",
        "DELETE FROM genealogy_positionfact",
        """UPDATE orders_orderline SET refunded_quantity = 0
           WHERE id IN (SELECT line_id FROM orders_positionorder)""",
        """INSERT INTO members_packagefact (member_id, package_id, since, order_number, by_kind)
           VALUES ({ben}, NULL, now(), '', 'shell')""",
    ],
}
DATABASE = "upline_breached"


@pytest.fixture(scope="module")
def environment(installation: Installation) -> Iterator[dict[str, str]]:
    """That of the story's company."""
    found, _ = found_in(installation, DATABASE, "binary")
    does_in(found, story.tell)
    yield found
    installation.postgres.drop_database(DATABASE)


@pytest.fixture
def database(
    installation: Installation, environment: dict[str, str]
) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """The story's company as a superuser sees it, no trigger in the way, rolled back."""
    connection = psycopg.connect(installation.postgres.url("postgres", DATABASE))
    connection.execute("SET session_replication_role = replica")
    yield connection
    connection.rollback()
    connection.close()


def broken(connection: "psycopg.Connection[tuple[Any, ...]]") -> set[str]:
    """The promises that do not hold, of those that the database alone can tell."""

    return {
        invariant.promise
        for invariant in invariants.ALL
        if isinstance(invariant.breaches, str)
        and connection.execute(invariant.breaches.encode()).fetchone() is not None
    }


def test_every_promise_has_a_planted_breach() -> None:
    told_by_the_database = [each for each in invariants.ALL if isinstance(each.breaches, str)]
    assert {invariant.promise for invariant in told_by_the_database} == set(BREACHES)


def test_an_honest_company_breaks_no_promise(database: psycopg.Connection[tuple[Any, ...]]) -> None:
    assert broken(database) == set()


@pytest.mark.parametrize(
    ("promise", "breach"),
    [(promise, breach) for promise, breaches in BREACHES.items() for breach in breaches],
)
def test_a_breach_is_reported(
    promise: str, breach: str, database: psycopg.Connection[tuple[Any, ...]]
) -> None:
    people = dict(database.execute("SELECT username, id FROM members_user").fetchall())
    changed = database.execute(breach.format(**people))
    assert changed.rowcount > 0
    assert promise in broken(database)


def test_what_breaks_a_promise_is_told_by_what_its_query_finds(
    database: psycopg.Connection[tuple[Any, ...]],
) -> None:
    for invariant in invariants.ALL:
        if isinstance(invariant.breaches, str):
            found = database.execute(invariant.breaches.encode()).description or []
            named = {name for _, name, _, _ in Formatter().parse(invariant.sentence) if name}
            assert {column.name for column in found} == named, invariant.promise


def test_verify_names_what_breaks_a_promise_ten_times_at_most(
    installation: Installation,
    environment: dict[str, str],
    database: psycopg.Connection[tuple[Any, ...]],
) -> None:
    statement = "UPDATE wallet_account SET balance = balance + 1 WHERE member_id IS NOT NULL"
    database.execute(statement)
    database.commit()
    broken_now = does_in(environment, invariants.check)
    database.execute(statement.replace("+", "-"))
    database.commit()
    (balances,) = (rows for promise, rows in broken_now.items() if "cached balance" in promise)
    assert len(balances) == 10
    told = re.compile(r"account \d+ holds -?[\d.]+ EUR, but its transfers add up to -?[\d.]+ EUR")
    assert [row for row in balances if not told.fullmatch(row)] == []
    assert does_in(environment, invariants.check) == {}
