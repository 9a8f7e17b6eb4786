"""The secrets that payment providers sign their messages with."""

import re
import secrets

from upline.base import audit, clock, encryption
from upline.base.audit import AuditEvent
from upline.base.errors import Conflict, FieldsWrong
from upline.base.unit import UnitOfWork
from upline.flows import second_person, two_people
from upline.flows.permissions import Right, needs
from upline.language import gettext
from upline.payments.models import PaymentProvider, ProviderSecret

_CODE = re.compile(r"[a-z][a-z0-9_]{1,19}")


@needs(Right.CHANGE_PROVIDER_SECRETS)
def add(unit: UnitOfWork, provider: str) -> str:
    """Make a secret for a provider; it is shown once. A provider may have several, so that one can
    replace another. The provider can sign with it from now on; where the office wants two people
    for this, once it is `put_in_use`. `provider` is a code of 2 to 20 lower-case letters, digits
    and underscores. Raises FieldsWrong."""
    if not _CODE.fullmatch(provider) or provider in PaymentProvider.values:
        raise FieldsWrong(
            gettext(
                "A provider's code has 2 to 20 lower-case letters, digits or underscores, begins "
                "with a letter, and is none of {taken}.",
                taken=", ".join(PaymentProvider.values),
            )
        )
    secret, now = f"ups_{secrets.token_urlsafe(32)}", clock.now()

    def make() -> str:
        ProviderSecret.objects.create(
            provider=provider,
            sealed=encryption.seal_for(_context(provider), secret),
            last_four=secret[-4:],
            created_at=now,
            used_from=None if second_person.takes_two(unit) else now,
        )
        audit.record(
            unit, AuditEvent.PROVIDER_SECRET_ADD, f"provider:{provider}", last_four=secret[-4:]
        )
        return secret

    return unit.commit(make)


@needs(Right.CHANGE_PROVIDER_SECRETS)
def put_in_use(unit: UnitOfWork, secret_id: int) -> None:
    """From now on the provider can sign with this secret: whoever knows it can say that orders were
    paid. Raises Conflict for one that is in use or has ended; NeedsSecond where staff do it and the
    office wants two people for that."""
    found = ProviderSecret.objects.get(pk=secret_id)
    event = AuditEvent.PROVIDER_SECRET_USE
    step = two_people.Step(
        event,
        Right.CHANGE_PROVIDER_SECRETS,
        {"secret_id": secret_id},
        what=f"{event} {secret_id}",
        subject=f"provider:{found.provider}",
    )

    def change() -> None:
        waiting = ProviderSecret.objects.filter(pk=secret_id, used_from=None, ended_at=None)
        if not waiting.update(used_from=clock.now()):
            raise Conflict(gettext("This secret is in use already, or has ended."))
        audit.record(unit, event, step.subject, last_four=found.last_four)
        if second_person.takes_two(unit):
            two_people.agree(unit, step.right, step.what)

    two_people.commit_or_ask(unit, step, change)


@needs(Right.CHANGE_PROVIDER_SECRETS)
def end(unit: UnitOfWork, provider: str, last_four: str) -> None:
    """From now on nothing that is signed with this secret is accepted, whether it was in use or
    not. Raises FieldsWrong where there is no such secret."""

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
        audit.record(
            unit, AuditEvent.PROVIDER_SECRET_END, f"provider:{provider}", last_four=last_four
        )

    unit.commit(change)


def living(provider: str) -> list[str]:
    """The secrets that a provider may sign with now. Needs no right: nobody is shown them."""
    found = ProviderSecret.objects.filter(
        provider=provider, ended_at=None, used_from__isnull=False
    ).order_by("pk")
    return [opened(each) for each in found]


def opened(secret: ProviderSecret) -> str:
    """A secret in clear. Needs no right: nobody is shown it."""
    return encryption.open_for(_context(secret.provider), secret.sealed)


def _context(provider: str) -> str:
    return f"payments_providersecret.sealed:{provider}"
