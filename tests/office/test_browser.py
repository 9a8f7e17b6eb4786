"""Every page of the office in a real browser, on a desk and on a phone."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from support.approved_runs import approved_run
from support.browser import INSTALL, IS_MISSING, WIDTHS, look_through
from support.cast import Cast
from support.installation import STAFF, STAFF_PASSWORD, TRANSACTION_PASSWORD, Installation
from support.moves import tell_bank
from support.office import fail_a_job, hire_staff
from upline.base import clock
from upline.base.actors import Shell
from upline.base.models import AuditEntry
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package
from upline.company.models import ApiClient
from upline.epins.models import EPin
from upline.events.models import Event
from upline.flows import order_decisions, refunding, staff, verifying
from upline.kyc.models import KycReview
from upline.mailings.models import Mail
from upline.members.models import StepAsked, User
from upline.orders.models import Order, RefundToSend
from upline.payouts.models import Batch, Payout
from upline.wallet.models import Account, Transfer

# Set to a folder, each page is kept there as a picture, to be looked at.
PICTURES = os.environ.get("OFFICE_PICTURES")

# Tables of which a part is not seen.
CUT = """return [...document.querySelectorAll('.results, .scroll')]
    .filter(each => each.scrollWidth > each.clientWidth)
    .map(each => `a table is ${each.scrollWidth - each.clientWidth} pixels too wide`)"""
# Texts whose colour is too near to the one behind them, after WCAG 2.2, 1.4.3 (AA).
PALE = """
const rgb = colour => colour.match(/[\\d.]+/g).map(Number);
const over = (top, below) => top.slice(0, 3).map((c, i) => {
  const part = top[3] ?? 1; return c * part + below[i] * (1 - part); });
const behind = each => { if (!each) return [255, 255, 255];
  const own = rgb(getComputedStyle(each).backgroundColor);
  return own[3] === 0 ? behind(each.parentElement) : over(own, behind(each.parentElement)); };
const light = colour => colour.map(c => (c /= 255) <= 0.03928 ? c / 12.92
  : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const contrast = each => { const back = behind(each);
  const [low, high] = [light(over(rgb(getComputedStyle(each).color), back)), light(back)].sort(
    (a, b) => a - b); return (high + 0.05) / (low + 0.05); };
return [...document.querySelectorAll('body *')]
  .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.disabled
    && [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .filter(each => contrast(each) < 4.5)
  .map(each => `${each.textContent.trim().slice(0, 30)}: ${contrast(each).toFixed(2)}`)"""

pytestmark = pytest.mark.skipif(
    IS_MISSING, reason=f"The office is not looked at in a browser: {INSTALL}"
)


@pytest.fixture
def shelves(cast: Cast, fill, give_epin, product, bring_to) -> dict[str, int]:
    """Something of everything: the id of one thing for each list."""

    fill(cast.anna, "1000.00")
    give_epin(cast.anna, "50.00", note="for the fair")
    cast.anna.client.post("cart/products/", product_id=product("soap"), quantity=3)
    cast.anna.client.post("cart/products/", product_id=product("tea"), quantity=2)
    cast.anna.client.post("cart/shipping_address/", name="Anna Example", address="Long Lane 1",
                          zip_code="10115", city="Berlin", phone="+49 30 123456")  # fmt: skip
    paid = cast.anna.client.post(
        "cart/checkout/", payment_method="ewallet", transaction_password=TRANSACTION_PASSWORD
    )
    assert paid.status_code == 204, paid.text
    tell_bank(cast.anna)
    for status in ("requested", "declined", "in_batch"):
        bring_to(cast.anna, status)
    verifying.review_kyc(UnitOfWork(Shell()), cast.anna.id, "verified", "passport seen")
    group = staff.save_group(UnitOfWork(Shell()), None, f"Support {cast.anna.username}", [])
    order = Order.objects.get(member_id=cast.anna.id, kind="checkout")
    return {
        "members/member": cast.anna.id,
        "kyc/kycreview": KycReview.objects.get(member_id=cast.anna.id).pk,
        "orders/order": order.pk,
        "catalog/package": Package.objects.get(name="Soap").pk,
        "wallet/transfer": Transfer.objects.order_by("-id")[0].pk,
        "wallet/account": Account.objects.get(member_id=cast.anna.id, kind="wallet").pk,
        "commissions/run": approved_run(cast.anna.id),
        "payouts/payout": Payout.objects.filter(member_id=cast.anna.id, status="in_batch")[0].pk,
        "payouts/batch": Batch.objects.all()[0].pk,
        "epins/epin": EPin.objects.get(owner_id=cast.anna.id).pk,
        "epins/epinbatch": EPin.objects.get(owner_id=cast.anna.id).batch_id,
        "company/apiclient": ApiClient.objects.get(name="tests").pk,
        "events/event": Event.objects.order_by("-id")[0].pk,
        "mailings/mail": Mail.objects.filter(user_id=cast.anna.id)[0].pk,
        "orders/refundtosend": _refund_to_send(cast.cleo.id),
        "procrastinate/procrastinatejob": fail_a_job(),
        "base/auditentry": AuditEntry.objects.filter(event="wallet.credited")[0].pk,
        "members/stepasked": _asked_step(cast.ben.id),
        "members/user": User.objects.get(username=STAFF).pk,
        "auth/group": group,
    }


def _asked_step(member_id: int) -> int:
    """Something that a colleague wants and takes two people."""
    kim = User.objects.get(username=hire_staff("wallet.add_transfer"))
    asked = StepAsked(
        event="wallet.credited", right="wallet.add_transfer", what=f"wallet.credited {member_id} 1",
        arguments={"member_id": member_id, "amount": 1_000_001, "reason": "cash"},
        person_id=member_id, amount=1_000_001, reason="cash", actor=kim, at=clock.now(),
    )  # fmt: skip
    asked.save()
    return int(asked.pk)


def _refund_to_send(member_id: int) -> int:
    """A membership that was paid outside and refunded."""

    order = Order.objects.get(member_id=member_id, kind="membership")
    if order.status == "awaiting_payment":
        order_decisions.approve_order(UnitOfWork(Shell()), order.number)
    lines = {line.pk: line.quantity for line in order.lines.all()}
    refunding.refund_order(UnitOfWork(Shell()), order.number, lines, "sent back")
    return RefundToSend.objects.get(refund__order=order).pk


def _pages(shelves: dict[str, int]) -> list[str]:
    """Every address of the office that can be opened: lists, things, and the form of every
    button."""

    found = [
        "",
        "account/",
        "account/confirm/",
        "account/second-factor/",
        "account/second-factor/off/",
        "password_change/",
        "company/company/",
    ]
    for model, desk in admin.site._registry.items():
        shelf = f"{model._meta.app_label}/{model._meta.model_name}"
        if shelf == "company/company":
            continue
        found += [f"{shelf}/", f"{shelf}/{shelves[shelf]}/"]
        found += [f"{shelf}/{each.name}/" for each in desk.list_buttons]
        found += [f"{shelf}/{shelves[shelf]}/{each.name}/" for each in desk.buttons]
    return found


def test_every_page_fits_desk_and_phone_and_breaks_no_rule_of_its_policy(
    installation: Installation, browser: Any, shelves: dict[str, int]
) -> None:
    """Each page is opened on one of the two and looked at on both, with the first one in turn."""
    problems: list[str] = []
    widths = list(WIDTHS)
    browser.delete_all_cookies()
    for page in ("login/forgot/", "login/"):
        _look(browser, installation, page, widths, problems)
    _sign_in(browser)
    for page in _pages(shelves):
        widths.reverse()
        _look(browser, installation, page, widths, problems)
    _verify_now(browser, installation)
    _check(browser, "verify/", widths, problems)
    assert problems == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(
    installation: Installation, browser: Any, shelves: dict[str, int], colours: str
) -> None:
    look_through(browser, "desk")
    prefers = {"name": "prefers-color-scheme", "value": colours}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [prefers]})
    pale: dict[str, list[str]] = {}
    browser.delete_all_cookies()
    browser.get(f"{installation.base_url}/office/login/")
    pale["login"] = browser.execute_script(PALE)
    _sign_in(browser)
    order = f"orders/order/{shelves['orders/order']}/"
    run = f"commissions/run/{shelves['commissions/run']}/"
    for page in ("", "search/?q=anna", "orders/order/", order, run, "account/", "company/company/"):
        browser.get(f"{installation.base_url}/office/{page}")
        pale[page] = browser.execute_script(PALE)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert {page: texts for page, texts in pale.items() if texts} == {}


def test_on_a_phone_the_menu_opens_and_leads_on(installation: Installation, browser: Any) -> None:
    look_through(browser, "phone")
    browser.delete_all_cookies()
    browser.get(f"{installation.base_url}/office/login/")
    assert not browser.find_elements(By.ID, "phone-menu")
    _sign_in(browser)
    browser.get(f"{installation.base_url}/office/orders/order/")
    link = browser.find_element(By.CSS_SELECTOR, "#phone-menu a[href='/office/members/member/']")
    assert not link.is_displayed()
    browser.find_element(By.CSS_SELECTOR, "#phone-menu summary").click()
    link.click()
    WebDriverWait(browser, 20).until(lambda _: browser.title.startswith("Members"))


def _look(
    browser: Any, installation: Installation, page: str, widths: list[str], problems: list[str]
) -> None:
    look_through(browser, widths[0])
    browser.get(f"{installation.base_url}/office/{page}")
    _check(browser, page, widths, problems)


def _sign_in(browser: Any) -> None:
    browser.find_element(By.NAME, "username").send_keys(STAFF)
    browser.find_element(By.NAME, "password").send_keys(STAFF_PASSWORD)
    browser.find_element(By.CSS_SELECTOR, "#login-form [type=submit]").click()
    _wait_for(browser, ".tiles")


def _verify_now(browser: Any, installation: Installation) -> None:
    browser.get(f"{installation.base_url}/office/")
    browser.find_element(By.CSS_SELECTOR, ".verify button").click()
    _wait_for(browser, ".promises")
    assert "Everything is in order." in browser.page_source


def _wait_for(browser: Any, selector: str) -> None:
    WebDriverWait(browser, 20).until(lambda _: browser.find_elements(By.CSS_SELECTOR, selector))


def _check(browser: Any, page: str, widths: list[str], problems: list[str]) -> None:
    for width in widths:
        look_through(browser, width)
        _check_at(browser, page, width, problems)


def _check_at(browser: Any, page: str, width: str, problems: list[str]) -> None:
    problems += [
        f"{page} on a {width}: {entry['message']}"
        for entry in browser.get_log("browser")
        if entry["level"] != "DEBUG"  # hints to developers
    ]
    wide = browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        problems.append(f"{page} on a {width}: {wide} pixels too wide")
    problems += [f"{page} on a {width}: {cut}" for cut in browser.execute_script(CUT)]
    if not browser.title:
        problems.append(f"{page} on a {width}: no title")
    if PICTURES:
        _keep(browser, page, width)


def _keep(browser: Any, page: str, width: str) -> None:
    name = page.strip("/").replace("/", "_") or "index"
    browser.save_screenshot(str(Path(PICTURES or "") / f"{width}_{name}.png"))
