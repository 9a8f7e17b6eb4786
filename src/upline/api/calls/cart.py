"""`cart/…`: the cart and its shipping addresses."""

from typing import Annotated, Any

from django.http import HttpResponse

from upline.api.describe import shapes
from upline.api.describe.documented import call
from upline.api.http.contract import ApiRequest, change, form, representation, represented
from upline.api.http.envelope import success
from upline.api.http.kinds import Id, Name, Phone, Text, Whole
from upline.api.http.reading import Form
from upline.api.http.service import api
from upline.api.views import address_view, cart_view
from upline.cart import actions as cart
from upline.shipping import actions as shipping
from upline.shipping import queries as addresses


def cart_items(member_id: int) -> dict[str, Any]:
    return cart_view(cart.show(member_id))


class CartLine(Form):
    product_id: Id
    quantity: Annotated[int, Whole(1, 999)]


class CartProduct(Form):
    product_id: Id


_CART: dict[str, Any] = {"representation": shapes.CartItems}


@api.get(
    "cart/products/",
    **call("cart_items", "Get products in cart", gives=shapes.CartItems, status=200),
)
def list_products(request: ApiRequest) -> HttpResponse:
    return success(cart_items(request.auth.member_id))


def add_product(request: ApiRequest) -> HttpResponse:
    """Called by `overloads.py`, which knows that the body holds a product."""
    sent = form(request, CartLine)
    member_id = request.auth.member_id
    return change(
        request,
        lambda _: cart.add(member_id, sent.product_id, sent.quantity),
        represented(request, lambda: cart_items(member_id), created=True),
        one_statement=True,
    )


@api.put(
    "cart/products/",
    **call("set_quantity", "Set a product's quantity", takes=CartLine, codes="1012", **_CART),
)
def set_quantity(request: ApiRequest) -> HttpResponse:
    sent = form(request, CartLine)
    member_id = request.auth.member_id
    return change(
        request,
        lambda _: cart.set_quantity(member_id, sent.product_id, sent.quantity),
        represented(request, lambda: cart_items(member_id)),
    )


@api.delete(
    "cart/products/",
    **call("remove_product", "Remove product from cart", takes=CartProduct, **_CART),
)
def remove_product(request: ApiRequest) -> HttpResponse:
    sent = form(request, CartProduct)
    member_id = request.auth.member_id
    return change(
        request,
        lambda _: cart.remove(member_id, sent.product_id),
        represented(request, lambda: cart_items(member_id)),
    )


def clear_products(request: ApiRequest) -> HttpResponse:
    member_id = request.auth.member_id
    return change(
        request,
        lambda _: cart.clear(member_id),
        represented(request, lambda: cart_items(member_id)),
    )


api.delete("cart/products/all/", **call("clear_cart", "Clear cart products", **_CART))(
    clear_products
)
api.post(
    "cart/products/all/",
    **call("clear_cart_by_post", "Clear cart products", plain_mistake=True, **_CART),
)(clear_products)


def address_list(member_id: int) -> dict[str, Any]:
    return {"address_list": [address_view(each) for each in addresses.of_member(member_id)]}


class NewAddress(Form):
    name: Name
    address: Annotated[str, Text(300)]
    zip_code: Annotated[str, Text(20)]
    city: Name
    phone: Phone


class AddressId(Form):
    address_id: Id


_ADDRESS: dict[str, Any] = {"representation": shapes.Address}


@api.get(
    "cart/shipping_address/",
    **call("addresses", "Get list of shipping address", gives=shapes.AddressList, status=200),
)
def list_addresses(request: ApiRequest) -> HttpResponse:
    return success(address_list(request.auth.member_id))


@api.post(
    "cart/shipping_address/",
    **call("add_address", "Add shipping address", takes=NewAddress, **_ADDRESS),
)
def add_address(request: ApiRequest) -> HttpResponse:
    sent = form(request, NewAddress)
    member_id = request.auth.member_id
    return change(
        request,
        lambda _: shipping.add(member_id, **sent.model_dump()),
        lambda made: representation(request, lambda: address_view(made), created=True),
    )


@api.delete(
    "cart/shipping_address/",
    **call(
        "remove_address",
        "Remove shipping address",
        takes=AddressId,
        codes="1102",
        **_ADDRESS,
    ),
)
def remove_address(request: ApiRequest) -> HttpResponse:
    sent = form(request, AddressId)
    member_id = request.auth.member_id
    return change(
        request,
        lambda _: shipping.remove(member_id, sent.address_id),
        lambda address: representation(request, lambda: address_view(address)),
    )


@api.post(
    "cart/shipping_address/default/",
    **call(
        "default_address",
        "Set default shipping address",
        takes=AddressId,
        codes="1102",
        **_ADDRESS,
    ),
)
def make_default(request: ApiRequest) -> HttpResponse:
    sent = form(request, AddressId)
    member_id = request.auth.member_id
    return change(
        request,
        lambda _: shipping.make_default(member_id, sent.address_id),
        lambda address: representation(request, lambda: address_view(address)),
    )
