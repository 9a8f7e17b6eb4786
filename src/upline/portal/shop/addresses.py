"""The addresses of the shop and of orders."""

from django.urls import path, re_path
from django.views.decorators.http import require_GET, require_http_methods

from upline.portal.shop import browsing, cart, checkout, orders, parcels

_form = require_http_methods(["GET", "HEAD", "POST"])
urlpatterns = [
    path("orders/", require_GET(orders.overview), name="orders"),
    path("orders/<str:number>/", _form(orders.order), name="order"),
    path("orders/<str:number>/pay/", _form(orders.pay), name="order-pay"),
    path("shop/", require_GET(browsing.shop), name="shop"),
    re_path(r"^shop/(?P<package_id>[0-9]{1,18})/$", require_GET(browsing.product), name="product"),
    path("shop/cart/", _form(cart.show), name="cart"),
    path("shop/checkout/", _form(checkout.show), name="checkout"),
    path("shop/checkout/address/", _form(parcels.show), name="checkout-address"),
]
