"""What entries of the audit log and events are about, beside people: in words, with a link where it
has a page."""

from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model

from upline.catalog.models import Package
from upline.commissions.models import Run
from upline.company.models import ApiClient
from upline.epins.models import EPinBatch
from upline.language import lazy
from upline.mailings.models import Mail
from upline.markets.models import Market
from upline.members.models import StepAsked
from upline.orders.models import Order
from upline.payouts.models import Batch, Payout
from upline.screens import shown

# The kind of thing in words, and by which column its page is found.
_THINGS: dict[str, tuple[str, type[Model] | None, str]] = {
    "batch": (lazy("E-pin batch"), EPinBatch, "pk"),
    "company": (lazy("The company"), None, ""),
    "epins": (lazy("E-pins"), None, ""),
    "group": (lazy("Role"), Group, "name"),
    "job": (lazy("Job"), None, ""),
    "key": (lazy("API key"), ApiClient, "name"),
    "mail": (lazy("Mail"), Mail, "pk"),
    "market": (lazy("Market"), Market, "code"),
    "order": (lazy("Order"), Order, "number"),
    "package": (lazy("Package"), Package, "code"),
    "payout": (lazy("Payout"), Payout, "number"),
    "payout_batch": (lazy("Payout batch"), Batch, "pk"),
    "plan": (lazy("Compensation plan"), None, ""),
    "run": (lazy("Run"), Run, "pk"),
    "step": (lazy("Asked step"), StepAsked, "pk"),
    "tax_class": (lazy("Tax class"), None, ""),
}
_PEOPLE = ("user", "member")


def named(subject: str) -> str:
    """`order:UP-1` is `Order UP-1`; a dash for a person, who is named elsewhere."""
    kind, _, key = subject.partition(":")
    if kind in _PEOPLE:
        return shown.NOTHING
    label = _THINGS[kind][0] if kind in _THINGS else shown.words(kind).capitalize()
    return f"{label} {key}".strip()


def linked(subject: str) -> Any:
    """The same, with a link where it has a page."""
    kind, _, key = subject.partition(":")
    _label, model, column = _THINGS.get(kind, ("", None, ""))
    if model is None or (column == "pk" and not key.isdigit()):
        return named(subject)
    found = model._default_manager.filter(**{column: key}).only("pk").first()
    if found is None:
        return named(subject)
    meta = model._meta
    return shown.link(f"{meta.app_label}_{meta.model_name}", found.pk, named(subject))
