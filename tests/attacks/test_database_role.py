"""What nobody can do who has the password of the application's database role: the list in
docs/security.md, tried as that role."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import psycopg
import pytest

from payments.test_waiting import check_out
from support.approved_runs import approved_run
from support.cast import Cast, unique
from support.installation import Installation
from support.moves import tell_bank
from support.owner import as_owner
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import payment_events, refunding, surpluses, verifying
from upline.kyc.models import KycStatus
from upline.orders import actions as orders
from upline.orders.models import Order, OrderKind
from upline.payments.models import Surplus
from upline.shell import table_rights

REFUSED = (
    # runs: each step follows, what they came to stays, nothing is added to them
    "UPDATE commissions_run SET status = 'paid', paid = paid + 1 WHERE id = {run}",
    "UPDATE commissions_run SET paid = paid + 1 WHERE id = {run}",
    "UPDATE commissions_run SET outputs_hash = 'x' WHERE id = {run}",
    "UPDATE commissions_run SET last_day = last_day + 1 WHERE id = {run}",
    "UPDATE commissions_run SET status = 'reviewed', approved_by_id = NULL WHERE id = {run}",
    "UPDATE commissions_run SET approved_by_id = {anna} WHERE id = {run}",
    "UPDATE commissions_run SET cursor = -1 WHERE id = {run}",
    "DELETE FROM commissions_run WHERE id = {run}",
    "INSERT INTO commissions_run (plan_id, previous_id, every, first_day, last_day, status,"
    " turnover, gross, paid, lines, members, refunds, cursor, opened_at, reviewed_by_id,"
    " approved_by_id) SELECT plan_id, id, every, last_day + 1, last_day + 1, 'approved', 0, 1, 1,"
    " 1, 1, 0, 0, now(), reviewed_by_id, approved_by_id FROM commissions_run WHERE id = {run}",
    "INSERT INTO commissions_earning (run_id, member_id, market_id, currency, gross, ceiling,"
    " charges, tax, carried, total, purchase, rank, title)"
    " VALUES ({run}, {ben}, 1, 'EUR', 1, 0, 0, 0, 0, 1, 0, 1, 1)",
    "UPDATE commissions_earning SET total = total + 1 WHERE run_id = {run}",
    "DELETE FROM commissions_earning WHERE run_id = {run}",
    "UPDATE commissions_line SET amount = amount + 1 WHERE run_id = {run}",
    "DELETE FROM commissions_line WHERE run_id = {run}",
    "DELETE FROM commissions_archivepiece WHERE run_id = {run}",
    "INSERT INTO commissions_runmarket (run_id, market_id, currency, per_unit, turnover, gross,"
    " paid, members) SELECT {run}, id, currency, 1, 0, 0, 0, 0 FROM markets_market LIMIT 1",
    # plans in force
    "UPDATE commissions_planversion SET text = ''",
    "DELETE FROM commissions_planversion WHERE id IN (SELECT plan_id FROM commissions_run)",
    # the log, and who had which right since when
    "UPDATE base_auditentry SET facts = '{{}}'",
    "DELETE FROM base_auditentry",
    "DELETE FROM members_rightfact",
    "UPDATE members_rightfact SET at = '2020-01-01'",
    "DELETE FROM members_signinhelp",
    "DELETE FROM members_stepasked",
    # KYC
    "UPDATE kyc_kycreview SET status = 'verified'",
    "DELETE FROM kyc_kycreview",
    # payouts and their batches
    "UPDATE payouts_payout SET amount = amount + 1 WHERE status = 'in_batch'",
    "UPDATE payouts_payout SET bank_sealed = 'x' WHERE status = 'in_batch'",
    "UPDATE payouts_payout SET status = 'requested' WHERE status = 'in_batch'",
    "DELETE FROM payouts_payout",
    "UPDATE payouts_batch SET amount = amount + 1",
    "UPDATE payouts_batch SET created_by_id = NULL",
    "DELETE FROM payouts_batch",
    # what was ordered
    "UPDATE orders_orderline SET points = points + 1",
    "UPDATE orders_orderline SET commissionable_value = 0",
    "UPDATE orders_orderline SET figures = ARRAY[1]",
    "UPDATE orders_orderline SET refunded_quantity = 0 WHERE order_id = {paid}",
    "UPDATE orders_orderline SET buyer = 'retail' WHERE order_id = {paid}",
    "DELETE FROM orders_orderline",
    "INSERT INTO orders_orderline (order_id, name, quantity, price, commissionable_value, points,"
    " tax, tax_rate, buyer, order_type, figures, refunded_quantity)"
    " VALUES ({paid}, 'Soap', 1, 0, 0, 9999, 0, 0, 'member', 'standard', '{{}}', 0)",
    "UPDATE orders_order SET total_points = total_points + 1",
    "UPDATE orders_order SET total_amount = 0 WHERE id = {unpaid}",
    "UPDATE orders_order SET market_id = market_id, member_id = {ben}",
    "UPDATE orders_order SET volume_member_id = {anna} WHERE id = {paid}",
    "UPDATE orders_order SET completed_at = now() WHERE id = {paid}",
    "UPDATE orders_order SET business_date = business_date + 1 WHERE id = {paid}",
    "UPDATE orders_order SET status = 'cancelled', business_date = NULL, volume_member_id = NULL,"
    " completed_at = NULL WHERE id = {paid}",
    "UPDATE orders_order SET status = 'awaiting_payment', business_date = NULL,"
    " volume_member_id = NULL WHERE id = {paid}",
    "UPDATE orders_order SET status = 'complete', business_date = current_date,"
    " volume_member_id = member_id, completed_at = now() WHERE id = {unpaid}",
    "UPDATE orders_order SET status = 'complete', volume_member_id = member_id,"
    " business_date = (SELECT last_day FROM orders_frozen) WHERE id = {free}",
    "INSERT INTO orders_order (number, member_id, market_id, kind, status, total_amount,"
    " total_quantity, total_points, address, created_at, business_date, volume_member_id)"
    " SELECT 'UP-1', member_id, market_id, kind, 'complete', 0, 1, 9999, '{{}}', now(),"
    " business_date, volume_member_id FROM orders_order WHERE id = {paid}",
    "INSERT INTO orders_positionorder (order_id, line_id)"
    " SELECT order_id, id FROM orders_orderline WHERE order_id = {paid}",
    "UPDATE orders_positionorder SET side = 1",
    "DELETE FROM orders_positionorder",
    "DELETE FROM orders_order",
    # what paid it, and what went back
    "UPDATE orders_orderpayment SET amount = amount + 1",
    "UPDATE orders_orderpayment SET refunded = 0 WHERE refunded > 0",
    "INSERT INTO orders_orderpayment (order_id, payer_id, amount, transfer_id, refunded)"
    " SELECT {paid}, {ben}, 1, min(id), 0 FROM wallet_transfer WHERE id NOT IN"
    " (SELECT transfer_id FROM orders_orderpayment)",
    "DELETE FROM orders_orderpayment",
    "UPDATE orders_refund SET amount = amount + 1",
    "UPDATE orders_refund SET business_date = business_date + 1",
    "INSERT INTO orders_refund (order_id, amount, reason, at, business_date)"
    " SELECT {paid}, 1, '', now(), last_day FROM orders_frozen",
    "INSERT INTO orders_refund (order_id, amount, reason, at, business_date)"
    " VALUES ({unpaid}, 1, '', now(), current_date)",
    "DELETE FROM orders_refund",
    "UPDATE orders_refundline SET quantity = quantity + 1",
    "DELETE FROM orders_refundline",
    "UPDATE orders_refundtosend SET amount = amount + 1",
    "UPDATE orders_refundtosend SET sent_at = NULL, sent_by_id = NULL",
    "DELETE FROM orders_refundtosend",
    # payments, and what providers said of them
    "UPDATE payments_payment SET authorised = authorised + 1",
    "UPDATE payments_payment SET captured = captured - 1 WHERE captured > 0",
    "UPDATE payments_payment SET member_id = {ben}",
    "INSERT INTO payments_payment (member_id, provider, reference, transfer_id, currency,"
    " authorised, captured, refunded, created_at) SELECT {ben}, 'outside', 'x', min(id), 'EUR', 1,"
    " 1, 1, now() FROM wallet_transfer WHERE id NOT IN (SELECT transfer_id FROM payments_payment)",
    "DELETE FROM payments_payment",
    "UPDATE payments_paymentevent SET amount = amount + 1",
    "UPDATE payments_paymentevent SET status = 'waiting' WHERE status = 'applied'",
    "UPDATE payments_paymentevent SET payment_id = NULL WHERE status = 'applied'",
    "UPDATE payments_paymentevent SET order_number = 'UP-1' WHERE status = 'applied'",
    "INSERT INTO payments_paymentevent (provider, event_id, kind, reference, amount, currency,"
    " order_number, text, status, at)"
    " VALUES ('outside', 'x', 'paid', 'x', 1, 'EUR', '', '', 'applied', now())",
    "DELETE FROM payments_paymentevent",
    "UPDATE payments_surplus SET amount = amount + 1",
    "UPDATE payments_surplus SET status = 'open', settled_at = NULL WHERE status = 'kept'",
    "DELETE FROM payments_surplus",
    # the days that runs have, and what was calculated with
    "UPDATE orders_frozen SET last_day = last_day - 1",
    "UPDATE orders_frozen SET last_day = last_day + 1",
    "DELETE FROM orders_frozen",
    "INSERT INTO markets_marketrate (market_id, first_day, per_unit, added_at)"
    " SELECT min(markets_market.id), min(last_day), 1, now() FROM markets_market, orders_frozen",
    "UPDATE markets_marketrate SET per_unit = 1",
    "UPDATE markets_taxrate SET rate = 0",
    "UPDATE markets_market SET currency = 'USD'",
    "DELETE FROM markets_market",
    "DELETE FROM catalog_package",
    "UPDATE company_company SET plan_kind = 'unilevel'",
    "UPDATE company_apiclient SET scopes = '[\"orders:report\"]'",
    "UPDATE auth_permission SET codename = 'x'",
    # who may do what, and what decides money: only with an entry of the log that says so
    "UPDATE members_user SET is_superuser = true WHERE id = {anna}",
    "UPDATE members_user SET is_staff = true WHERE id = {anna}",
    "INSERT INTO members_user (username, email, password, is_staff, is_active, is_superuser,"
    " date_joined) VALUES ('eve', '', '', true, true, true, now())",
    "INSERT INTO members_user_user_permissions (user_id, permission_id)"
    " SELECT {anna}, min(id) FROM auth_permission",
    "INSERT INTO members_user_groups (user_id, group_id) SELECT {anna}, min(id) FROM auth_group",
    "DELETE FROM auth_group_permissions",
    'INSERT INTO members_rightfact (user_id, "right", is_held, at)'
    " VALUES ({anna}, 'commissions.approve_run', true, '2020-01-01')",
    "UPDATE company_company SET settings = '{{}}'",
    "INSERT INTO company_apiclient (name, digest, last_four, scopes, created_at)"
    " VALUES ('eve', 'eve', 'eve!', '[\"orders:report\"]', now())",
    "INSERT INTO payments_providersecret (provider, sealed, last_four, created_at, used_from)"
    " VALUES ('eve', '', 'eve!', now(), now())",
    "UPDATE catalog_price SET amount = amount + 1",
    "DELETE FROM catalog_price",
    "UPDATE catalog_package SET points = points + 1",
    "UPDATE catalog_package SET figures = ARRAY[100]",
    "INSERT INTO markets_taxrate (market_id, tax_class_id, rate, first_day, added_at)"
    " SELECT market_id, tax_class_id, 0, current_date, now() FROM markets_taxrate LIMIT 1",
    "INSERT INTO commissions_planversion (since, name, text, digest, packages, put_at)"
    " VALUES ('2030-01-01', 'Eve', '', '', '[]', now())",
    "DELETE FROM commissions_planversion",
    "UPDATE members_user SET date_joined = '2020-01-01'",
    "UPDATE members_member SET joined_at = '2020-01-01'",
    "DELETE FROM members_member",
    "DELETE FROM members_user",
    # e-pins
    "UPDATE epins_epin SET amount = amount + 1, balance = balance + 1",
    "DELETE FROM epins_epin",
    "UPDATE epins_epinbatch SET quantity = quantity + 1",
    # money
    "UPDATE wallet_account SET balance = balance + 1",
    "UPDATE wallet_transfer SET amount = amount + 1",
    "INSERT INTO wallet_transfer SELECT * FROM wallet_transfer",
    # the protection itself
    "ALTER TABLE commissions_run DISABLE TRIGGER ALL",
    "DROP TRIGGER payouts_payout_steps ON payouts_payout",
    "SET session_replication_role = 'replica'",
)


@pytest.fixture
def filled(
    cast: Cast,
    fill: Callable[..., None],
    give_epin: Callable[..., str],
    bring_to: Callable[..., str],
    product: Callable[..., int],
) -> dict[str, int]:
    """A company with something of all of it."""
    fill(cast.anna, "200.00")
    sold = orders_of(cast, product("soap"))
    tell_bank(cast.anna)
    give_epin(cast.anna, "5.00")
    bring_to(cast.anna, "in_batch")
    verifying.review_kyc(UnitOfWork(Shell()), cast.anna.id, KycStatus.REJECTED, "a test")
    return {"run": approved_run(cast.anna.id), "anna": cast.anna.id, "ben": cast.ben.id} | sold


def orders_of(cast: Cast, soap: int) -> dict[str, int]:
    """One that is paid and partly refunded, one that is not, one that costs nothing; the first was
    paid by bank, and too much."""
    assert check_out(cast.ben, soap, 2) == "awaiting_payment"
    paid = Order.objects.filter(member_id=cast.ben.id).latest("id")
    payment_events.import_bank_file(
        UnitOfWork(Shell()),
        f"reference,amount,currency,text\n{unique('T')},26.00,EUR,{paid.number}\n",
    )
    surpluses.keep(UnitOfWork(Shell()), Surplus.objects.latest("id").pk, "a test")
    made = refunding.refund_order(
        UnitOfWork(Shell()), paid.number, {paid.lines.get().pk: 1}, "a test"
    )
    refunding.mark_refund_sent(UnitOfWork(Shell()), made.to_send.pk, "a test")
    assert check_out(cast.cleo, soap, 2) == "awaiting_payment"
    unpaid = Order.objects.filter(member_id=cast.cleo.id).latest("id")
    free = orders.make(cast.cleo.id, OrderKind.OFFICE, [orders.LineToOrder("Gift", 1, 0)])
    return {"paid": paid.pk, "unpaid": unpaid.pk, "free": free.id}


def test_the_applications_role_changes_nothing_that_is_final(
    filled: dict[str, int],
    installation: Installation,
    nothing_changes: Callable[[], AbstractContextManager[None]],
) -> None:
    done = []
    errors = (psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException,
              psycopg.errors.ForeignKeyViolation)  # fmt: skip
    with nothing_changes(), psycopg.connect(installation.postgres.app_url) as application:
        for switch in ("", "on"):  # the switch under which words of an erased person go
            for statement in REFUSED:
                application.execute("SELECT set_config('upline.erasing', %s, true)", [switch])
                try:
                    found = application.execute(statement.format(**filled).encode())
                    application.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    done.append(f"{found.rowcount} rows: {statement}")
                except errors:
                    pass
                application.rollback()
    assert done == []


BACKDATED = (
    "INSERT INTO members_user (username, email, password, is_staff, is_active, is_superuser,"
    " date_joined) VALUES ('eve', '', '', true, true, true, '2020-01-01') RETURNING date_joined",
    'INSERT INTO members_rightfact (user_id, "right", is_held, at)'
    " VALUES ({anna}, 'commissions.approve_run', true, '2020-01-01') RETURNING at",
    "INSERT INTO members_signinhelp (user_id, at) VALUES ({anna}, '2020-01-01') RETURNING at",
)


@pytest.fixture
def own_time() -> Iterator[None]:
    """The database dates by its own clock, as it does outside of tests."""
    as_owner("DELETE FROM base_toldtime")
    yield
    as_owner("INSERT INTO base_toldtime (id) VALUES (1)")


def test_nobody_says_that_a_right_is_older_than_it_is(
    cast: Cast,
    own_time: None,
    installation: Installation,
    nothing_changes: Callable[[], AbstractContextManager[None]],
) -> None:
    """By whatever clock, a second person has had the right for 24 hours."""
    with nothing_changes(), psycopg.connect(installation.postgres.app_url) as application:
        for statement in BACKDATED:
            row = application.execute(statement.format(anna=cast.anna.id).encode()).fetchone()
            assert row is not None
            since = application.execute("SELECT clock_timestamp() - %s < '1 min'", row).fetchone()
            assert since == (True,), statement
            application.rollback()
        for statement in ("INSERT INTO base_toldtime (id) VALUES (1)", "DELETE FROM base_toldtime"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(statement.encode())
            application.rollback()


def test_what_the_role_may_do_is_said_of_each_table(installation: Installation) -> None:
    said = [*table_rights.READ, *table_rights.ADD, *table_rights.UPDATE, *table_rights.KEEP,
            *table_rights.ADD_AND_DELETE, *table_rights.ALL]  # fmt: skip
    with psycopg.connect(installation.postgres.owner_url) as owner:
        found = owner.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') AND NOT relispartition"
        )
        assert sorted(said) == sorted(name for (name,) in found)
