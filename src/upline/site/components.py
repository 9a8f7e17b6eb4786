"""`/design/`: every component in all its states, for those who build pages. Only where the server
was started with UPLINE_COMPONENT_PAGE=on."""

import re

from django import forms
from django.http import HttpRequest, HttpResponse

from upline.base import clock
from upline.design import bundles
from upline.design.products import product_picture
from upline.site.rendering import page

_TOKEN = re.compile(r"--([a-z0-9-]+): light-dark\(#")
_SYMBOL = re.compile(rb'<symbol id="([^"]+)"')
TYPES = ("hero", "h1", "h2", "lead", "body", "label", "table", "caption")
CHOICES = (
    {"value": "wallet", "first": "Wallet", "second": "148.50 EUR there", "is_chosen": True,
     "is_possible": True},
    {"value": "epin", "first": "E-pin ending in 7K2M", "second": "50.00 EUR there",
     "is_possible": True},
    {"value": "balance", "first": "Shopping balance", "second": "2.00 EUR there, 8.50 EUR missing"},
)  # fmt: skip


class _Sample(forms.Form):
    """A field of each kind, of which one is wrong."""

    email = forms.EmailField(label="E-mail address", help_text="We send a link to confirm it.")
    amount = forms.DecimalField(label="Amount", help_text="The minimum payout is 20.00 EUR.")
    country = forms.ChoiceField(label="Country", choices=[("AT", "Austria"), ("CH", "Switzerland")])
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 2}), required=False)


def components(request: HttpRequest) -> HttpResponse:
    """`?scheme=dark` and `?direction=rtl` show them as others see them."""
    typed = {"email": "anna@", "amount": "50.00", "country": "AT"}
    return page(
        request,
        "design/components.html",
        title="Components",
        now=clock.now(),
        scheme=request.GET.get("scheme", ""),
        direction=request.GET.get("direction", ""),
        tokens=_TOKEN.findall(bundles.bundle("upline.css").text.decode()),
        icons=[each.decode() for each in _SYMBOL.findall(bundles.bundle("icons.svg").text)],
        types=TYPES,
        kinds=("filled", "soft", "text", "grave"),
        chips=[
            {"word": "All", "address": "#", "is_here": True},
            {"word": "Earnings", "address": "#", "is_here": False},
        ],
        notices=("good", "info", "warn", "bad"),
        states={"good": "Paid", "warn": "Waits for payment", "bad": "Failed", "": "Cancelled"},
        choices=CHOICES,
        products=[product_picture(name, None) for name in ("Kitchen", "Textiles", "Care")],
        empty=_Sample(label_suffix=""),
        wrong=_Sample(typed, label_suffix="", auto_id="wrong_%s"),
    )
