"""The secrets that payment providers sign their messages with."""

import re
import secrets

from upline.base import audit, clock, encryption
from upline.base.audit import AuditEvent
from upline.base.errors import FieldsWrong
from upline.base.unit import UnitOfWork
from upline.flows.permissions import Right, needs
from upline.language import gettext
from upline.payments.models import PaymentProvider, ProviderSecret

_CODE = re.compile(r"[a-z][a-z0-9_]{1,19}")


@needs(Right.RUN_SERVER)
def add(unit: UnitOfWork, provider: str) -> str:
    """Make a secret for a provider, who signs with it from now on; it is shown once. A provider may
    have several, so that one can replace another. `provider` is a code of 2 to 20 lower-case
    letters, digits and underscores. Raises FieldsWrong."""
    if not _CODE.fullmatch(provider) or provider in PaymentProvider.values:
        raise FieldsWrong(
            gettext(
                "A provider's code has 2 to 20 lower-case letters, digits or underscores, begins "
                "with a letter, and is none of {taken}.",
                taken=", ".join(PaymentProvider.values),
            )
        )
    secret = f"ups_{secrets.token_urlsafe(32)}"

    def make() -> str:
        ProviderSecret.objects.create(
            provider=provider,
            sealed=encryption.seal_for(_context(provider), secret),
            last_four=secret[-4:],
            created_at=clock.now(),
        )
        audit.record(unit, AuditEvent.PROVIDER_SECRET_ADD, f"provider:{provider}")
        return secret

    return unit.commit(make)


@needs(Right.RUN_SERVER)
def end(unit: UnitOfWork, provider: str, last_four: str) -> None:
    """From now on nothing that is signed with this secret is taken. Raises FieldsWrong for one that
    there is not."""

    def change() -> None:
        found = ProviderSecret.objects.filter(
            provider=provider, last_four=last_four, ended_at=None
        ).update(ended_at=clock.now())
        if not found:
            raise FieldsWrong(
                gettext(
                    "{provider} has no secret in use that ends with {last_four}.",
                    provider=provider,
                    last_four=last_four,
                )
            )
        audit.record(unit, AuditEvent.PROVIDER_SECRET_END, f"provider:{provider}")

    unit.commit(change)


def living(provider: str) -> list[str]:
    """The secrets that a provider may sign with now. Needs no right: nobody is shown them."""
    found = ProviderSecret.objects.filter(provider=provider, ended_at=None).order_by("pk")
    return [encryption.open_for(_context(provider), each.sealed) for each in found]


def _context(provider: str) -> str:
    return f"payments_providersecret.sealed:{provider}"
