"""The providers that bring payments from outside, and how each says what happened: `PROVIDERS`."""

from collections.abc import Callable, Mapping

from upline.payments.models import PaymentProvider
from upline.payments.providers import bank_file
from upline.payments.providers.event import ProviderEvent

PROVIDERS: Mapping[str, Callable[[str], list[ProviderEvent]]] = {
    PaymentProvider.OUTSIDE: bank_file.read,
}
"""By provider, what reads a message of it. Raises FieldsWrong where it makes no sense."""
