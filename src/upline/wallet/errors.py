from upline.base.errors import Refusal
from upline.language import lazy


class BalanceTooLow(Refusal):
    code, status = "1014", 422
    meaning = "Insufficient balance"
    sentence = lazy("The balance does not cover the amount.")


class NoAccount(BalanceTooLow):
    sentence = lazy("The member has no account in this currency.")
