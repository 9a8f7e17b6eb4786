"""The three addresses that the published API uses for several calls, told apart by what is sent.

`PUT profile/personal/`: fields of the password change it, fields of the bank change that, else
the personal data; fields of more than one kind are refused. `POST profile/personal/` is the
forgotten password. `POST cart/products/` with none of its parameters lists, else it adds."""

from collections.abc import Callable

from upline.api.calls.cart import ProductQuantity, add_product, list_products
from upline.api.calls.passwords import (
    ChangePassword,
    ForgotPassword,
    change_password,
    forget_password,
)
from upline.api.calls.profile import Bank, Personal, update_bank, update_personal
from upline.api.describe import shapes
from upline.api.http import bodies
from upline.api.http.contract import ApiRequest, parameters
from upline.api.http.credentials import CLIENT
from upline.api.http.envelope import Answered
from upline.api.http.reading import IN_BODY, Form
from upline.api.http.registry import call
from upline.base.errors import DateWrong, FieldsWrong
from upline.catalog.errors import ProductNotAvailable
from upline.flows.permissions import Right
from upline.language import gettext
from upline.members.errors import LoginBlocked, LoginLocked


class NoParameters(Form):
    """A body that holds none, or no body."""


_HANDLERS: dict[type[Form], Callable[[ApiRequest], Answered[shapes.Profile]]] = {
    ChangePassword: change_password,
    Bank: update_bank,
    Personal: update_personal,
}


# Every kind may be sent with it; alone, it begins a change of the password.
_OF_ALL = {"current_password"}


@call(
    "PUT profile/personal/",
    "update_personal",
    "Update personal information; also bank information, also change password",
    scope=Right.CHANGE_PROFILES,
    one_of=(Personal, Bank, ChangePassword),
    refuses=(LoginBlocked, LoginLocked, DateWrong),
    representation=shapes.Profile,
)
def put_personal(request: ApiRequest) -> Answered[shapes.Profile]:
    every = {name for form in _HANDLERS for name in form.model_fields}
    stray = bodies.names_in_query(request) & every
    if stray:
        raise FieldsWrong(fields=dict.fromkeys(sorted(stray), IN_BODY))
    sent = set(parameters(request))
    told_by = sent - _OF_ALL or sent
    meant = [form for form in _HANDLERS if told_by & set(form.model_fields)]
    if len(meant) > 1 and told_by != _OF_ALL:
        strangers = sorted(name for form in meant[1:] for name in told_by & set(form.model_fields))
        raise FieldsWrong(
            gettext("Change the password, the bank data and the personal data in separate calls."),
            fields=dict.fromkeys(strangers, gettext("This belongs to another call.")),
        )
    return _HANDLERS[meant[0] if meant else Personal](request)


call(
    "POST profile/personal/",
    "forget_password_as_printed",
    "Forgot password",
    scope=Right.SIGN_MEMBERS_IN,
    auth=CLIENT,
    takes=ForgotPassword,
    plain_mistake=True,
)(forget_password)


@call(
    "POST cart/products/",
    "add_product",
    "Add product to cart; with no parameters, get products in cart",
    scope=Right.PLACE_ORDERS,
    one_of=(ProductQuantity, NoParameters),
    refuses=(ProductNotAvailable,),
    representation=shapes.CartItems,
)
def post_products(request: ApiRequest) -> Answered[shapes.CartItems]:
    sent = set(parameters(request)) | bodies.names_in_query(request)
    if sent & ProductQuantity.model_fields.keys():
        return add_product(request)
    return list_products(request)
