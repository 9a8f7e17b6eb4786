from upline.base.errors import Conflict
from upline.language import lazy


class PaymentRecordedBefore(Conflict):
    sentence = lazy("A payment with this reference is already recorded.")


class PaymentEventSettled(Conflict):
    sentence = lazy("This was already applied or set aside.")


class SurplusSettled(Conflict):
    sentence = lazy("This money was already kept or sent back.")


class PaymentEventDiffers(Conflict):
    """A provider says something else than before under the same name: the sentence says what."""
