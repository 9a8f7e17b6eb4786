"""The secrets that payment providers sign with: made (shown once), confirmed by a second person,
ended."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base.unit import UnitOfWork
from upline.flows import provider_secrets
from upline.language import gettext, lazy
from upline.office.buttons import Block, Button, ButtonForm, FactsBlock, Shown
from upline.office.desk import Desk
from upline.office.fields import LineField
from upline.payments.models import ProviderSecret
from upline.screens import shown


class NewSecretForm(ButtonForm):
    provider = LineField(
        label=lazy("Provider"),
        max_length=20,
        help_text=lazy("Your own code for the provider, such as acme_pay. It is in the address."),
    )


def _add(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> Shown:
    secret = provider_secrets.add(unit, asked["provider"])
    return Shown(
        gettext("Secret of {provider}", provider=asked["provider"]),
        [
            FactsBlock(
                gettext("Secret"),
                [(gettext("Provider"), asked["provider"]), (gettext("Secret"), secret)],
            )
        ],
        gettext(
            "Copy the secret now, and enter it at the provider. It is not shown again. If it "
            "is not in use yet, press “Put in use” on its page."
        ),
    )


def _use(unit: UnitOfWork, secret: ProviderSecret, asked: dict[str, Any]) -> str:
    provider_secrets.put_in_use(unit, secret.pk)
    return gettext("{provider} can sign with this secret now.", provider=secret.provider)


def _end(unit: UnitOfWork, secret: ProviderSecret, asked: dict[str, Any]) -> str:
    provider_secrets.end(unit, secret.provider, secret.last_four)
    return gettext("The secret has ended.")


def _waits(secret: ProviderSecret) -> bool:
    return secret.used_from is None and secret.ended_at is None


def _has_not_ended(secret: ProviderSecret) -> bool:
    return secret.ended_at is None


@admin.register(ProviderSecret)
class SecretDesk(Desk):
    plural = lazy("Secrets of payment providers")
    nothing = lazy("There are no secrets yet. Make one for each provider that signs its messages.")
    list_display = ("provider", "ending", "made", "status_shown")
    ordering = ("provider", "pk")
    list_buttons = (
        Button(
            "new",
            lazy("New secret"),
            provider_secrets.add,
            _add,
            lazy(
                "Whoever knows the secret can say that orders were paid. To replace one, make the "
                "new one first, enter it at the provider, and then end the old one."
            ),
            NewSecretForm,
        ),
    )
    buttons = (
        Button(
            "use",
            lazy("Put in use"),
            provider_secrets.put_in_use,
            _use,
            lazy("The provider can sign with this secret from now on."),
            fits=_waits,
        ),
        Button(
            "end",
            lazy("End"),
            provider_secrets.end,
            _end,
            lazy("No message that is signed with it is accepted any more. You cannot undo this."),
            fits=_has_not_ended,
            grave=True,
        ),
    )

    @admin.display(description=lazy("ends with"), ordering="last_four")
    def ending(self, secret: ProviderSecret) -> str:
        return f"…{secret.last_four}"

    @admin.display(description=lazy("created"), ordering="created_at")
    def made(self, secret: ProviderSecret) -> str:
        return shown.moment(secret.created_at)

    @admin.display(description=lazy("status"), ordering="ended_at")
    def status_shown(self, secret: ProviderSecret) -> SafeString:
        return shown.status(secret.status)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProviderSecret]:
        return ProviderSecret.objects.defer("sealed")

    def blocks(self, request: HttpRequest, thing: ProviderSecret) -> Sequence[Block]:
        rows = [
            (gettext("Provider"), thing.provider),
            (gettext("Ends with"), self.ending(thing)),
            (gettext("Status"), self.status_shown(thing)),
            (gettext("Created"), shown.moment(thing.created_at)),
            (gettext("In use since"), shown.moment(thing.used_from)),
            (gettext("Ended"), shown.moment(thing.ended_at)),
        ]
        return [FactsBlock(gettext("Secret"), rows)]
