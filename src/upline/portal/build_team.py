"""`/build-a-team/`: a customer becomes a member, and keeps orders, wallet and username."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from upline.base.errors import Refusal
from upline.company import current as company
from upline.flows import customers, joining_by_link
from upline.flows.customers import OwnMembership
from upline.language import gettext, lazy
from upline.markets import current as markets
from upline.members.models import Member, MemberKind
from upline.office.fields import DayField
from upline.payments.models import PaymentProvider
from upline.portal import refusals
from upline.portal.join import card
from upline.portal.visiting import Visit, for_members


class BuildForm(forms.Form):
    """What a customer has not said yet: the pack, the birthday, and that they agree."""

    package = forms.TypedChoiceField(label=lazy("Starter pack"), coerce=int)
    date_of_birth = DayField(
        label=lazy("Date of birth"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
    )
    agreed = forms.BooleanField(
        label=lazy("Terms"),
        error_messages={"required": lazy("You can join once you agree to the terms.")},
    )

    def __init__(self, packs: list[int], born: date | None, sent: Any = None) -> None:
        super().__init__(sent, label_suffix="")
        self.fields["package"].choices = [(each, each) for each in packs]  # type: ignore[attr-defined]
        if born:
            del self.fields["date_of_birth"]


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def show(visit: Visit) -> HttpResponse:
    """The packs, and one button. Whoever is a member already goes to their Home."""
    if visit.caller.kind == MemberKind.MEMBER or not company.office().join_by_link:
        return redirect(reverse("home"))
    market = markets.current()
    offered = {each.offer.package_id: each for each in joining_by_link.packs(market)}
    if not offered:
        return redirect(reverse("home"))
    born = Member.objects.values_list("date_of_birth", flat=True).get(pk=visit.caller.member_id)
    form = BuildForm(list(offered), born, visit.request.POST or None)
    status = 200
    if visit.request.method == "POST" and form.is_valid():
        try:
            customers.build_team(visit.unit(), visit.caller, _wish(visit, form))
            return redirect(reverse("home"))
        except Refusal as refusal:
            refusals.show_in(form, refusal)
            status = refusal.status
    chosen = visit.request.POST.get("package") or str(next(iter(offered)))
    return visit.page(
        "portal/build_team.html",
        status=status,
        title=gettext("Build a team"),
        form=form,
        packs=[card(market, each, chosen) for each in offered.values()],
        totals=[(each, found.total) for each, found in offered.items()],
        fee=market.money(next(iter(offered.values())).fee),
        office=company.office(),
    )


def _wish(visit: Visit, form: BuildForm) -> OwnMembership:
    chosen = form.cleaned_data["package"]
    shown = visit.request.POST.get(f"total-{chosen}", "")
    ways = joining_by_link.ways()
    by_transfer = bool(ways) and ways[0] == "bank_transfer"
    return OwnMembership(
        package_id=chosen,
        total_amount=int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 16 else -1,
        pays_by=PaymentProvider.OUTSIDE if by_transfer else "",
        date_of_birth=form.cleaned_data.get("date_of_birth"),
    )
