"""The wallet, e-pins, and money that is paid in before an order."""

from functools import partial

from recorded.company import Company
from recorded.scenes.goods import PREFER
from support.moves import payment

BALANCE, TRANSACTIONS, EPINS = "ewallet/balance/", "ewallet/transactions/", "epins/"


def play(company: Company) -> None:
    _wallet(company)
    _wrong_payments(company)
    _epins(company)
    _lists(company)


def _wallet(company: Company) -> None:
    anna = company.asks("anna")
    for address in (BALANCE, TRANSACTIONS, EPINS):
        anna("GET", address, note="nothing yet")
    anna("POST", BALANCE)
    company.credit("anna", "1000.00")
    company.credit("ben", "50.05")
    anna("GET", BALANCE)
    pay = partial(anna, "POST", "ewallet/payment/")
    pay(form=payment("anna", "100.00"))
    pay(json=payment("anna", "0.01"), headers=PREFER)
    pay(parts=payment("ANNA", "12.5", purpose="PURCHASE"))
    pay(json=payment("anna", "") | {"payment_amount": 19.999999999}, headers=PREFER,
        note="a sum of doubles")  # fmt: skip
    pay(json=payment("ben", "") | {"payment_amount": 5}, headers=PREFER, note="another's wallet")
    key = {"Idempotency-Key": "pay-ten-once"}
    for note in ("", "the same again"):
        pay(form=payment("anna", "10.00"), headers=key | PREFER, note=note)
    pay(form=payment("anna", "11.00"), headers=key, note="the same key, another body")
    anna("GET", BALANCE)
    company.asks("ben")("GET", BALANCE)
    anna("POST", "ewallet/payment/refund/", headers=PREFER)
    anna("POST", "ewallet/payment/refund/", note="nothing to give back")
    company.asks("ben")("GET", TRANSACTIONS)


def _wrong_payments(company: Company) -> None:
    pay = partial(company.asks("anna"), "POST", "ewallet/payment/")
    for amount in ("0", "-1", "1.001", "1e3", "NaN", "Infinity", "1,000.00", "", "x",
                   "99999999999999999999"):  # fmt: skip
        pay(form=payment("anna", amount))
    for number in (1.005, True, [1], {"a": 1}, None):
        pay(json=payment("anna", "") | {"payment_amount": number})
    for wrong in ({"purpose": "gift"}, {"purpose": ""}, {"ewallet_username": ""},
                  {"ewallet_username": "nobody"}, {"transaction_password": ""},
                  {"transaction_password": "wrong"}):  # fmt: skip
        pay(form=payment("anna", "1.00", **wrong))
    pay(form=payment("anna", "1000.01"), note="more than there is")
    pay()
    company.sets(pay_from_others_wallet=False)
    pay(form=payment("ben", "1.00"), note="others' wallets are switched off")
    company.sets(pay_from_others_wallet=True, kyc_needed_for=["ewallet_payment", "epin_payment"])
    pay(form=payment("anna", "1.00"), note="KYC is needed")
    code = company.epin("anna", "5.00")
    company.asks("anna")("POST", "epin/payment/", form={"payment_amount": 1, "epin_code": code})
    for decision in ("submitted", "rejected", "verified"):
        company.reviews_kyc("anna", decision)
        pay(form=payment("anna", "1.00"), note=f"KYC: {decision}")
    company.sets(kyc_needed_for=[])
    company.enrol("hal", "dan", "dan", "R")
    _forgets_transaction_password("hal", company)
    company.asks("hal")("POST", "ewallet/payment/", form=payment("hal", "1.00"),
                        note="no transaction password yet")  # fmt: skip


def _forgets_transaction_password(name: str, company: Company) -> None:
    from upline.members.models import Member

    Member.objects.filter(pk=company.ids[name]).update(transaction_password="")


def _epins(company: Company) -> None:
    anna = company.asks("anna")
    pay = partial(anna, "POST", "epin/payment/")
    code, other = company.epin("anna", "50.00"), company.epin("ben", "50.00")
    blocked = company.epin("anna", "50.00", blocked=True)
    pay(form={"payment_amount": "20.00", "epin_code": code})
    pay(json={"payment_amount": 10, "epin_code": code.lower().replace("-", " ")}, headers=PREFER)
    pay(form={"payment_amount": "20.01", "epin_code": code}, note="more than is left")
    pay(parts={"payment_amount": "20", "epin_code": code}, headers=PREFER)
    pay(form={"payment_amount": "1", "epin_code": code}, note="used up")
    for wrong in (other, blocked, "0000-0000-0000-0000"):
        pay(form={"payment_amount": "1.00", "epin_code": wrong})
    pay(form={"payment_amount": "x", "epin_code": ""})
    pay(form={"payment_amount": "1.00", "epin_code": "x" * 50})
    pay()
    anna("GET", EPINS)
    anna("GET", BALANCE)
    anna("POST", "ewallet/payment/refund/")
    anna("GET", BALANCE)


def _lists(company: Company) -> None:
    anna = company.asks("anna")
    for address in (TRANSACTIONS, EPINS):
        anna("GET", address)
        cursor = anna("GET", address, query={"limit": 2}).data["next_cursor"]
        anna("GET", address, query={"limit": 2, "cursor": cursor})
        anna("GET", address, query={"limit": 200, "cursor": ""})
        for wrong in ({"limit": 0}, {"limit": 201}, {"limit": "x"}, {"cursor": "x"},
                      {"colour": "red"}, {"limit": "1.0", "cursor": "-1"}):  # fmt: skip
            anna("GET", address, query=wrong)
