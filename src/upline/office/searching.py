"""What is found by what staff type: in the search box of each list, and in the one above all."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, Q

from upline.base import letters
from upline.base.models import AuditEntry
from upline.epins.models import EPin, digest_of
from upline.events.models import Event
from upline.kyc.models import KycReview
from upline.language import lazy
from upline.mailings.models import Mail
from upline.members.models import Member
from upline.members.queries import members_matching
from upline.orders.models import Order
from upline.payouts.models import Batch, Payout
from upline.wallet.models import Account, Transfer

_DIGITS_MIN = 4
"""From so many digits on, a number without its prefix is looked for."""


def _numbered(said: str, prefix: str) -> Q:
    """By the beginning of a number such as UP-8CE609F9FB25, also typed without its prefix,
    without the hyphen, or with spaces between."""
    digits = "".join(each for each in said.upper() if each.isalnum()).removeprefix(prefix)
    found = Q(number__istartswith=said)
    if len(digits) >= _DIGITS_MIN and not set(digits) - set("0123456789ABCDEF"):
        found |= Q(number__startswith=f"{prefix}-{digits}")
    return found


def _order(said: str) -> Q:
    return _numbered(said, "UP") | Q(outside_id__iexact=said) | members_matching(said)


def _payout(said: str) -> Q:
    return _numbered(said, "PO") | members_matching(said)


def _payout_batch(said: str) -> Q:
    inside = Payout.objects.filter(_payout(said)).values("batch_id")
    return Q(message_id__iexact=said) | Q(pk__in=inside)


def _epin(said: str) -> Q:
    is_code = Q(digest=digest_of(said)) | Q(last_four__iexact=said)
    return is_code | members_matching(said, "owner_id")


def _transfer(said: str) -> Q:
    theirs = members_matching(said, "debit__member_id") | members_matching(
        said, "credit__member_id"
    )
    return Q(reference__istartswith=said) | Q(note__icontains=said) | theirs


def _mail(said: str) -> Q:
    return Q(to_address__istartswith=said) | members_matching(said, "user_id")


def _audit_entry(said: str) -> Q:
    about = members_matching(said) | Q(member__username__iexact=said)
    named = Q(subject__in=[f"{kind}:{said}" for kind in ("package", "key", "group")])
    numbered = Q(subject__in=[f"{kind}:{said.upper()}" for kind in ("order", "payout")])
    by = (
        Q(by_staff__username__iexact=said)
        | Q(by_member__user__username__iexact=said)
        | Q(request_id=said)
    )
    return about | named | numbered | by


def _event(said: str) -> Q:
    numbered = [f"{kind}:{said.upper()}" for kind in ("order", "payout")]
    meant = Member.objects.filter(members_matching(said, "pk")).values_list("pk", flat=True)
    joined = [f"member:{member_id}" for member_id in meant[:_PEOPLE_MOST]]
    return Q(subject__in=[said, *numbered, *joined])


_PEOPLE_MOST = 100
_LENGTH_MAX = 200
# The kinds of thing that are found, those most often looked for first, with the search box's hint.
_SEARCHES: dict[type[Model], tuple[str, Callable[[str], Q]]] = {
    Member: (
        lazy("Name, username, e-mail, phone or city"),
        lambda said: members_matching(said, "pk"),
    ),
    Order: (lazy("Order, a shop's own id, or member"), _order),
    Payout: (lazy("Payout or member"), _payout),
    EPin: (lazy("The code, its last four, or the owner"), _epin),
    Batch: (lazy("Payout, member, or the file's own id"), _payout_batch),
    Transfer: (lazy("Member, reference or note"), _transfer),
    Mail: (lazy("Address or member"), _mail),
    KycReview: (lazy("Member"), members_matching),
    Account: (lazy("Member"), members_matching),
    Event: (lazy("Member, order, payout, or a subject such as run:5"), _event),
    AuditEntry: (lazy("Member, staff, order, payout, package or role"), _audit_entry),
}
# Of these a person looks for one thing; the others are lists of what happened.
OF_ONE_THING: tuple[type[Any], ...] = (Member, Order, Payout, EPin)


def typed(said: str) -> str:
    """What somebody typed into a search box, as texts in the database are written."""
    return letters.searchable(said[:_LENGTH_MAX])


def hint_of(model: type[Model]) -> str:
    """What the search box of a list says; '' where the list has its own search or none."""
    return _SEARCHES[model][0] if model in _SEARCHES else ""


def matching(model: type[Model], said: str) -> Q:
    """The rows that are meant by `said`, which is not empty."""
    return _SEARCHES[model][1](said)
