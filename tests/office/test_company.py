"""API keys, the outbox, the audit log, and the first page."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from support.cast import Cast, Player, unique
from support.client import Client
from support.installation import STAFF, Installation
from support.office import Visitor, acting, hire_staff, problems
from support.owner import as_owner
from upline.company.actions import KeyRevoked
from upline.company.models import ApiClient
from upline.flows import api_keys, asked_steps
from upline.flows.permissions import DEFAULT_SCOPES, SCOPES, meaning
from upline.flows.two_people import NeedsSecond
from upline.mailings import actions
from upline.mailings.models import Mail
from upline.members.models import StepAsked
from upline.orders.models import Order
from upline.screens.dashboard import overview
from upline.wallet.models import Account

_KEY = re.compile(r"upk_[A-Za-z0-9_-]{20,}")

MORE_POINTS = "UPDATE orders_order SET total_points = total_points + %s WHERE member_id = %s"


def _key_page(name: str) -> str:
    return f"/company/apiclient/{ApiClient.objects.get(name=name).pk}/"


def _works(installation: Installation, key: str) -> bool:
    answer = Client(installation.base_url, key).post("auth/access/", username="no", password="no")
    return bool(answer.json()["error"]["code"] != "1001")


def test_an_api_key_is_shown_once_and_works_until_revoked(
    olga: Visitor, installation: Installation, audited: Callable[..., dict[str, Any]]
) -> None:
    name = unique("shop")
    page = "/company/apiclient/new/"
    form = olga.open(page) | {"name": name, "scopes": ["members:sign_in"]}
    answer = olga.post(page, form)
    key = _KEY.findall(answer.text)[0]
    assert "no-store" in answer.headers["Cache-Control"]
    assert audited("api_key.created", f"key:{name}") == {"scopes": ["members:sign_in"]}
    assert _works(installation, key)
    assert olga.post(page, form).status_code == 302, "sent again, no second key is made"
    for later in ("/company/apiclient/", _key_page(name)):
        text = olga.get(later).text
        assert name in text
        assert key not in text

    olga.press(f"{_key_page(name)}revoke/")
    assert not _works(installation, key)
    audited("api_key.revoked", f"key:{name}")
    assert "revoke/" not in olga.get(_key_page(name)).text


def test_what_a_key_can_do_is_chosen_and_shown_in_sentences(
    olga: Visitor,
    installation: Installation,
    audited: Callable[..., dict[str, Any]],
    office_sets: Callable[..., None],
) -> None:
    office_sets(rights_by_two=False)
    name = unique("shop")
    page = olga.get("/company/apiclient/new/").text
    for scope in SCOPES:
        assert meaning(scope) in unescape(page)
    checked = re.findall(r'value="([a-z_:]+)"[^>]*checked', page)
    assert checked == list(DEFAULT_SCOPES)
    answer = olga.send("/company/apiclient/new/", name=name)
    assert problems(answer), "a key that can do nothing is of no use"
    assert not ApiClient.objects.filter(name=name).exists()
    olga.send("/company/apiclient/new/", name=name, scopes=["members:sign_in"])
    said = olga.press(f"{_key_page(name)}scopes/", scopes=["members:sign_in", "orders:report"])
    assert f"The scopes of {name} were changed" in said
    changes = audited("api_key.scopes_changed", f"key:{name}")["changes"]["scopes"]
    assert changes == {"before": ["members:sign_in"], "after": ["members:sign_in", "orders:report"]}
    shown = olga.get(_key_page(name)).text
    rows = re.findall(
        r"<tr>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>", shown
    )
    assert [(unescape(what), scope) for what, scope, is_allowed in rows if is_allowed == "yes"] == [
        (meaning(each), each) for each in ("members:sign_in", "orders:report")
    ]
    olga.press(f"{_key_page(name)}revoke/")
    assert "scopes/" not in olga.get(_key_page(name)).text
    with pytest.raises(KeyRevoked):
        api_keys.change_scopes(acting(STAFF), ApiClient.objects.get(name=name).pk, SCOPES)


def test_to_let_a_key_report_sales_takes_two_people(
    olga: Visitor,
    audited: Callable[..., dict[str, Any]],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    """Somebody could report sales of their own, and be paid commissions for them."""
    office_sets(rights_by_two=True)
    name, page = unique("shop"), "/company/apiclient/new/"
    both = ["members:sign_in", "orders:report"]
    with nothing_changes():
        answer = olga.send(page, name=name, scopes=both)
        assert "takes two people" in problems(answer)
    olga.send(page, name=name, scopes=both[:1])
    key = ApiClient.objects.get(name=name)
    with pytest.raises(NeedsSecond):
        api_keys.change_scopes(acting(STAFF), key.pk, both)
    key.refresh_from_db()
    assert key.scopes == both[:1]
    step = StepAsked.objects.get(event="api_key.scopes_changed", subject=f"key:{name}")
    shown = unescape(olga.get(f"/members/stepasked/{step.pk}/").text)
    assert meaning("orders:report") in shown
    second = hire_staff("company.add_apiclient", "company.view_apiclient")
    asked_steps.confirm(acting(second), step.pk)
    key.refresh_from_db()
    assert key.scopes == both
    # To take it away again takes one.
    api_keys.change_scopes(acting(STAFF), key.pk, both[:1])


def test_no_two_keys_have_one_name(olga: Visitor) -> None:
    name = unique("shop")
    for _ in range(2):
        answer = olga.send("/company/apiclient/new/", name=name, scopes=["accounts:read"])
    assert problems(answer) == f"An api key named {name} already exists."


@pytest.fixture
def failed_mail(cast: Cast) -> int:
    mail = Mail.objects.get(user_id=cast.anna.id, kind="welcome")
    actions.mark_refused(mail, "550: no such mailbox")
    return mail.pk


def test_a_failed_mail_is_sent_again(
    olga: Visitor, failed_mail: int, audited: Callable[..., dict[str, Any]]
) -> None:
    page = f"/mailings/mail/{failed_mail}/"
    assert "550: no such mailbox" in olga.get(page).text
    stale = olga.open(f"{page}send-again/")
    olga.press(f"{page}send-again/")
    assert Mail.objects.get(pk=failed_mail).status == "queued"
    audited("mail.send_again", f"mail:{failed_mail}")
    assert problems(olga.post(f"{page}send-again/", stale)) == "This mail is queued."


def test_chosen_failed_mails_are_sent_again_and_others_left_alone(
    olga: Visitor, cast: Cast, failed_mail: int, staff: Callable[..., Visitor]
) -> None:
    sent = Mail.objects.get(user_id=cast.ben.id, kind="welcome")
    Mail.objects.filter(pk=sent.pk).update(status="sent")
    chosen = {"action": "send_again", "_selected_action": [str(failed_mail), str(sent.pk)]}
    sam = staff("mailings.view_mail")
    sam.post("/mailings/mail/", chosen | {"csrfmiddlewaretoken": sam.token()})
    assert Mail.objects.get(pk=failed_mail).status == "failed"
    olga.post("/mailings/mail/", chosen | {"csrfmiddlewaretoken": olga.token()})
    assert Mail.objects.get(pk=failed_mail).status == "queued"
    assert Mail.objects.get(pk=sent.pk).status == "sent"


def test_a_mail_is_shown_as_it_reads(olga: Visitor, cast: Cast, failed_mail: int) -> None:
    page = olga.get(f"/mailings/mail/{failed_mail}/").text
    assert "Welcome to Acme" in page
    assert f"Hello {cast.anna.username}" in page
    listed = olga.get("/mailings/mail/", status__exact="failed", q=cast.anna.username).text
    assert f"/office/mailings/mail/{failed_mail}/" in listed


def test_the_audit_log_tells_who_did_what(olga: Visitor, cast: Cast) -> None:
    member = f"/members/member/{cast.anna.id}"
    olga.press(f"{member}/credit/", amount="12.34", reason="cash")
    listed = olga.get(
        "/base/auditentry/", event="wallet.credited", subject=f"member:{cast.anna.id}"
    )
    found = re.findall(r"/office(/base/auditentry/\d+/)", listed.text)
    assert len(set(found)) == 1
    page = olga.get(found[0]).text
    for expected in ("olga", "12.34 EUR", "cash", "127.0.0.1", f"/office{member}/"):
        assert expected in page
    assert cast.anna.username not in olga.get("/base/auditentry/", q="no such thing").text


def test_the_ledger_is_listed_and_filtered(
    olga: Visitor, cast: Cast, fill: Callable[[Player, str], None]
) -> None:
    fill(cast.anna, "12.34")
    listed = olga.get("/wallet/transfer/", q=cast.anna.username, kind="office_credit").text
    found = set(re.findall(r"/office(/wallet/transfer/\d+/)", listed))
    assert len(found) == 1
    page = olga.get(found.pop()).text
    assert "12.34 EUR" in page
    assert f"wallet of {cast.anna.username}" in page
    other = olga.get("/wallet/transfer/", q=cast.anna.username, kind="order_tax").text
    assert "/office/wallet/transfer/" not in other.partition('id="changelist-form"')[2]


def test_an_account_shows_what_its_transfers_come_to(
    olga: Visitor, cast: Cast, fill: Callable[[Player, str], None]
) -> None:
    fill(cast.anna, "12.34")
    wallet = Account.objects.get(member_id=cast.anna.id, kind="wallet")
    assert olga.get(f"/wallet/account/{wallet.pk}/").text.count("12.34 EUR") >= 3
    outside = Account.objects.get(member=None, kind="outside")
    assert "Sum of its transfers" in olga.get(f"/wallet/account/{outside.pk}/").text


def test_the_first_page_counts_what_waits(olga: Visitor, failed_mail: int) -> None:
    now = overview()
    assert now.mails_failed > 0
    page = re.sub(r"\s+", " ", olga.get("/").text)
    for label, number in (("Members", now.members), ("Failed mails", now.mails_failed),
                          ("Orders awaiting payment", now.orders_awaiting_payment)):  # fmt: skip
        assert f"<span>{label}</span><strong>{number}</strong>" in page


def test_verify_says_that_everything_holds(
    olga: Visitor, audited: Callable[..., dict[str, Any]]
) -> None:
    answer = olga.post("/verify/", {"csrfmiddlewaretoken": olga.token()})
    assert "Everything is in order." in answer.text
    assert audited("ledger.verify") == {"broken": []}


def test_verify_says_what_is_broken(olga: Visitor, cast: Cast) -> None:
    order = Order.objects.filter(member_id=cast.anna.id)
    as_owner(MORE_POINTS, 1, cast.anna.id)
    try:
        answer = olga.post("/verify/", {"csrfmiddlewaretoken": olga.token()})
    finally:
        as_owner(MORE_POINTS, -1, cast.anna.id)
    assert "Something is wrong." in answer.text
    assert order.get().number in answer.text


def test_verify_is_for_who_may_see_the_ledger(
    staff: Callable[..., Visitor], nobody: Visitor
) -> None:
    sam = staff("members.view_member")
    assert "Check the books" not in sam.get("/").text
    assert sam.post("/verify/", {"csrfmiddlewaretoken": sam.token()}).status_code == 403
    token = nobody.open("/login/")["csrfmiddlewaretoken"]
    assert nobody.post("/verify/", {"csrfmiddlewaretoken": token}).status_code == 302
