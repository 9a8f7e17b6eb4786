"""`package/…`: what is on sale."""

from upline.api.describe import shapes
from upline.api.http.contract import ApiRequest
from upline.api.http.credentials import PUBLIC, SHOP
from upline.api.http.envelope import Answered, answer
from upline.api.http.registry import call
from upline.api.views import cart_package_view, membership_view, package_view
from upline.base.errors import NotFound
from upline.catalog import queries as catalog
from upline.catalog.errors import PackageNotFound
from upline.catalog.models import PackageKind
from upline.catalog.statements import Offer
from upline.company import current as company
from upline.markets import current as markets


def _on_sale(request: ApiRequest, kind: PackageKind) -> list[Offer]:
    return catalog.on_sale(markets.current().id, kind, retail=_pays_retail(request))


def _pays_retail(request: ApiRequest) -> bool:
    """Whether prices for retail customers are shown: also to visitors, unless they can become
    members."""
    caller = request.auth
    is_visitor = not caller.member_id
    return caller.is_retail or (is_visitor and not company.office().public_signup)


@call(
    "GET package/membership/",
    "membership_packages",
    "Get membership packages",
    scope=None,
    auth=PUBLIC,
    gives=shapes.MembershipPackages,
)
def membership_packages(request: ApiRequest) -> Answered[shapes.MembershipPackages]:
    return answer(
        shapes.MembershipPackages(
            products=[membership_view(each) for each in _on_sale(request, PackageKind.MEMBERSHIP)]
        )
    )


@call(
    "POST package/cart/",
    "cart_packages_by_post",
    "Get cart/purchase packages",
    scope=None,
    auth=SHOP,
    gives=shapes.CartPackages,
)
@call(
    "GET package/cart/",
    "cart_packages",
    "Get cart/purchase packages",
    scope=None,
    auth=SHOP,
    gives=shapes.CartPackages,
)
def cart_packages(request: ApiRequest) -> Answered[shapes.CartPackages]:
    return answer(
        shapes.CartPackages(
            products=[cart_package_view(each) for each in _on_sale(request, PackageKind.CART)]
        )
    )


@call(
    "GET package/{package_id}/",
    "package",
    "Get package details",
    scope=None,
    auth=SHOP,
    refuses=(PackageNotFound, NotFound),
    gives=shapes.PackageDetails,
)
def package_details(request: ApiRequest, package_id: str) -> Answered[shapes.PackageDetails]:
    if not (package_id.isascii() and package_id.isdigit() and len(package_id) <= 18):
        raise NotFound()
    number, retail = int(package_id), _pays_retail(request)
    return answer(package_view(catalog.find(markets.current().id, number, retail=retail)))
