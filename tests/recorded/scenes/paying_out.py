"""Payouts: asked for, cancelled, declined, sent to the bank, failed, returned."""

from datetime import timedelta
from functools import partial

from recorded.company import FIRST_DAY, Company
from recorded.scenes.goods import PREFER
from recorded.scenes.profiles import BANK
from support.installation import TRANSACTION_PASSWORD

PAYOUTS = "payouts/"
ASKED = {"amount": "20.00", "transaction_password": TRANSACTION_PASSWORD}
# What becomes of a payout: the office's steps, in their order.
FATES = {
    "declined": ("decline",),
    "paid": ("approve", "make_batch", "mark_paid"),
    "failed": ("approve", "make_batch", "mark_failed"),
    "returned": ("approve", "make_batch", "mark_paid", "mark_returned"),
}


def play(company: Company) -> None:
    company.credit("dan", "500.00")
    _asked(company)
    _refused(company)
    company.go_to(FIRST_DAY + timedelta(days=6))
    _to_the_bank(company)
    _listed(company)


def _asked(company: Company) -> None:
    dan = company.asks("dan")
    ask = partial(dan, "POST", PAYOUTS)
    dan("GET", PAYOUTS)
    ask(form=ASKED, note="no bank data")
    dan("PUT", "profile/bank/", form=BANK | {"account_holder": "Dan Example"})
    made = ask(form=ASKED, note="held: the account was just changed").data
    ask(json=ASKED | {"amount": 30.5})
    key = {"Idempotency-Key": "pay-me-once"}
    for note in ("", "the same again"):
        other = ask(form=ASKED, headers=key, note=note).data
    ask(form=ASKED | {"amount": "21.00"}, headers=key, note="the same key, another body")
    dan("GET", f"payouts/{made['payout_id']}/")
    dan("GET", f"payouts/{made['payout_id']}")
    dan("DELETE", f"payouts/{made['payout_id']}/")
    dan("DELETE", f"payouts/{made['payout_id']}/", note="cancelled already")
    dan("DELETE", f"payouts/{other['payout_id']}/", headers=PREFER)
    anna = company.asks("anna")
    for number in (made["payout_id"], "PO-000000000000", "x"):
        anna("GET", f"payouts/{number}/")
        anna("DELETE", f"payouts/{number}/")


def _refused(company: Company) -> None:
    ask = partial(company.asks("dan"), "POST", PAYOUTS)
    for amount in ("0", "-1", "1.001", "x", "", "1e2", "10000.00"):
        ask(form=ASKED | {"amount": amount})
    for wrong in ({"transaction_password": ""}, {"transaction_password": "wrong"}):
        ask(form=ASKED | wrong)
    ask()
    company.sets(payout_minimum=2500, payout_multiple=1000)
    for amount in ("20.00", "25.00", "30.00"):
        ask(form=ASKED | {"amount": amount}, note="at least 25.00, a multiple of 10.00")
    company.sets(payout_minimum=0, payout_multiple=0, kyc_needed_for=["payout"])
    for decision in ("submitted", "rejected", "verified"):
        company.reviews_kyc("dan", decision)
        ask(form=ASKED, note=f"KYC: {decision}")
    company.sets(kyc_needed_for=[], payouts_open=False)
    ask(form={"amount": "x"}, note="switched off")
    company.sets(payouts_open=True)


def _to_the_bank(company: Company) -> None:
    dan = company.asks("dan")
    company.sets(payout_iban="DE89370400440532013000")
    dan("GET", PAYOUTS, note="held no longer")
    for steps in FATES.values():
        number = dan("POST", PAYOUTS, form=ASKED).data["payout_id"]
        for step in steps:
            company.brings_payout_to(number, step)
            dan("GET", f"payouts/{number}/", note=step)
        dan("DELETE", f"payouts/{number}/", note=steps[-1])


def _listed(company: Company) -> None:
    dan = company.asks("dan")
    dan("GET", PAYOUTS)
    cursor = dan("GET", PAYOUTS, query={"limit": 2}).data["next_cursor"]
    dan("GET", PAYOUTS, query={"limit": 2, "cursor": cursor})
    for wrong in ({"limit": 0}, {"limit": 201}, {"cursor": "x"}, {"status": "paid"}):
        dan("GET", PAYOUTS, query=wrong)
    dan("GET", "ewallet/balance/")
    dan("GET", "ewallet/transactions/")
