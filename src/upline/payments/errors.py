from upline.base.errors import Conflict
from upline.language import lazy


class PaymentRecordedBefore(Conflict):
    sentence = lazy("A payment with this reference is already recorded.")


class PaymentEventSettled(Conflict):
    sentence = lazy("This was already applied or set aside.")


class SurplusSettled(Conflict):
    sentence = lazy("This money was already kept or sent back.")
