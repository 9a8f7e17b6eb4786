"""Sent mail: what was written to whom, whether it was sent; failed ones are sent again."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.flows import mailing
from upline.flows.permissions import may
from upline.language import gettext, lazy, ngettext
from upline.mailings.models import Mail, MailStatus
from upline.office.asking import unit_of
from upline.office.buttons import Block, Button, FactsBlock, TextBlock
from upline.office.desk import ByDay, ByStatus, Desk
from upline.screens import shown


def _event(mail: Mail) -> Any:
    """A link to the event that it delivers; it may be gone before the mail."""
    if mail.event_id is None:
        return shown.NOTHING
    return shown.link(
        "events_event", mail.event_id, gettext("Event {event_id}", event_id=mail.event_id)
    )


_NO_LINK = lazy("(the link is made when the mail is sent and is not shown here)")


def _send_again(unit: UnitOfWork, mail: Mail, asked: dict[str, Any]) -> str:
    mailing.send_mail_again(unit, mail.pk)
    return gettext("The mail is queued again.")


@admin.register(Mail)
class OutboxDesk(Desk):
    plural = lazy("Sent mail")
    nothing = lazy("No mail has been written yet. Each mail to a member or to staff appears here.")
    list_display = ("what", "to_address", "username", "condition", "tries", "last_error", "written")
    list_filter = (("status", ByStatus), ("created_at", ByDay))
    list_select_related = ("user",)
    actions = ("send_again",)
    buttons = (
        Button(
            "send-again",
            lazy("Send again"),
            mailing.send_mail_again,
            _send_again,
            lazy("The mail is queued again. If it contains a link, it gets a new one."),
            fits=lambda mail: mail.status == MailStatus.FAILED,
            main=True,
        ),
    )

    @admin.display(description=lazy("mail"), ordering="kind")
    def what(self, mail: Mail) -> str:
        return shown.words(mail.kind)

    @admin.display(description=lazy("user"), ordering="user__username")
    def username(self, mail: Mail) -> str:
        return mail.user.username

    @admin.display(description=lazy("status"), ordering="status")
    def condition(self, mail: Mail) -> SafeString:
        return shown.status(mail.status)

    @admin.display(description=lazy("created"), ordering="created_at")
    def written(self, mail: Mail) -> str:
        return shown.moment(mail.created_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mail]:
        return Mail.objects.select_related("user")

    def blocks(self, request: HttpRequest, thing: Mail) -> Sequence[Block]:
        subject, text = mailing.render(thing, _NO_LINK)
        rows = [
            (gettext("To"), thing.to_address),
            (gettext("Member"), shown.member(thing.user_id, thing.user.username)),
            (gettext("Status"), shown.status(thing.status)),
            (gettext("Created"), shown.moment(thing.created_at)),
            (gettext("Sent"), shown.moment(thing.sent_at)),
            (gettext("Tries"), thing.tries),
            (gettext("Last error"), thing.last_error or shown.NOTHING),
            (
                gettext("Next try"),
                shown.moment(thing.next_try_at)
                if thing.status == MailStatus.QUEUED
                else shown.NOTHING,
            ),
            (gettext("Event"), _event(thing)),
            (gettext("Subject"), subject),
        ]
        return [FactsBlock(gettext("Mail"), rows), TextBlock(gettext("Text"), text)]

    def heading(self, thing: Mail) -> str:
        kind = shown.words(thing.kind).capitalize()
        return gettext("{kind} to {address}", kind=kind, address=thing.to_address)

    def has_handle_permission(self, request: HttpRequest) -> bool:
        """Django asks this for the action below."""
        return may(request.user, mailing.send_mail_again)

    @admin.action(description=lazy("Send failed mails again"), permissions=["handle"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Mail]) -> None:
        failed = list(chosen.filter(status=MailStatus.FAILED).values_list("pk", flat=True))
        sent = 0
        for mail_id in failed:
            try:
                mailing.send_mail_again(unit_of(request), mail_id)
                sent += 1
            except Refusal as refusal:
                messages.warning(request, refusal.sentence)
        messages.success(
            request,
            ngettext("{count} mail is queued again.", "{count} mails are queued again.", sent),
        )
