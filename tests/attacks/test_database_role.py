"""What nobody can do who has the password of the application's database role: the list in
docs/security.md, tried as that role."""

from collections.abc import Callable

import psycopg
import pytest

from support.approved_runs import approved_run
from support.cast import Cast
from support.installation import Installation
from support.moves import tell_bank
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import verifying

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
    "INSERT INTO commissions_earning (run_id, member_id, gross, ceiling, charges, tax, carried,"
    " total, purchase, rank, title) VALUES ({run}, {ben}, 1, 0, 0, 0, 0, 1, 0, 1, 1)",
    "UPDATE commissions_earning SET total = total + 1 WHERE run_id = {run}",
    "DELETE FROM commissions_earning WHERE run_id = {run}",
    "UPDATE commissions_line SET amount = amount + 1 WHERE run_id = {run}",
    "DELETE FROM commissions_line WHERE run_id = {run}",
    "DELETE FROM commissions_archivepiece WHERE run_id = {run}",
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
    "DELETE FROM orders_orderline",
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
) -> dict[str, int]:
    """A company with something of all of it."""
    fill(cast.anna, "100.00")
    tell_bank(cast.anna)
    give_epin(cast.anna, "5.00")
    bring_to(cast.anna, "in_batch")
    verifying.review_kyc(UnitOfWork(Shell()), cast.anna.id, "rejected", "a test")
    return {"run": approved_run(cast.anna.id), "anna": cast.anna.id, "ben": cast.ben.id}


def test_the_applications_role_changes_nothing_that_is_final(
    filled: dict[str, int], installation: Installation, nothing_changes: Callable[[], None]
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
