"""The addresses of all groups of calls, and each group's title. Order matters where one address
is a special case of another: `package/cart/` before `package/{id}/`, `earnings/current/` before
`earnings/{id}/`."""

from types import ModuleType

from upline.api.calls import (
    auth,
    cart,
    countries,
    current_earnings,
    customers,
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
    teams,
    wallet,
)
from upline.api.http.registry import CALLS
from upline.api.http.service import urls

_TITLES: dict[ModuleType, str] = {
    auth: "Signing in",
    signup: "Signing up",
    customers: "Customers",
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
    teams: "Network",
    countries: "Countries",
}
TITLES = {module.__name__: title for module, title in _TITLES.items()}
urlpatterns = urls(CALLS)
