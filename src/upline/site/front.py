"""The page at the installation's own address: who the company is, what it sells, and its doors."""

from collections import defaultdict
from itertools import chain, islice, zip_longest
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse

from upline.catalog import queries as catalog
from upline.catalog.models import PackageKind
from upline.catalog.statements import Offer
from upline.company import current as company
from upline.company.queries import NotFounded
from upline.language import gettext
from upline.markets import current as markets
from upline.site.rendering import page

WARES_MOST = 12


class WareShown(NamedTuple):
    """Something that the company sells. `picture` is an address."""

    name: str
    category: str
    picture: str


def front(request: HttpRequest) -> HttpResponse:
    """`/`, open to everybody."""
    return show(request, "site/front.html")


def show(request: HttpRequest, template: str, status: int = 200, **facts: Any) -> HttpResponse:
    """The front page made with this template, which extends that of the site."""
    try:
        wares = _wares()
    except NotFounded:
        return page(request, "site/unfounded.html", title=gettext("Welcome"))
    title = gettext("Welcome to {company}", company=company.current().name)
    return page(request, template, status, title=title, wares=wares, **facts)


def _wares() -> list[WareShown]:
    """A few of what members and customers buy, those with a picture: one of each category in turn.
    Prices differ by market and buyer, and stand in the shop. Raises NotFounded."""
    company.current()
    by_category: dict[str, list[Offer]] = defaultdict(list)
    for each in catalog.on_sale(markets.home().id, PackageKind.CART, retail=True):
        if each.picture:
            by_category[each.category].append(each)
    turns = chain.from_iterable(zip_longest(*by_category.values()))
    found = islice((each for each in turns if each), WARES_MOST)
    return [WareShown(each.name, each.category, f"/pictures/{each.picture}") for each in found]
