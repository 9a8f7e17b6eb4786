"""`cart/…`: the cart and its shipping addresses."""

from typing import Annotated

from upline.api.describe import shapes
from upline.api.http.contract import ApiRequest, form, perform
from upline.api.http.envelope import Answered, answer
from upline.api.http.kinds import Id, Name, Phone, Text, Whole
from upline.api.http.reading import Form
from upline.api.http.registry import call
from upline.api.views import address_view, cart_view
from upline.base.errors import NotFound
from upline.cart import actions as cart
from upline.catalog.errors import ProductNotAvailable
from upline.flows.permissions import Right
from upline.shipping import actions as shipping
from upline.shipping import queries as addresses


def cart_items(member_id: int) -> shapes.CartItems:
    return cart_view(cart.show(member_id))


class ProductQuantity(Form):
    product_id: Id
    quantity: Annotated[int, Whole(1, 999)]


class CartProduct(Form):
    product_id: Id


@call(
    "GET cart/products/",
    "cart_items",
    "Get products in cart",
    scope=Right.PLACE_ORDERS,
    gives=shapes.CartItems,
)
def list_products(request: ApiRequest) -> Answered[shapes.CartItems]:
    return answer(cart_items(request.auth.member_id))


def add_product(request: ApiRequest) -> Answered[shapes.CartItems]:
    """Called by `overloads.py`, which knows that the body holds a product."""
    sent = form(request, ProductQuantity)
    member_id = request.auth.member_id
    return perform(
        request,
        lambda unit: unit.commit(
            lambda: cart.add(member_id, sent.product_id, sent.quantity), one_statement=True
        ),
        lambda _: cart_items(member_id),
        created=True,
    )


@call(
    "PUT cart/products/",
    "set_quantity",
    "Set a product's quantity",
    scope=Right.PLACE_ORDERS,
    takes=ProductQuantity,
    refuses=(ProductNotAvailable,),
    representation=shapes.CartItems,
)
def set_quantity(request: ApiRequest) -> Answered[shapes.CartItems]:
    sent = form(request, ProductQuantity)
    member_id = request.auth.member_id
    return perform(
        request,
        lambda unit: unit.commit(
            lambda: cart.set_quantity(member_id, sent.product_id, sent.quantity)
        ),
        lambda _: cart_items(member_id),
    )


@call(
    "DELETE cart/products/",
    "remove_product",
    "Remove product from cart",
    scope=Right.PLACE_ORDERS,
    takes=CartProduct,
    representation=shapes.CartItems,
)
def remove_product(request: ApiRequest) -> Answered[shapes.CartItems]:
    sent = form(request, CartProduct)
    member_id = request.auth.member_id
    return perform(
        request,
        lambda unit: unit.commit(lambda: cart.remove(member_id, sent.product_id)),
        lambda _: cart_items(member_id),
    )


@call(
    "POST cart/products/all/",
    "clear_cart_by_post",
    "Clear cart products",
    scope=Right.PLACE_ORDERS,
    plain_mistake=True,
    representation=shapes.CartItems,
)
@call(
    "DELETE cart/products/all/",
    "clear_cart",
    "Clear cart products",
    scope=Right.PLACE_ORDERS,
    representation=shapes.CartItems,
)
def clear_products(request: ApiRequest) -> Answered[shapes.CartItems]:
    member_id = request.auth.member_id
    return perform(
        request,
        lambda unit: unit.commit(lambda: cart.clear(member_id)),
        lambda _: cart_items(member_id),
    )


def address_list(member_id: int) -> shapes.AddressList:
    return {"address_list": [address_view(each) for each in addresses.of_member(member_id)]}


class NewAddress(Form):
    name: Name
    address: Annotated[str, Text(300)]
    zip_code: Annotated[str, Text(20)]
    city: Name
    phone: Phone


class AddressId(Form):
    address_id: Id


@call(
    "GET cart/shipping_address/",
    "addresses",
    "Get list of shipping address",
    scope=Right.PLACE_ORDERS,
    gives=shapes.AddressList,
)
def list_addresses(request: ApiRequest) -> Answered[shapes.AddressList]:
    return answer(address_list(request.auth.member_id))


@call(
    "POST cart/shipping_address/",
    "add_address",
    "Add shipping address",
    scope=Right.PLACE_ORDERS,
    takes=NewAddress,
    representation=shapes.Address,
)
def add_address(request: ApiRequest) -> Answered[shapes.Address]:
    sent = form(request, NewAddress)
    member_id = request.auth.member_id
    return perform(
        request,
        lambda unit: unit.commit(lambda: shipping.add(member_id, **sent.model_dump())),
        address_view,
        created=True,
    )


@call(
    "DELETE cart/shipping_address/",
    "remove_address",
    "Remove shipping address",
    scope=Right.PLACE_ORDERS,
    takes=AddressId,
    refuses=(NotFound,),
    representation=shapes.Address,
)
def remove_address(request: ApiRequest) -> Answered[shapes.Address]:
    sent = form(request, AddressId)
    member_id = request.auth.member_id
    return perform(
        request,
        lambda unit: unit.commit(lambda: shipping.remove(member_id, sent.address_id)),
        address_view,
    )


@call(
    "POST cart/shipping_address/default/",
    "default_address",
    "Set default shipping address",
    scope=Right.PLACE_ORDERS,
    takes=AddressId,
    refuses=(NotFound,),
    representation=shapes.Address,
)
def make_default(request: ApiRequest) -> Answered[shapes.Address]:
    sent = form(request, AddressId)
    member_id = request.auth.member_id
    return perform(
        request,
        lambda unit: unit.commit(lambda: shipping.make_default(member_id, sent.address_id)),
        address_view,
    )
