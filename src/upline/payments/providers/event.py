"""What every provider's messages are read as."""

from dataclasses import dataclass

from upline.payments.models import PaymentEventKind


@dataclass(frozen=True)
class ProviderEvent:
    """One thing that a provider says happened. `event_id` is unique for the provider; `amount`, in
    minor units of `currency`, is all that came or was taken back of the payment so far."""

    event_id: str
    kind: PaymentEventKind
    reference: str
    amount: int
    currency: str
    order_number: str = ""
    text: str = ""
