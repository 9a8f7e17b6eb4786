"""Pages outside the office, with the company's name and its accent colour."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from upline.company import current as company
from upline.company.queries import NotFounded
from upline.design import bundles, colours, marks
from upline.design.bundles import Bundle


def page(request: HttpRequest, template: str, status: int = 200, **facts: Any) -> HttpResponse:
    """A page made of what is given and of the company's look."""
    brand = company_colours()
    name = company_name()
    look = {
        "company": name,
        "brand": bundles.address_of("brand.css", brand) if brand else "",
        "favicon": mark_of("favicon-48.png") if name else "",
        "touch_icon": mark_of("touch-180.png") if name else "",
    }
    return render(request, template, look | facts, status=status)


def company_name() -> str:
    """Empty before a company has been set up."""
    try:
        return company.current().name
    except NotFounded:
        return ""


def company_colours() -> Bundle | None:
    """The style sheet of the company's own accent colour; None where it has chosen none."""
    chosen = accent_colour()
    return colours.style_sheet(chosen) if chosen else None


def accent_colour() -> str:
    """What the company has chosen, as `#rrggbb`; "" for nothing."""
    try:
        return company.office().accent_colour
    except NotFounded:
        return ""


def mark_of(name: str) -> str:
    """The address of one of the company's icons, such as `icon-192.png`."""
    made = marks.mark(company_name(), accent_colour(), name)
    return f"/icons/{made.digest}/{name}"
