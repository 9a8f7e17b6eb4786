"""`package/…`: what is on sale."""

from typing import Any

from django.http import HttpResponse

from upline.api.describe import shapes
from upline.api.describe.documented import call
from upline.api.http.contract import ApiRequest
from upline.api.http.credentials import PUBLIC
from upline.api.http.envelope import success
from upline.api.http.service import api
from upline.api.views import cart_package_view, membership_view, package_view
from upline.base.errors import NotFound
from upline.catalog import queries as catalog


@api.get(
    "package/membership/",
    auth=PUBLIC,
    **call(
        "membership_packages",
        "Get membership packages",
        gives=shapes.MembershipPackages,
        status=200,
    ),
)
def membership_packages(request: ApiRequest) -> HttpResponse:
    return success({"products": [membership_view(each) for each in catalog.on_sale("membership")]})


def cart_packages(request: ApiRequest) -> HttpResponse:
    return success({"products": [cart_package_view(each) for each in catalog.on_sale("cart")]})


_CART: dict[str, Any] = {"gives": shapes.CartPackages, "status": 200}
api.get(
    "package/cart/", auth=PUBLIC, **call("cart_packages", "Get cart/purchase packages", **_CART)
)(cart_packages)
api.post(
    "package/cart/",
    auth=PUBLIC,
    **call("cart_packages_by_post", "Get cart/purchase packages", **_CART),
)(cart_packages)


@api.get(
    "package/{package_id}/",
    auth=PUBLIC,
    **call(
        "package",
        "Get package details",
        codes="1012 1102",
        gives=shapes.PackageDetails,
        status=200,
    ),
)
def package_details(request: ApiRequest, package_id: str) -> HttpResponse:
    if not (package_id.isascii() and package_id.isdigit() and len(package_id) <= 18):
        raise NotFound()
    return success(package_view(catalog.find(int(package_id))))
