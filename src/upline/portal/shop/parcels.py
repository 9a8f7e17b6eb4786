"""Where orders go: the addresses that a member has kept, and a form for another one."""

from contextlib import suppress

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from upline.base import phones
from upline.base.errors import Refusal
from upline.language import gettext, lazy
from upline.office.fields import LineField, NameField
from upline.portal import refusals
from upline.portal.shop import showing
from upline.portal.visiting import Visit, for_members
from upline.screens.profile import profile_of
from upline.shipping import actions as shipping
from upline.shipping import queries as addresses
from upline.shipping.errors import AddressNotFound


class _PhoneField(LineField):
    """A phone number."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not phones.is_possible(value):
            raise ValidationError(phones.WRONG)


def _widget(autocomplete: str, **more: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": f"shipping {autocomplete}", **more})


class NewAddressForm(forms.Form):
    """A shipping address, as parcels have it."""

    name: NameField = NameField(label=lazy("Name"), max_length=100, widget=_widget("name"))
    address: LineField = LineField(
        label=lazy("Street and number"),
        help_text=lazy("With floor or flat, if there is one."),
        max_length=300,
        widget=_widget("street-address"),
    )
    zip_code: LineField = LineField(
        label=lazy("Postcode"), max_length=20, widget=_widget("postal-code")
    )
    city: NameField = NameField(
        label=lazy("City"), max_length=100, widget=_widget("address-level2")
    )
    phone: _PhoneField = _PhoneField(
        label=lazy("Phone"),
        help_text=lazy("The carrier calls this number if nobody opens."),
        max_length=20,
        widget=_widget("tel", inputmode="tel", type="tel"),
    )


@for_members
def show(visit: Visit) -> HttpResponse:
    """`/shop/checkout/address/`: the addresses that are kept, and another one."""
    if visit.request.method != "POST":
        return _page(visit, NewAddressForm(initial=_known(visit), label_suffix=""))
    named = visit.request.POST.get("address", "") if "do" in visit.request.POST else ""
    if named.isascii() and named.isdigit() and len(named) <= 18:
        return _change(visit, int(named))
    return _add(visit)


def _add(visit: Visit) -> HttpResponse:
    form = NewAddressForm(visit.request.POST, label_suffix="")
    if form.is_valid():
        fields = form.cleaned_data
        try:
            added = visit.unit().commit(lambda: shipping.add(visit.caller.member_id, **fields))
        except Refusal as refusal:
            refusals.show_in(form, refusal)
        else:
            return redirect(f"{reverse('checkout')}?address={added.pk}")
    return _page(visit, form)


def _change(visit: Visit, address_id: int) -> HttpResponse:
    change = shipping.remove if visit.request.POST["do"] == "remove" else shipping.make_default
    with suppress(AddressNotFound):  # removed in another tab
        visit.unit().commit(lambda: change(visit.caller.member_id, address_id))
    return redirect("checkout-address")


def _page(visit: Visit, form: NewAddressForm) -> HttpResponse:
    kept = addresses.of_member(visit.caller.member_id)
    return visit.page(
        "portal/address.html",
        title=gettext("Shipping address"),
        form=form,
        kept=[(each, showing.address_lines(vars(each))) for each in kept],
        status=422 if form.errors else 200,
    )


def _known(visit: Visit) -> dict[str, str]:
    """What the profile knows, so that it need not be typed: for the first address only."""
    if addresses.of_member(visit.caller.member_id):
        return {}
    kept = profile_of(visit.caller.member_id).kept
    street = ", ".join(part for part in (kept.address_line1, kept.address_line2) if part)
    return {
        "name": f"{kept.firstname} {kept.lastname}".strip(),
        "address": street,
        "zip_code": kept.zip_code,
        "city": kept.city,
        "phone": kept.mobile,
    }
