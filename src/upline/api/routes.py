"""The service with all its groups of calls. Order matters where one address is a special case
of another: `package/cart/` before `package/{id}/`, `earnings/current/` before `earnings/{id}/`."""

from types import ModuleType

from upline.api.calls import (
    auth,
    cart,
    countries,
    current_earnings,
    earnings,
    network,
    orders,
    overloads,
    packages,
    passwords,
    payouts,
    profile,
    ranks,
    signup,
    wallet,
)
from upline.api.http.service import api

_TITLES: dict[ModuleType, str] = {
    auth: "Signing in",
    signup: "Signing up",
    profile: "Profile",
    passwords: "Passwords",
    overloads: "Several calls at one address",
    wallet: "Wallet and e-pins",
    current_earnings: "Earnings",
    earnings: "Earnings",
    ranks: "Ranks",
    payouts: "Payouts",
    packages: "Packages",
    cart: "Cart",
    orders: "Orders",
    network: "Network",
    countries: "Countries",
}
_title_of = {module.__name__: title for module, title in _TITLES.items()}

for view in api.default_router.path_operations.values():
    for operation in view.operations:
        operation.tags = [_title_of[operation.view_func.__module__]]

__all__ = ["api"]
