"""`package/…`: what is on sale."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from PIL import Image

from support.cast import Player
from support.client import data, refused
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package
from upline.flows import offering


@pytest.fixture
def soap_with_picture(product: Callable[[str], int]) -> Iterator[int]:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "blue").save(content, "PNG")
    soap = product("soap")
    offering.change_package(UnitOfWork(Shell()), soap, content.getvalue())
    yield soap
    Package.objects.filter(pk=soap).update(picture=None)


def test_the_memberships_on_sale_are_listed(mia: Player, product: Callable[[str], int]) -> None:
    answer = mia.client.get("package/membership/")
    assert data(answer)["products"] == [
        {"id": product("starter"), "name": "Starter", "amount": 100, "currency": "EUR"},
        {"id": product("business"), "name": "Business", "amount": 250, "currency": "EUR"},
    ]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_products_on_sale_are_listed(
    mia: Player, product: Callable[[str], int], method: str
) -> None:
    answer = mia.client.call(method, "package/cart/")
    tea = {"id": product("tea"), "name": "Tea", "pv": "3.25", "category": "Wares", "image": "",
           "opens_position": False}  # fmt: skip
    products = data(answer)["products"]
    assert [each["name"] for each in products] == ["Soap", "Tea", "Scales"]
    shown = products[1] | {"pv": str(products[1]["pv"])}
    assert {name: shown[name] for name in tea} == tea
    assert '"amount": 4.99, "pv": 3.25' in answer.text
    assert list(products[1]) == [
        "id", "name", "amount", "pv", "category", "image", "opens_position",
        "currency",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "code"), [("starter", "M-starter"), ("soap", "C-soap")])
def test_both_kinds_of_package_have_details(
    mia: Player, product: Callable[[str], int], name: str, code: str
) -> None:
    shown = data(mia.client.get(f"package/{product(name)}/"))
    assert list(shown) == [
        "id", "name", "amount", "package_id", "pv", "category", "image", "description",
        "opens_position",
        "currency",
    ]  # fmt: skip
    assert (shown["id"], shown["package_id"]) == (product(name), code)
    assert shown["description"] == f"The {name}."


def test_an_unknown_or_inactive_package_is_1012_and_404(
    mia: Player, product: Callable[[str], int]
) -> None:
    for each in (0, 999_999, product("retired"), product("gone")):
        refused(mia.client.get(f"package/{each}/"), 404, "1012")


@pytest.mark.parametrize("package", ["abc", "1.0", "-1", "1e3", "%D9%A3", "carts", "9" * 19])
def test_what_is_no_number_is_404(mia: Player, package: str) -> None:
    refused(mia.client.get(f"package/{package}/"), 404, "1102")


def test_a_packages_picture_is_an_address_that_a_browser_can_load(
    mia: Player, soap_with_picture: int
) -> None:
    url = data(mia.client.get(f"package/{soap_with_picture}/"))["image"]
    listed: list[Any] = data(mia.client.get("package/cart/"))["products"]
    assert listed[0]["image"] == url
    assert url.startswith(f"{mia.client.base_url}/pictures/")
    seen = httpx.get(url)
    assert (seen.status_code, seen.headers["Content-Type"]) == (200, "image/jpeg")
    assert seen.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["no", "%00", "..%2F", "x" * 300])
def test_a_picture_that_is_not_there_is_404(mia: Player, name: str) -> None:
    assert httpx.get(f"{mia.client.base_url}/pictures/{name}").status_code == 404


def test_packages_need_a_token(stranger: Any) -> None:
    for path in ("package/membership/", "package/cart/", "package/1/", "signup/fee/"):
        refused(stranger.get(path), 401, "1002")
