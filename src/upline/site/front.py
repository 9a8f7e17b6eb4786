"""The page at the installation's own address: where its doors are."""

from django.http import HttpRequest, HttpResponse

from upline.language import gettext
from upline.site.rendering import page


def front(request: HttpRequest) -> HttpResponse:
    """`/`, open to everybody."""
    return page(request, "site/front.html", title=gettext("Welcome"))
