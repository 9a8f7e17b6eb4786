"""Issuing e-pins, handing out their codes, giving them to members, blocking them."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from support.cast import Cast, Player, minor, unique
from support.client import data, refused
from support.office import Visitor, hidden, problems
from upline.base import clock
from upline.base.models import AuditEntry
from upline.company import current as company
from upline.epins.models import EPin, EPinBatch

_CODE = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}\b")


def _issue(olga: Visitor, **fields: str) -> list[str]:
    answer = olga.send("/epins/epinbatch/issue/", **fields)
    assert answer.status_code == 200, problems(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    return _CODE.findall(answer.text)


def _batch(note: str) -> int:
    return int(EPinBatch.objects.get(note=note).pk)


def _ids(player: Player) -> list[int]:
    return list(EPin.objects.filter(owner_id=player.id).values_list("pk", flat=True))


def _choose(olga: Visitor, action: str, ids: list[int], **fields: str) -> httpx.Response:
    token = olga.open("/epins/epin/")["csrfmiddlewaretoken"]
    chosen = {"action": action, "_selected_action": [str(each) for each in ids], **fields}
    return olga.post("/epins/epin/", chosen | {"csrfmiddlewaretoken": token})


def test_a_batch_is_issued_and_its_codes_pay(
    olga: Visitor, cast: Cast, audited: Callable[..., dict[str, Any]]
) -> None:
    note = unique("fair")
    codes = _issue(olga, amount="25.50", quantity="3", owner=cast.anna.username, note=note)
    assert len(set(codes)) == 3
    assert audited("epins.issued", f"batch:{_batch(note)}") == {
        "amount": minor("25.50"), "currency": "EUR", "quantity": 3}  # fmt: skip
    owned = data(cast.anna.client.get("epins/"))["epins"]
    assert {each["code"] for each in owned} == set(codes)
    assert {str(each["amount"]) for each in owned} == {"25.5"}
    paid = cast.anna.client.post("epin/payment/", payment_amount="25.50", epin_code=codes[0])
    assert paid.status_code == 204


def test_codes_are_shown_once(olga: Visitor) -> None:
    note = unique("fair")
    page = "/epins/epinbatch/issue/"
    form = olga.open(page) | {"amount": "5", "quantity": "2", "note": note}
    codes = _CODE.findall(olga.post(page, form).text)
    assert len(codes) == 2
    again = olga.post(page, form)
    assert again.status_code == 302, "sent again, nothing is issued again"
    batch = _batch(note)
    for shown in ("/epins/epinbatch/", f"/epins/epinbatch/{batch}/", "/epins/epin/"):
        page_text = olga.get(shown).text
        assert not any(code in page_text for code in codes)


def _today() -> date:
    return company.today()


def test_an_e_pin_is_good_until_the_end_of_its_last_day(olga: Visitor) -> None:
    note, last = unique("fair"), _today() + timedelta(days=30)
    _issue(olga, amount="5", quantity="1", expires=last.isoformat(), note=note)
    expires = EPinBatch.objects.get(note=note).expires_at
    assert expires is not None
    local = expires.astimezone(ZoneInfo("Europe/Berlin"))
    assert (local.date(), local.hour, local.minute) == (last + timedelta(days=1), 0, 0)
    assert EPin.objects.get(batch__note=note).expires_at == expires


@pytest.mark.parametrize(
    "wrong",
    [{"amount": "0"}, {"amount": "1.001"}, {"quantity": "0"}, {"quantity": "1001"},
     {"expires": "2020-01-01"}, {"expires": "tomorrow"}, {"owner": "nobody-at-all"}],
)  # fmt: skip
def test_a_batch_that_makes_no_sense_is_not_issued(
    wrong: dict[str, str], olga: Visitor, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        fields = {"amount": "5", "quantity": "1"} | wrong
        assert problems(olga.send("/epins/epinbatch/issue/", **fields))


def test_codes_are_downloaded_for_printing_and_that_is_recorded(
    olga: Visitor, cast: Cast, audited: Callable[..., dict[str, Any]]
) -> None:
    note = unique("fair")
    codes = _issue(olga, amount="5", quantity="2", owner=cast.anna.username, note=note)
    batch = _batch(note)
    answer = olga.send(f"/epins/epinbatch/{batch}/print/")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.content.startswith(b"\xef\xbb\xbf"), "Excel shows names in UTF-8 only with it"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["code"] for row in rows] == codes
    assert {(row["amount"], row["currency"], row["owner"]) for row in rows} == {
        ("5.00", "EUR", cast.anna.username)}  # fmt: skip
    audited("epins.print", f"batch:{batch}")


def test_no_cell_of_the_download_is_a_formula(olga: Visitor, player: Callable[..., Player]) -> None:
    member = player("-1+cmd".replace("+", "."))
    note = unique("fair")
    _issue(olga, amount="5", quantity="1", owner=member.username, note=note)
    answer = olga.send(f"/epins/epinbatch/{_batch(note)}/print/")
    cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
    assert f"'{member.username}" in cells
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]


def test_chosen_e_pins_are_given_to_a_member(
    olga: Visitor, cast: Cast, give_epin: Callable[..., str], audited: Callable[..., dict[str, Any]]
) -> None:
    unused, used = give_epin(cast.anna, "5.00"), give_epin(cast.anna, "5.00")
    cast.anna.client.post("epin/payment/", payment_amount="1", epin_code=used)
    ids = _ids(cast.anna)
    asked = _choose(olga, "allocate", ids)
    assert asked.status_code == 200
    assert "2 e-pins selected" in asked.text
    assert problems(_choose(olga, "allocate", ids, owner="nobody-at-all"))
    assert _ids(cast.ben) == []

    seen = hidden(asked.text)["opened"]
    done = _choose(olga, "allocate", ids, owner=cast.ben.username, opened=seen)
    assert done.status_code == 302
    assert [each["code"] for each in data(cast.ben.client.get("epins/"))["epins"]] == [unused]
    assert [each["code"] for each in data(cast.anna.client.get("epins/"))["epins"]] == [used]

    given = _ids(cast.ben)
    assert audited("epins.given", f"user:{cast.ben.id}") == {
        "epins": given,
        "amount": 500,
        "currency": "EUR",
    }
    taken = AuditEntry.objects.get(event="epins.taken", member_id=cast.anna.id)
    assert taken.facts == {"epins": given}


def test_of_two_who_give_the_same_e_pins_away_the_second_is_told(
    olga: Visitor, cast: Cast, give_epin: Callable[..., str], nothing_changes: Callable[[], Any]
) -> None:
    give_epin(cast.anna, "5.00")
    ids = _ids(cast.anna)
    asked = _choose(olga, "allocate", ids)
    assert f">{cast.anna.username}</td>" in asked.text
    seen = hidden(asked.text)["opened"]
    assert _choose(olga, "allocate", ids, owner=cast.ben.username, opened=seen).status_code == 302
    with nothing_changes():
        stale = _choose(olga, "allocate", ids, owner=cast.dan.username, opened=seen)
        assert "given to someone since you opened the page" in stale.text
        assert f">{cast.ben.username}</td>" in stale.text
    again = hidden(stale.text)["opened"]
    assert _choose(olga, "allocate", ids, owner=cast.dan.username, opened=again).status_code == 302
    assert _ids(cast.dan) == ids


def test_chosen_e_pins_are_blocked_and_unblocked(
    olga: Visitor, cast: Cast, give_epin: Callable[..., str], audited: Callable[..., dict[str, Any]]
) -> None:
    code, ids = give_epin(cast.anna, "5.00"), _ids(cast.anna)
    assert _choose(olga, "block", ids).status_code == 302
    pay = {"payment_amount": "1", "epin_code": code}
    refused(cast.anna.client.post("epin/payment/", **pay), 422, "1016")
    assert audited("epins.blocked") == {"epins": ids}
    assert f"/office/epins/epin/{ids[0]}/" in olga.get("/epins/epin/", status="blocked").text
    assert _choose(olga, "unblock", ids).status_code == 302
    assert cast.anna.client.post("epin/payment/", **pay).status_code == 204
    assert audited("epins.unblocked") == {"epins": ids}


@pytest.mark.parametrize("action", ["allocate", "block", "unblock"])
def test_who_may_only_look_handles_none(
    action: str,
    staff: Callable[..., Visitor],
    cast: Cast,
    give_epin: Callable[..., str],
    nothing_changes: Callable[[], Any],
) -> None:
    give_epin(cast.anna, "5.00")
    sam = staff("epins.view_epin")
    with nothing_changes():
        token = sam.token()
        sent = {"action": action, "_selected_action": [str(each) for each in _ids(cast.anna)],
                "owner": cast.ben.username, "csrfmiddlewaretoken": token}  # fmt: skip
        sam.post("/epins/epin/", sent)
    assert "Block the selected e-pins" not in sam.get("/epins/epin/").text
    assert _ids(cast.ben) == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "active"),
        ({"balance": 0}, "used"),
        ({"balance": 0, "expires_at": "now"}, "expired"),
        ({"expires_at": "now"}, "expired"),
        ({"expires_at": "now", "blocked_at": "now"}, "blocked"),
        ({"balance": 0, "blocked_at": "now"}, "blocked"),
    ],
)
def test_owner_and_office_are_told_the_same_status(
    changes: dict[str, Any], status: str, olga: Visitor, cast: Cast, give_epin: Callable[..., str]
) -> None:
    give_epin(cast.anna, "5.00")
    fresh = {"balance": minor("5.00"), "expires_at": None, "blocked_at": None}
    changed = {name: clock.now() if value == "now" else value for name, value in changes.items()}
    EPin.objects.filter(owner_id=cast.anna.id).update(**fresh | changed)
    (owned,) = data(cast.anna.client.get("epins/"))["epins"]
    assert owned["status"] == status
    page = f"/epins/epin/{_ids(cast.anna)[0]}/"
    label = f'class="status status-{status}"'
    assert label in olga.get(page).text
    assert label in olga.get(f"/members/member/{cast.anna.id}/").text
    for each in ("active", "used", "expired", "blocked"):
        found = olga.get("/epins/epin/", q=cast.anna.username, status=each).text
        assert (f"/office{page}" in found) == (each == status)
    EPin.objects.filter(owner_id=cast.anna.id).update(**fresh)


def test_e_pins_are_filtered_by_status_and_owner(
    olga: Visitor, cast: Cast, give_epin: Callable[..., str]
) -> None:
    give_epin(cast.anna, "5.00")
    link = f"/office/epins/epin/{_ids(cast.anna)[0]}/"
    for query, expected in (({"status": "active"}, True), ({"status": "used"}, False),
                            ({"status": "expired"}, False), ({"owned": "no"}, False),
                            ({"owned": "yes"}, True)):  # fmt: skip
        page = olga.get("/epins/epin/", q=cast.anna.username, **query).text
        assert (link in page) == expected, query
