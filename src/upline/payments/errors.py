from upline.base.errors import Conflict


class PaymentRecordedBefore(Conflict):
    sentence = "A payment with this reference is already recorded."


class SurplusSettled(Conflict):
    sentence = "This money was already kept or sent back."
