"""What the company sells."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from support.cast import Cast, unique
from support.client import data, refused
from support.logged import PACKAGE, logged
from support.office import Visitor, hidden, problems
from support.wares import offer_of, price_of
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package
from upline.flows import configuring
from upline.orders.models import OrderLine
from upline.pictures.models import Picture

FIELDS = {"kind": "cart", "name": "Lamp", "amount": "49.90", "commissionable_value": "30",
          "points": "12.5", "tax_class": "standard", "category": "Wares",
          "description": "Gives light.", "active": "on"}  # fmt: skip


@pytest.fixture(autouse=True)
def taken_off_sale() -> Iterator[None]:
    """Nobody else finds what these tests put on sale."""

    newest = Package.objects.latest("id").pk
    yield
    Package.objects.filter(id__gt=newest).update(active=False)


def _new(olga: Visitor, **changes: str) -> Any:
    fields = FIELDS | {"code": unique("C-lamp")} | changes
    olga.press("/catalog/package/new/", **fields)
    return Package.objects.get(code=fields["code"])


def _fields(package: Any, **changes: str) -> dict[str, str]:
    shown = {name: value for name, value in FIELDS.items() if name != "kind"}
    return shown | {"code": package.code} | changes


def _png(width: int = 40) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, 40), "orange").save(target, "PNG")
    return target.getvalue()


def _upload(olga: Visitor, package: Any, content: bytes) -> httpx.Response:
    page = f"/catalog/package/{package.pk}/edit/"
    fields = olga.open(page) | _fields(package)
    return olga.post(page, fields, files={"picture": ("lamp.png", content, "image/png")})


def test_a_new_package_is_on_sale_at_its_exact_price(
    olga: Visitor, cast: Cast, audited: Callable[..., dict[str, Any]]
) -> None:
    package = _new(olga)
    offer = offer_of(package.pk)
    assert (offer.amount, offer.commissionable_value) == (4990, 3000)
    assert (offer.points, offer.tax_rate) == (1250, 1900)
    shown = data(cast.anna.client.get(f"package/{package.pk}/"))
    assert (str(shown["amount"]), str(shown["pv"])) == ("49.9", "12.5")
    assert shown["package_id"] == package.code
    assert audited("package.created", f"package:{package.code}")["amount"] == 4990


def test_a_commissionable_value_above_the_price_without_tax_is_refused(
    olga: Visitor, nothing_changes: Callable[[], Any]
) -> None:
    package = _new(olga, commissionable_value="41.94")
    page = f"/catalog/package/{package.pk}/edit/"
    with nothing_changes():
        for wrong in ({"commissionable_value": "41.95"}, {"commissionable_value": "400"},
                      {"amount": "49.89", "commissionable_value": "41.94"},
                      {"member_amount": "49.89", "commissionable_value": "41.94"}):  # fmt: skip
            said = problems(olga.send(page, **_fields(package, **wrong)))
            assert "The price without tax is only" in said
        fields = FIELDS | {"code": unique("C-lamp"), "commissionable_value": "49.90"}
        assert "41.94 EUR" in problems(olga.send("/catalog/package/new/", **fields))
    now = price_of(package.pk)
    with pytest.raises(IntegrityError, match="within_price"), transaction.atomic():
        now.update(commissionable_value=4195)
    with pytest.raises(IntegrityError, match="within_price"), transaction.atomic():
        now.update(amount=4900)
    assert now.get().commissionable_value == 4194


def test_a_changed_price_leaves_existing_orders_as_they_are(
    olga: Visitor, cast: Cast, audited: Callable[..., dict[str, Any]]
) -> None:
    package = _new(olga)
    client = cast.anna.client
    client.post("cart/products/", product_id=package.pk, quantity=2)
    client.post("cart/shipping_address/", name="Anna", address="Long Lane 1", zip_code="10115",
                city="Berlin", phone="+49 30 123456")  # fmt: skip
    assert client.post("cart/checkout/").status_code == 204

    changed = _fields(package, amount="60", points="20", name="Better lamp")
    olga.press(f"/catalog/package/{package.pk}/edit/", **changed)
    assert str(data(client.get(f"package/{package.pk}/"))["amount"]) == "60"
    line = OrderLine.objects.get(package_id=package.pk)
    assert (line.name, line.price, line.points) == ("Lamp", 4990, 1250)
    facts = audited("package.changed")
    assert facts == {
        "picture": False,
        "changes": {
            "amount": {"before": 4990, "after": 6000},
            "points": {"before": 1250, "after": 2000},
            "name": {"before": "Lamp", "after": "Better lamp"},
        },
    }


def test_the_form_shows_what_is_there(olga: Visitor) -> None:
    package = _new(olga)
    page = olga.get(f"/catalog/package/{package.pk}/edit/").text
    for value in ("49.90", "30.00", "12.50", "standard", package.code):
        assert f'value="{value}"' in page


def test_a_package_taken_off_sale_cannot_be_bought(olga: Visitor, cast: Cast) -> None:
    package = _new(olga)
    off = {name: value for name, value in _fields(package).items() if name != "active"}
    olga.press(f"/catalog/package/{package.pk}/edit/", **off)
    refused(cast.anna.client.get(f"package/{package.pk}/"), 404, "1012")


def test_a_picture_is_uploaded_and_replaced(olga: Visitor, cast: Cast) -> None:
    package = _new(olga)
    assert _upload(olga, package, _png()).status_code == 302
    first = data(cast.anna.client.get(f"package/{package.pk}/"))["image"]
    assert httpx.get(first).headers["Content-Type"].startswith("image/")
    before = Picture.objects.count()
    assert _upload(olga, package, _png(60)).status_code == 302
    second = data(cast.anna.client.get(f"package/{package.pk}/"))["image"]
    assert second != first
    assert httpx.get(first).status_code == 404, "the one before is gone"
    assert Picture.objects.count() == before
    olga.press(f"/catalog/package/{package.pk}/edit/", **_fields(package))
    assert data(cast.anna.client.get(f"package/{package.pk}/"))["image"] == second


def test_of_two_who_upload_a_picture_the_second_is_told(olga: Visitor) -> None:
    package = _new(olga)
    page = f"/catalog/package/{package.pk}/edit/"
    stale = olga.open(page) | _fields(package)
    assert _upload(olga, package, _png()).status_code == 302
    package.refresh_from_db()
    first, second = package.picture_id, {"picture": ("lamp.png", _png(60), "image/png")}
    answer = olga.post(page, stale, files=second)
    assert "“another file” since you opened the page" in problems(answer)
    package.refresh_from_db()
    assert package.picture_id == first
    again = olga.post(page, stale | hidden(answer.text), files=second)
    assert again.status_code == 302, problems(again)
    package.refresh_from_db()
    assert package.picture_id != first


def test_a_file_that_is_no_picture_is_refused_and_what_was_typed_is_kept(
    olga: Visitor, nothing_changes: Callable[[], Any]
) -> None:
    package = _new(olga)
    with nothing_changes():
        answer = _upload(olga, package, b"#!/bin/sh")
        assert problems(answer) == "The file must be a picture: PNG, JPEG or WebP."
        assert 'value="49.90"' in answer.text
    package.refresh_from_db()
    assert package.picture is None


@pytest.mark.parametrize(
    "wrong",
    [{"amount": "-1"}, {"amount": "1.999"}, {"points": "1.234"}, {"tax_class": "reduced"},
     {"tax_class": "unheard of"}, {"code": "M-starter"}, {"name": ""}, {"kind": "other"},
     {"amount": ""}],
)  # fmt: skip
def test_a_package_that_makes_no_sense_is_refused(wrong: dict[str, str], olga: Visitor) -> None:
    before = Package.objects.count()
    fields = FIELDS | {"code": unique("C-lamp")} | wrong
    assert problems(olga.send("/catalog/package/new/", **fields))
    assert Package.objects.count() == before


def test_what_kind_a_package_is_stays(olga: Visitor) -> None:
    package = _new(olga)
    page = olga.get(f"/catalog/package/{package.pk}/edit/").text
    assert 'name="kind"' not in page
    assert "once" in hidden(page)
    olga.press(f"/catalog/package/{package.pk}/edit/", **_fields(package, kind="membership"))
    package.refresh_from_db()
    assert package.kind == "cart"


def test_of_two_tabs_each_writes_only_what_was_changed_in_it(olga: Visitor) -> None:
    package = _new(olga, description="Two\nlines")
    page = f"/catalog/package/{package.pk}/edit/"
    opened = olga.open(page)
    typed = _fields(package, description="Two\r\nlines")
    assert olga.post(page, olga.open(page) | typed | {"amount": "61.00"}).status_code == 302
    assert olga.post(page, opened | typed | {"points": "20"}).status_code == 302
    package.refresh_from_db()
    assert (offer_of(package.pk).amount, package.points) == (6100, 2000)


def test_of_two_who_change_the_same_field_the_second_is_told_and_may_replace_it(
    olga: Visitor,
) -> None:
    package = _new(olga)
    page = f"/catalog/package/{package.pk}/edit/"
    opened = olga.open(page)
    olga.press(page, **_fields(package, amount="61.00"))
    form = opened | _fields(package, amount="62", points="20")
    answer = olga.post(page, form)
    assert "“61.00” since you opened the page" in problems(answer)
    assert 'value="62"' in answer.text
    package.refresh_from_db()
    assert (offer_of(package.pk).amount, package.points) == (6100, 1250)
    assert olga.post(page, form | hidden(answer.text)).status_code == 302
    package.refresh_from_db()
    assert (offer_of(package.pk).amount, package.points) == (6200, 2000)


def test_what_a_form_was_opened_with_cannot_be_made_up(olga: Visitor) -> None:
    package = _new(olga)
    page = f"/catalog/package/{package.pk}/edit/"
    form = olga.open(page) | _fields(package, amount="1") | {"opened": "e30:forged"}
    assert "out of date" in problems(olga.post(page, form))


def test_a_preview_tells_what_the_price_is_made_of_and_saves_nothing(olga: Visitor) -> None:
    package = _new(olga)
    page = f"/catalog/package/{package.pk}/edit/"
    shown = olga.send(page, preview="on", **_fields(package, amount="59,50")).text
    for expected in ("50.00 EUR", "60.00 % of the price without tax", "49.90 → 59.50"):
        assert expected in shown
    assert offer_of(package.pk).amount == 4990


def test_a_package_has_a_field_for_each_further_figure_and_its_order_type(olga: Visitor) -> None:
    configuring.change_settings(UnitOfWork(Shell()), order_figures=["Weight in kg", "Bonus"])
    package = _new(olga, figure_1="7.50", order_type="subscription")
    assert (package.order_type, package.figures) == ("subscription", [0, 750])
    page = f"/catalog/package/{package.pk}/edit/"
    assert "<dt>Bonus</dt><dd>7.50</dd>" in olga.get(page.removesuffix("edit/")).text
    olga.press(page, **_fields(package, figure_0="1", order_type="standard"))
    package.refresh_from_db()
    assert (package.order_type, package.figures) == ("standard", [100, 0])


def test_a_package_from_before_a_name_was_added_has_nothing_of_it(olga: Visitor) -> None:
    package = _new(olga)
    with logged(PACKAGE):
        Package.objects.filter(pk=package.pk).update(figures=[])
    page = f"/catalog/package/{package.pk}/edit/"
    olga.press(page, **_fields(package, figure_1="2"))
    package.refresh_from_db()
    assert package.figures == [0, 200]


def test_a_cart_package_can_open_a_position_and_a_membership_package_cannot(
    olga: Visitor,
) -> None:
    made = _new(olga, opens_position="on")
    assert made.opens_position
    assert "Opens a position" in olga.get(f"/catalog/package/{made.pk}/").text
    before = Package.objects.count()
    fields = FIELDS | {"code": unique("M-lamp"), "kind": "membership", "opens_position": "on"}
    answer = olga.send("/catalog/package/new/", **fields)
    assert "Only a cart package can open a position." in problems(answer)
    assert Package.objects.count() == before
