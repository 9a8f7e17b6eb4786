"""The four calls that are measured, as requests of one member."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from filling import Filled
from installation import PASSWORD, TRANSACTION_PASSWORD

_numbers = count()


@dataclass(frozen=True)
class Call:
    """A call of the API. `body` gives the parameters for a member of a number; a member makes
    `visit` of them in a row before another one comes. `hashes`: it looks at passwords."""

    name: str
    method: str
    path: str
    body: Callable[[int], dict[str, object]]
    visit: int = 100
    hashes: bool = False

    def parameters(self, number: int) -> str:
        return urlencode(self.body(number))

    def request(self, filled: Filled, number: int) -> bytes:
        """The whole HTTP request."""
        body = self.parameters(number)
        head = [
            f"{self.method} /api/{self.path} HTTP/1.1",
            "Host: 127.0.0.1",
            f"api_key: {filled.api_key}",
            f"access_token: {filled.tokens[number]}",
            f"X-Forwarded-For: {filled.address(number)}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*head, "", body]).encode()


def all_calls() -> list[Call]:
    """Signups come before payments, or they would spend what those have paid in, bit by bit."""
    from upline.catalog.models import Package

    soap = Package.objects.get(name="Soap").pk
    starter = Package.objects.get(name="Starter").pk
    return [
        Call("profile", "GET", "profile/", lambda _: {}),
        Call(
            "cart add", "POST", "cart/products/", lambda _: {"product_id": soap, "quantity": 1}, 10
        ),
        Call("signup", "POST", "signup/", lambda n: _signup(n, starter), 10, hashes=True),
        Call("wallet payment", "POST", "ewallet/payment/", _payment, hashes=True),
    ]


def _payment(number: int) -> dict[str, object]:
    return {
        "payment_amount": "0.07",
        "purpose": "purchase",
        "ewallet_username": f"member{number}",
        "transaction_password": TRANSACTION_PASSWORD,
    }


def _signup(number: int, package: int) -> dict[str, object]:
    """Below the caller, at the outer end of a leg, paid from the caller's wallet."""
    username = f"newcomer{next(_numbers)}"
    return {
        "sponsor_username": f"member{number}",
        "position": "LR"[number % 2],
        "product_id": package,
        "firstname": "Ben",
        "lastname": "Example",
        "date_of_birth": "1990-05-17",
        "email": f"{username}@example.com",
        "mobile": "+49 170 7654321",
        "username": username,
        "password": PASSWORD,
        "password_confirmation": PASSWORD,
        "agree_terms": "true",
        "payment_method": "ewallet",
        "ewallet_username": f"member{number}",
        "transaction_password": TRANSACTION_PASSWORD,
    }
