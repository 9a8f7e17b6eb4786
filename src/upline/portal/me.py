"""Me: who is signed in, how pages look and which language they speak, and signing out."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from upline.design.faces import face
from upline.flows import profiles
from upline.language import gettext, lazy
from upline.language.loading import installed, own_name
from upline.members.models import Appearance
from upline.portal.visiting import Visit, for_members
from upline.screens import shown

_APPEARANCES = (
    (Appearance.DEVICE, lazy("As this device has it")),
    (Appearance.LIGHT, lazy("Light")),
    (Appearance.DARK, lazy("Dark")),
)


def _languages() -> list[tuple[str, str]]:
    by_name = sorted((own_name(tag), tag) for tag in installed())
    return [("", gettext("As the company has it")), *((tag, name) for name, tag in by_name)]


class Pages(forms.Form):
    """How pages look, and which language they and mails speak; '' is the company's choice."""

    language = forms.ChoiceField(
        label=lazy("Language of pages and mails"), required=False, choices=_languages
    )
    appearance = forms.ChoiceField(label=lazy("Appearance"), required=False, choices=_APPEARANCES)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def show(visit: Visit) -> HttpResponse:
    """`/me/`."""
    me = visit.me
    kept = {"language": me.language, "appearance": me.appearance}
    form = Pages(visit.request.POST or None, initial=kept, label_suffix="")
    if visit.request.method == "POST" and form.is_valid():
        _keep(visit, form)
        return redirect(f"{reverse('me')}?saved=1")
    return visit.page(
        "portal/me.html",
        title=gettext("Me"),
        face=face(visit.caller.member_id, me.firstname, me.lastname, me.picture),
        username=me.username,
        since=gettext("With us since {day}", day=shown.day(me.joined_at.date())),
        form=form,
        is_saved="saved" in visit.request.GET,
    )


def _keep(visit: Visit, form: Pages) -> None:
    chosen = form.cleaned_data
    appearance = Appearance(chosen["appearance"])
    profiles.choose_pages(visit.unit(), visit.caller, chosen["language"], appearance)
