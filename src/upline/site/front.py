"""The page at the installation's own address: where its doors are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from upline.language import gettext
from upline.site.links import company_name


def front(request: HttpRequest) -> HttpResponse:
    """`/`, open to everybody."""
    facts = {"company": company_name(), "title": gettext("Back office")}
    return render(request, "site/front.html", facts)
