"""One page for all office settings, made from `OfficeSettings`: a field for each, its docstring
as help, the right widget for its type."""

from typing import Any, Literal, get_args, get_origin

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from upline.base.edits import to_write
from upline.base.errors import Refusal
from upline.company import current as company
from upline.company.actions import with_settings
from upline.company.models import Company, PlanKind
from upline.company.queries import CompanyFacts
from upline.company.settings import IN_CURRENCY, MONEY, SINGLE, OfficeSettings
from upline.flows import configuring
from upline.flows.permissions import may
from upline.flows.second_person import NotConfirmed
from upline.language import gettext, lazy, ngettext
from upline.markets import current as markets
from upline.office.asking import unit_of
from upline.office.buttons import CarryingForm, FactsBlock, TableBlock
from upline.office.carried import OPENED, mark_of, was_previewed
from upline.office.desk import Desk
from upline.office.fields import LineField, LinesField, MoneyField, WholeField, in_currency, said
from upline.office.signing import Signing
from upline.screens import shown

WEEKDAYS = (
    lazy("Monday"),
    lazy("Tuesday"),
    lazy("Wednesday"),
    lazy("Thursday"),
    lazy("Friday"),
    lazy("Saturday"),
    lazy("Sunday"),
)
_GROUPS = (
    (
        lazy("Joining"),
        ("registration_open", "join_by_link", "public_signup", "customer_signup",
         "preferred_signup", "customer_link", "spill_over", "holding_days", "holding_leg",
         "positions_max", "positions_rank", "positions_need_activity", "dynamic_usernames",
         "username_prefix", "one_member_per_email", "age_least", "terms_version", "terms_link",
         "disclosure_link"),
    ),
    (
        lazy("Paying"),
        ("signup_fee", "signup_order_days", "cart_order_hours", "checkout_by_bank_transfer",
         "bank_transfer_days", "pay_in_account", "pay_in_bank", "payment_methods",
         "pay_from_others_wallet",
         "kyc_needed_for", "decimal_mark", "credit_max", "alone_max", "asked_days"),
    ),
    (lazy("Orders"), ("order_types", "order_figures")),
    (lazy("Outside shops"), ("report_points_per_unit", "report_points_per_day")),
    (lazy("Commissions"), ("runs_by_schedule", "interim_minutes", "plans_by_two")),
    (
        lazy("Payouts"),
        ("payouts_open", "payouts_by_two", "payout_minimum", "payout_multiple", "payout_iban",
         "payout_bic"),
    ),
    (lazy("Pages"), ("accent_colour", "contact_email")),
    (lazy("Signing in"), ("staff_second_factor", "rights_by_two", "office_idle_minutes",
                    "token_idle_minutes")),
)  # fmt: skip


_LABELS = {
    "age_least": lazy("Minimum age"),
    "one_member_per_email": lazy("One member per e-mail address"),
    "kyc_needed_for": lazy("KYC needed for"),
    "epin_limit": lazy("E-pin limit"),
    "pay_from_others_wallet": lazy("Pay from another's wallet"),
    "payout_iban": lazy("Payout IBAN"),
    "payout_bic": lazy("Payout BIC"),
    "credit_max": lazy("Largest credit"),
    "customer_link": lazy("Members' link for customers"),
    "pay_in_account": lazy("Account for bank transfers"),
    "pay_in_bank": lazy("Bank of that account"),
    "contact_email": lazy("Contact e-mail address"),
}
_WORDS = {
    ".": lazy("point: 1,234.50"),
    ",": lazy("comma: 1.234,50"),
    "free_join": lazy("join now, pay later"),
    "bank_transfer": lazy("bank transfer"),
    "ewallet": lazy("wallet"),
    "epin": lazy("e-pin"),
    "ewallet_payment": lazy("payment from a wallet"),
    "epin_payment": lazy("payment with an e-pin"),
    "signup": lazy("signup"),
    "checkout": lazy("checkout"),
    "payout": lazy("payout"),
    "preferred": lazy("preferred leg"),
    "left": lazy("left leg"),
    "right": lazy("right leg"),
}


class EntriesField(LinesField):
    """A list, one entry a line."""

    def clean(self, value: Any) -> Any:
        return [line for line in super().clean(value).split("\n") if line]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, (list, tuple)) else value


def _field(name: str) -> forms.Field:
    """The form field for a setting; what its value may be, the settings themselves check."""
    name, _, currency = name.partition(IN_CURRENCY)
    if currency:
        return _further_amount(name, currency)
    kind = OfficeSettings.model_fields[name].annotation
    more: dict[str, Any] = {
        "label": _label(name),
        "help_text": gettext(OfficeSettings.model_fields[name].description or ""),
    }
    if kind is bool:
        return forms.BooleanField(required=False, **more)
    if name in MONEY:
        field = MoneyField(**more)
        in_currency(field, markets.home().currency)
        return field
    if get_origin(kind) is Literal:
        choices = [(word, _WORDS.get(word) or shown.words(word)) for word in get_args(kind)]
        return forms.ChoiceField(choices=choices, **more)
    if get_origin(kind) is tuple:
        return _list_field(get_args(kind)[0], more)
    if kind is int:
        return WholeField(**more)
    may_be_empty = OfficeSettings.model_fields[name].default == ""
    return LineField(max_length=200, required=not may_be_empty, **more)


def _label(name: str) -> str:
    return str(_LABELS.get(name) or shown.words(name.capitalize()))


def _further_amount(name: str, currency: str) -> MoneyField:
    """The same setting in the currency of other markets."""
    field = MoneyField(
        label=_label(name),
        required=False,
        help_text=gettext("Leave this empty for the amount above, at the rate of the day."),
    )
    in_currency(field, currency)
    return field


def _list_field(entry: Any, more: dict[str, Any]) -> forms.Field:
    words = get_args(entry)
    if words and all(isinstance(word, str) for word in words):
        choices = [(word, _WORDS.get(word) or shown.words(word)) for word in words]
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=choices, required=False, widget=widget, **more)
    return EntriesField(rows=3, most=20_000, required=False, **more)


def _with_further(name: str) -> list[str]:
    """A setting, and the same amount in the currencies of other markets."""
    further = configuring.further_amounts()
    return [name, *(each for each in further if each.partition(IN_CURRENCY)[0] == name)]


def _names() -> list[str]:
    return [each for name in SINGLE for each in _with_further(name)]


def _values(office: OfficeSettings) -> dict[str, Any]:
    """Every setting as the page has it; None for amounts that are calculated."""
    return dict.fromkeys(configuring.further_amounts()) | office.by_name()


class SettingsForm(CarryingForm):
    """Every office setting."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields |= {name: _field(name) for name in _names()}

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under headings; what has no heading of its own comes last."""
        named = {name for _, names in _GROUPS for name in names}
        rest = tuple(name for name in SINGLE if name not in named)
        return [
            (title, [self[each] for name in names for each in _with_further(name)])
            for title, names in (*_GROUPS, (gettext("Limits and access"), rest))
        ]

    def wanted(self) -> dict[str, Any]:
        """What whoever sent the form has changed of what it showed."""
        opened = self.cleaned_data[OPENED] or {}
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != OPENED and value != opened.get(name)
        }

    def from_to(self, now: OfficeSettings) -> TableBlock:
        """What saving it would change. Raises FieldsWrong, ChangedMeanwhile."""
        held, wanted = _values(now), self.wanted()
        changes = to_write(held, wanted, self.cleaned_data[OPENED])
        after = _values(with_settings(now, **changes))
        rows = [
            (field.label, said(field, held[name]), said(field, after[name]))
            for name, field in self.fields.items()
            if name != OPENED and held[name] != after[name]
        ]
        return TableBlock(
            gettext("What will change"), (gettext("Setting"), gettext("From"), gettext("To")), rows
        )


@admin.register(Company)
class SettingsDesk(Desk):
    plural = lazy("Settings")

    def get_urls(self) -> list[URLPattern]:
        return [path("", self._guarded(self.changelist_view), name=self._name("changelist"))]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        facts = company.current()
        may_change = may(request.user, configuring.change_settings)
        preview, signing = None, Signing(request)
        if request.method == "POST":
            if not may_change:
                raise PermissionDenied
            form = SettingsForm(request.POST)
            preview = self._changes(form, facts.office)
            if preview and self._is_done(request, form, preview, signing):
                return redirect(self.address("changelist"))
        else:
            form = SettingsForm(initial=_values(facts.office))
        return self.page(
            request,
            "office/settings.html",
            title=gettext("Settings"),
            form=form,
            may_change=may_change,
            preview=preview if form.is_valid() else None,
            signing=signing,
            previewed=mark_of(request, preview) if preview else "",
            fixed=_fixed(facts),
        )

    def _changes(self, form: SettingsForm, now: OfficeSettings) -> TableBlock | None:
        """What would change. None where something is wrong: then the form says what."""
        if not form.is_valid():
            return None
        try:
            return form.from_to(now)
        except Refusal as refusal:
            form.refuse(refusal)
            return None

    def _is_done(
        self,
        request: HttpRequest,
        form: SettingsForm,
        preview: TableBlock,
        signing: Signing,
    ) -> bool:
        """Save what the preview has shown; where it shows nothing there is nothing to save."""
        if not preview.rows:
            messages.success(request, gettext("Nothing was changed."))
            return True
        if not was_previewed(request, preview):
            return False
        unit = unit_of(request)
        if not signing.is_done(unit):
            return False
        try:
            seen = form.cleaned_data[OPENED]
            changes = configuring.change_settings(unit, seen, **form.wanted())
        except NotConfirmed as refusal:
            signing.ask(refusal)
            return False
        except Refusal as refusal:
            form.refuse(refusal)
            return False
        names = ", ".join(str(form.fields[name].label) for name in changes)
        messages.success(request, gettext("Changed: {names}.", names=names))
        return True


def _fixed(facts: CompanyFacts) -> FactsBlock:
    plan = str(PlanKind(facts.plan_kind).label)
    if facts.matrix_width:
        plan = gettext("{plan}, {width} wide", plan=plan, width=facts.matrix_width)
    return FactsBlock(
        gettext("Set once, when the company was founded"),
        [
            (gettext("Name"), facts.name),
            (
                gettext("Plan currency"),
                ngettext(
                    "{currency}, {count} decimal",
                    "{currency}, {count} decimals",
                    facts.plan_exponent,
                    currency=facts.plan_currency,
                ),
            ),
            (gettext("Time zone"), facts.time_zone.key),
            (gettext("First weekday"), WEEKDAYS[facts.first_weekday - 1]),
            (gettext("Plan"), plan),
        ],
    )
