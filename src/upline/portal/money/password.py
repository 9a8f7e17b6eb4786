"""`/money/password/`: the transaction password, with which a member moves money: set by a mailed
link, changed by who knows it."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from upline.base.errors import Refusal
from upline.base.passwords import normalised
from upline.base.unit import UnitOfWork
from upline.flows import passwords
from upline.language import gettext, lazy
from upline.members.queries import Person, find_person
from upline.members.security.new_passwords import MOST
from upline.office.fields import own_password_field
from upline.portal import refusals
from upline.portal.form_keys import new_key
from upline.portal.once import done_once
from upline.portal.visiting import Visit, for_members


class TransactionPasswordChange(forms.Form):
    """The present transaction password, and another one typed twice."""

    current_password = own_password_field(lazy("Present transaction password"))
    new_password = forms.CharField(
        label=lazy("New transaction password"),
        help_text=lazy("At least 8 characters, and not the password you sign in with."),
        max_length=MOST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": 8}),
    )
    password_again = forms.CharField(
        label=lazy("Repeat the new password"),
        max_length=MOST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = (
            normalised(cleaned.get(each, "")) for each in ("new_password", "password_again")
        )
        if first and first != second:
            self.add_error("password_again", gettext("The two passwords do not match."))
        return cleaned


@for_members
def show(visit: Visit) -> HttpResponse:
    """`/money/password/`; `?next=` is the step of money that it was missed at."""
    return _page(visit, TransactionPasswordChange(label_suffix=""))


@for_members
def mail_link(visit: Visit) -> HttpResponse:
    """`/money/password/link/`: mails the link with which it is set."""
    passwords.forget_transaction_password(visit.unit(), visit.caller)
    query = {"sent": "1"} | ({"next": back} if (back := _back(visit)) else {})
    return redirect(f"{reverse('transaction-password')}?{urlencode(query)}")


@sensitive_post_parameters()
@for_members
def change(visit: Visit) -> HttpResponse:
    """`/money/password/change/`."""
    if visit.request.method != "POST":
        return redirect("transaction-password")
    form = TransactionPasswordChange(visit.request.POST, label_suffix="")
    if form.is_valid():
        typed = form.cleaned_data
        now, new = normalised(typed["current_password"]), normalised(typed["new_password"])

        def set_new(unit: UnitOfWork) -> None:
            passwords.change_transaction_password(unit, visit.caller, now, new)

        to = _back(visit) or f"{reverse('transaction-password')}?changed=1"
        try:
            return done_once(visit, set_new, lambda _: to, sets_secret=True)
        except Refusal as refusal:
            refusals.show_in(form, refusal)
    return _page(visit, form)


def _page(visit: Visit, form: TransactionPasswordChange) -> HttpResponse:
    person = find_person(visit.caller.username)
    assert person is not None, "the caller has just been found"
    query = visit.request.GET
    return visit.page(
        "portal/money/password.html",
        title=gettext("Transaction password"),
        has_one=bool(person.transaction_password),
        is_sent="sent" in query,
        is_changed="changed" in query,
        to=_masked(person),
        back=_back(visit),
        form=form,
        once=new_key(visit.caller.member_id),
    )


def _masked(person: Person) -> str:
    """Enough of an address for its owner to know it: `a…@example.com`."""
    name, _, host = person.email.rpartition("@")
    return f"{name[:1]}…@{host}"


def _back(visit: Visit) -> str:
    """The step to go back to: a page about money, and no other place."""
    asked = visit.request.POST.get("next") or visit.request.GET.get("next") or ""
    return asked if asked.startswith(reverse("money")) and "\\" not in asked else ""
