from upline.base.errors import Conflict


class PaymentRecordedBefore(Conflict):
    sentence = "A payment with this reference is already recorded."


class PaymentEventSettled(Conflict):
    sentence = "This was already applied or set aside."


class SurplusSettled(Conflict):
    sentence = "This money was already kept or sent back."
