from upline.base.errors import Refusal


class BalanceTooLow(Refusal):
    code, status = "1014", 422
    meaning = "Insufficient balance"
    sentence = "The balance does not cover the amount."


class NoAccount(BalanceTooLow):
    sentence = "The member has no account in this currency."
