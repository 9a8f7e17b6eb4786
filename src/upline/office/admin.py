"""Everything that the office shows; Django looks for it in this file."""

from upline.office import (
    audit,
    catalog,
    epins,
    events,
    jobs,
    keys,
    kyc,
    ledger,
    mail,
    members,
    orders,
    payouts,
    refunds_to_send,
    runs,
    settings,
    staff,
)

__all__ = [
           "audit",
           "catalog",
           "epins",
           "events",
           "jobs",
           "keys",
           "kyc",
           "ledger",
           "mail",
           "members",
           "orders",
           "payouts",
           "refunds_to_send",
           "runs",
           "settings",
           "staff",
]  # fmt: skip
