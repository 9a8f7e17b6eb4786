"""The audit log: who changed what, when, from where. Append-only, by trigger."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from psycopg.types.json import Jsonb

from upline.base import actors, clock, sql
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork

Change = dict[str, Any]
"""What a field held: `before` and `after`."""

_PEOPLE = ("user:", "member:")


class AuditEvent(StrEnum):
    """What only the audit log tells: `subject.verb`. What other systems want to know, too, is an
    EventKind. office/audit_words.py says both in words."""

    BANK_VIEW = "bank.view"
    COMPANY_FOUND = "company.found"
    DEMO_BUILD = "demo.build"
    EPINS_PRINT = "epins.print"
    JOB_AGAIN = "job.again"
    LEDGER_VERIFY = "ledger.verify"
    LOGIN_UNLOCK = "login.unlock"
    MAIL_SEND_AGAIN = "mail.send_again"
    MASTER_KEYS_ROTATE = "master_keys.rotate"
    ORDER_APPROVE = "order.approve"
    ORDER_RELEASE = "order.release"
    PAYOUT_BANK_VIEW = "payout.bank_view"
    PAYOUT_FILE = "payout.file"
    PERSON_EXPORT = "person.export"
    PAYMENT_EVENT_ASSIGN = "payment_event.assign"
    PAYMENT_EVENT_SET_ASIDE = "payment_event.set_aside"
    PAYMENT_RECORD = "payment.record"
    PAYMENTS_IMPORT = "payments.import"
    PROVIDER_SECRET_ADD = "provider_secret.add"
    PROVIDER_SECRET_USE = "provider_secret.use"
    PROVIDER_SECRET_END = "provider_secret.end"
    RESET_LOGIN_SEND = "reset_login.send"
    RESET_TRANSACTION_SEND = "reset_transaction.send"
    RUN_ASK = "run.ask"
    RUN_PAY_PART = "run.pay_part"
    RUN_REFUSE = "run.refuse"
    SECOND_FACTOR_CODES = "second_factor.codes"
    SECOND_FACTOR_OFF = "second_factor.off"
    SECOND_FACTOR_ON = "second_factor.on"
    SECOND_FACTOR_RECOVERY_CODE = "second_factor.recovery_code"
    SECOND_FACTOR_RESET = "second_factor.reset"
    STAFF_EMAIL = "staff.email"
    STAFF_MAKE_LINK = "staff.make_link"
    STAFF_OWN_MEMBER = "staff.own_member"
    STAFF_SEND_LINK = "staff.send_link"
    STAFF_SIGN_IN = "staff.sign_in"
    STAFF_SIGN_OUT_OF = "staff.sign_out_of"
    SURPLUS_KEEP = "surplus.keep"
    SURPLUS_SEND = "surplus.send"
    STEP_AGREE = "step.agree"
    STEP_ASK = "step.ask"
    STEP_REFUSE = "step.refuse"
    STEP_WITHDRAW = "step.withdraw"


def record(
    unit: UnitOfWork,
    event: AuditEvent | EventKind,
    subject: str,
    *,
    member_id: int | None = None,
    **facts: Any,
) -> None:
    """Write one entry in the unit's transaction.

    `subject` is what it happened to (`user:5`, `member:5`, `order:UP-…`), `member_id` the person
    whom it concerns where that is not the subject, `facts` plain values, and under `changes` what
    `changes()` answers; an `amount` is in minor units of the `currency` beside it, and so are the
    other amounts of the entry. Secrets are never among them, of bank data only the last four."""
    if subject.startswith(_PEOPLE):
        member_id = int(subject.partition(":")[2])
    sql.run(
        """INSERT INTO base_auditentry
               (at, by_kind, by_staff_id, by_member_id, by_client_id, through_id, address,
                request_id, event, subject, member_id, facts)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [
            clock.now(),
            *actors.keys_of(unit.actor),
            unit.client_id if unit.member_id else None,
            unit.address,
            unit.request_id,
            event,
            subject,
            member_id,
            Jsonb(facts),
        ],
    )


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Change]:
    """The fields of `after` that differ from `before`, each with both values."""
    return {
        name: {"before": _plain(before.get(name)), "after": _plain(value)}
        for name, value in after.items()
        if before.get(name) != value
    }


def step(name: str, before: Any, after: Any) -> dict[str, Change]:
    """The change of one field."""
    return changes({name: before}, {name: after})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def events() -> list[str]:
    """The events there are."""
    return sql.distinct("base_auditentry", "event")
