"""What a form carries from one request to the next, sealed so that it comes back as it was: what
its page showed when it was opened, and that its reader has seen a preview."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare, salted_hmac

from upline.language import gettext
from upline.office.asking import typed

OPENED, PREVIEWED = "opened", "previewed"
_SALT = "office.opened"


class OpenedField(forms.CharField):
    """Hidden: the values that a form was opened with, as the code knows them. None where the form
    shows none."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, widget=forms.HiddenInput, **more)

    def clean(self, value: Any) -> Any:
        sealed = super().clean(value)
        try:
            return signing.loads(sealed, salt=_SALT) if sealed else None
        except signing.BadSignature as error:
            raise ValidationError(gettext("This page is out of date. Open it again.")) from error


def sealed(values: Mapping[str, Any]) -> str:
    """The values as the hidden field carries them."""
    return signing.dumps(dict(values), salt=_SALT, compress=True)


def mark_of(request: HttpRequest, block: Any) -> str:
    """Names one preview: what was asked, by whom, on which page, and what it would do."""
    shown = render_to_string("office/block.html", {"block": block})
    asked = json.dumps([request.user.pk, request.path_info, typed(request), shown])
    return salted_hmac("office.previewed", asked, algorithm="sha256").hexdigest()


def was_previewed(request: HttpRequest, block: Any) -> bool:
    """Whether the sender was shown exactly this block, and has asked for nothing else since."""
    return "preview" not in request.POST and constant_time_compare(
        request.POST.get(PREVIEWED, ""), mark_of(request, block)
    )
