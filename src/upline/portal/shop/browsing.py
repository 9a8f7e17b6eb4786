"""The shop: what is for sale, by category or by a search, and each product's own page. Prices are
no secret: who hides their amounts sees them here."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse

from upline.base.letters import folded, searchable
from upline.cart import queries as carts
from upline.catalog import queries as catalog
from upline.catalog.errors import PackageNotFound
from upline.catalog.models import PackageKind
from upline.catalog.statements import Offer
from upline.language import gettext, ngettext, writing
from upline.markets import current as markets
from upline.portal.form_keys import new_key
from upline.portal.shop import showing
from upline.portal.visiting import Visit, for_members

PRODUCTS_MOST = 48


class Chip(NamedTuple):
    """A category to choose."""

    word: str
    address: str
    is_here: bool


@for_members
def shop(visit: Visit) -> HttpResponse:
    """`/shop/`: everything, or what `?category=` and `?search=` leave of it."""
    every = catalog.on_sale(markets.current().id, PackageKind.CART, retail=visit.caller.is_retail)
    asked = visit.request.GET
    category, search = asked.get("category", ""), searchable(asked.get("search", ""))[:100]
    found = [each for each in every if _is_meant(each, category, search)]
    first = _first(asked.get("from", ""))
    shown_now = found[first : first + PRODUCTS_MOST]
    rest = {"category": category, "search": search, "from": str(first + PRODUCTS_MOST)}
    return visit.page(
        "portal/shop.html",
        hides_amounts=False,
        title=gettext("Shop"),
        headline=_headline(visit, every, found, category, search),
        products=[showing.product(visit, each) for each in shown_now],
        chips=_chips(every, category, search),
        category=category,
        search=search,
        is_empty=not every,
        in_cart=carts.count(visit.caller.member_id),
        added=_named(every, asked.get("added", "")),
        more=_address(rest) if len(found) > first + PRODUCTS_MOST else "",
        here=visit.request.get_full_path(),
        once=new_key(visit.caller.member_id),
    )


@for_members
def product(visit: Visit, package_id: str) -> HttpResponse:
    """`/shop/<product>/`."""
    offer = _find(visit, int(package_id))
    return visit.page(
        "portal/product.html",
        hides_amounts=False,
        title=gettext("Shop"),
        product=showing.product(visit, offer),
        in_cart=carts.count(visit.caller.member_id),
        added=_named([offer], visit.request.GET.get("added", "")),
        here=reverse("product", args=[offer.package_id]),
        once=new_key(visit.caller.member_id),
        category=_address({"category": offer.category}),
    )


def _find(visit: Visit, package_id: int) -> Offer:
    try:
        found = catalog.find(markets.current().id, package_id, retail=visit.caller.is_retail)
    except PackageNotFound as error:
        raise Http404 from error
    if found.kind != PackageKind.CART:
        raise Http404
    return found


def _is_meant(offer: Offer, category: str, search: str) -> bool:
    if category and offer.category != category:
        return False
    text = folded(f"{offer.name} {offer.category} {offer.code} {offer.description}")
    return all(word in text for word in folded(search).split())


def _headline(
    visit: Visit, every: Sequence[Offer], found: Sequence[Offer], category: str, search: str
) -> str:
    count, whole = len(found), writing.whole(len(found))
    if not every:
        return gettext("Nothing is for sale yet")
    if search and not found:
        return gettext("Nothing matches “{search}”", search=search)
    if search:
        return ngettext(
            "{whole} product matches “{search}”",
            "{whole} products match “{search}”",
            count,
            whole=whole,
            search=search,
        )
    if category:
        return ngettext(
            "{whole} product in {category}",
            "{whole} products in {category}",
            count,
            whole=whole,
            category=category,
        )
    if showing.earns_points(visit):
        return ngettext(
            "{whole} product at your member price, tax included",
            "{whole} products at your member price, tax included",
            count,
            whole=whole,
        )
    return ngettext(
        "{whole} product, tax included", "{whole} products, tax included", count, whole=whole
    )


def _chips(every: Sequence[Offer], category: str, search: str) -> list[Chip]:
    """All, and each category; none where there is one category at most."""
    names = list(dict.fromkeys(each.category for each in every if each.category))
    if len(names) < 2:
        return []
    chips = [Chip(gettext("All"), _address({"search": search}), not category)]
    for name in names:
        address = _address({"category": name, "search": search})
        chips.append(Chip(name, address, name == category))
    return chips


def _address(asked: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('shop')}?{query}" if query else reverse("shop")


def _first(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0


def _named(offers: Sequence[Offer], typed: str) -> str:
    """The name of the product that has just been put into the cart; '' for none."""
    return next((each.name for each in offers if str(each.package_id) == typed), "")
