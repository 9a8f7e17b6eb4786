"""What `./upline demo` promises about its company."""

import datetime
import hashlib
import itertools
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from stories.conftest import Demo
from support import calling
from support.client import Client, data, refused
from support.installation import ROOT, Installation
from support.office import Visitor, problems
from upline.demo import events, story

# What a building makes, but for what is random (order numbers, codes, hashes, picture names)
# and for ids: a building that was given up leaves gaps in them, and a run's transfers, made by one
# statement, get them in any order. So all that is compared also sorts.
COMPANY = """
SELECT person.username, member.firstname, member.lastname, member.date_of_birth::text, country_id,
       member.city, member.mobile, member.email, member.standing, member.joined_at::text,
       above.username, node.side, sponsor.username, package.code, member.terms_address
FROM members_member member JOIN members_user person ON person.id = member.user_id
JOIN genealogy_position node ON node.id = member.user_id
LEFT JOIN genealogy_position upper ON upper.id = node.parent_id
LEFT JOIN members_user above ON above.id = upper.member_id
LEFT JOIN members_user sponsor ON sponsor.id = node.sponsor_id
LEFT JOIN catalog_package package ON package.id = member.package_id ORDER BY 1
"""
ORDERS = """
SELECT person.username, kind, status, outside_id, total_amount, total_quantity, total_points,
       address::text, orders.created_at::text, business_date::text
FROM orders_order orders JOIN members_user person ON person.id = orders.member_id
ORDER BY orders.id
"""
MONEY = """
SELECT debit.kind, payer.username, credit.kind, payee.username, amount, transfer.currency,
       transfer.kind,
       CASE WHEN transfer.kind LIKE 'commission%' THEN 'Run' ELSE note END,
       business_date::text
FROM wallet_transfer transfer
JOIN wallet_account debit ON debit.id = debit_id
JOIN wallet_account credit ON credit.id = credit_id
LEFT JOIN members_user payer ON payer.id = debit.member_id
LEFT JOIN members_user payee ON payee.id = credit.member_id
ORDER BY transfer.created_at, 1, 2, 3, 4, 5, 6, 7, 8
"""
RUNS = """
SELECT every, first_day::text, last_day::text, status, turnover, gross, paid, lines, members,
       opened_at::text, closed_at::text
FROM commissions_run ORDER BY id
"""
PAYOUTS = """
SELECT username, amount, currency, status, requested_at::text, closed_at::text, reason
FROM payouts_payout JOIN members_user person ON person.id = member_id ORDER BY payouts_payout.id
"""
BELOW_MARC = """
WITH RECURSIVE below AS (
    SELECT position.id, position.member_id FROM genealogy_position position
    JOIN members_user person ON person.id = position.id WHERE username = 'marc'
    UNION ALL
    SELECT position.id, position.member_id FROM genealogy_position position
    JOIN below ON position.parent_id = below.id)
SELECT count(DISTINCT member_id) - 1 FROM below
JOIN members_member member ON member.user_id = below.member_id
WHERE joined_at < (SELECT at FROM base_auditentry WHERE event = 'demo.build')
"""
REST = """
SELECT (SELECT count(*) FROM kyc_kycreview), (SELECT count(*) FROM shipping_shippingaddress),
       (SELECT count(*) FROM epins_epin), (SELECT sum(balance) FROM epins_epin),
       (SELECT count(*) FROM orders_refund), (SELECT count(*) FROM base_auditentry),
       (SELECT count(*) FROM members_member WHERE bank_sealed IS NOT NULL)
"""


def company(demo: Demo) -> list[object]:
    return [demo.ask(statement) for statement in (COMPANY, ORDERS, MONEY, RUNS, PAYOUTS, REST)]


def test_every_login_of_the_file_works(demo: Demo) -> None:
    check_logins(demo)


def check_logins(demo: Demo) -> None:
    for number, member in enumerate(demo.logins()["members"]):
        client = demo.signed_in(number)
        before = data(client.get("ewallet/balance/"))
        paid = client.post(
            "ewallet/payment/",
            payment_amount="1.00",
            purpose="purchase",
            ewallet_username=member["username"],
            transaction_password=member["transaction_password"],
        )
        assert paid.status_code == 204
        given_back = client.post("ewallet/payment/refund/")
        assert given_back.status_code == 204
        assert data(client.get("ewallet/balance/")) == before


@pytest.mark.parametrize("role", ["office", "approver"])
def test_both_staff_users_get_into_the_office(demo: Demo, role: str) -> None:
    login = demo.logins()[role]
    assert demo.logins()["office"]["url"] == f"{demo.base_url}/office/"
    visitor = Visitor(demo.base_url)
    assert visitor.sign_in(login["username"], login["password"]).status_code == 302
    assert visitor.get("/orders/order/").status_code == 200


def test_each_named_member_has_money_and_a_whole_epin(demo: Demo) -> None:
    check_money(demo)


def check_money(demo: Demo) -> None:
    for number, member in enumerate(demo.logins()["members"]):
        client = demo.signed_in(number)
        balance = data(client.get("ewallet/balance/"))
        assert balance["balance"] >= Decimal(1000)
        assert (balance["purchase_balance"], balance["currency"]) == (0, "EUR")
        mine = {each["code"]: each for each in data(client.get("epins/", limit=200))["epins"]}
        epin = mine[member["epin_code"]]
        assert (epin["amount"], epin["balance"], epin["status"]) == (100, 100, "active")
        orders = data(client.get("orders/", limit=200))["orders"]
        assert orders, "a member of the demo has bought something"
        assert "awaiting_payment" not in {each["status"] for each in orders}
        assert data(client.get("cart/products/"))["cart_items"] == []


def test_the_named_members_are_not_in_each_others_teams(demo: Demo) -> None:
    names = [each["username"] for each in demo.logins()["members"]]
    assert len(set(names)) == 5
    for number, other in itertools.product(range(5), names):
        answer = demo.signed_in(number).get("network/tree/", username=other)
        if names[number] == other:
            assert len(data(answer)["nodes"]) >= 3
        else:
            refused(answer, 404, "1102")


def test_the_packages_are_affordable_and_have_pictures(demo: Demo) -> None:
    client = demo.signed_in(0)
    memberships = data(client.get("package/membership/"))["products"]
    wares = data(client.get("package/cart/"))["products"]
    fee = data(client.get("signup/fee/"))["fee"]
    assert len(memberships) >= 3
    assert len(wares) >= 6
    assert min(each["amount"] for each in memberships) + fee <= 300
    assert min(each["amount"] for each in wares) <= 200
    for each in [*memberships, *wares]:
        details = data(client.get(f"package/{each['id']}/"))
        assert details["description"]
        picture = httpx.get(details["image"])
        assert picture.status_code == 200
        assert picture.headers["Content-Type"].startswith("image/")
        assert len(picture.content) > 4000


def test_a_new_member_joins_under_the_name_that_was_sent(demo: Demo) -> None:
    client, sponsor = demo.signed_in(0), demo.logins()["members"][0]["username"]
    joined = client.post("signup/", **a_signup(client, sponsor, username="Newcomer.One"))
    assert data(joined) == {"username": "Newcomer.One"}
    stranger = demo.client()
    refused(stranger.post("signup/", **a_signup(client, sponsor, username="x.y")), 401, "1002")


def a_signup(client: Client, sponsor: str, **changed: str) -> dict[str, str]:
    """The fields of a free signup below the first member of the sponsor's team with room."""
    nodes = data(client.get("network/tree/", username=sponsor, depth=50))["nodes"]
    taken = {(node["parent"], node["position"]) for node in nodes}
    free = next(
        (node["username"], leg)
        for node in nodes
        for leg in "LR"
        if (node["username"], leg) not in taken
    )
    cheapest = data(client.get("package/membership/"))["products"][0]
    return {
        "sponsor_username": sponsor,
        "placement_username": free[0],
        "position": free[1],
        "product_id": str(cheapest["id"]),
        "firstname": "Nora",
        "lastname": "Newcomer",
        "date_of_birth": "1991-02-03",
        "email": "nora@example.com",
        "mobile": "+49 171 3920001",
        "password": "a fresh start today",
        "password_confirmation": "a fresh start today",
        "agree_terms": "true",
        "payment_method": "free_join",
        **changed,
    }


def test_only_the_limits_on_the_three_secrets_are_kept(demo: Demo) -> None:
    code, said = demo.run("set")
    assert code == 0
    limits = dict(re.findall(r"^(\w+_limit\w*) = (\d+)$", said, re.MULTILINE))
    assert limits == {
        "login_limit": "10",
        "login_limit_by_address": "5",
        "transaction_password_limit": "5",
        "transaction_password_limit_by_guesser": "3",
        "guesser_limit": "10",
        "epin_limit": "5",
        "secret_limit_by_address": "1000",
        "forgot_limit": "0",
        "forgot_limit_by_name": "0",
        "signup_limit": "0",
        "join_limit": "0",
        "picture_limit": "0",
        "request_limit": "0",
    }
    stranger = demo.client()
    for _ in range(5):
        wrong = stranger.post("auth/access/", username="nobody.here", password="guess")
        refused(wrong, 401, "1003")
    refused(stranger.post("auth/access/", username="nobody.here", password="guess"), 429, "1005")


def test_one_person_alone_cannot_credit_more_than_a_company_lets_them(demo: Demo) -> None:
    login, member = demo.logins()["office"], demo.logins()["members"][0]
    client = demo.signed_in(0)
    before = data(client.get("ewallet/balance/"))
    office = Visitor(demo.base_url)
    office.sign_in(login["username"], login["password"])
    found = office.get("/members/member/", q=member["username"]).text
    person = re.search(r'href="/office(/members/member/\d+/)', found)
    assert person
    answer = office.send(f"{person[1]}credit/", amount="12000.00", reason="A prize")
    assert "This takes two people" in problems(answer)
    assert data(client.get("ewallet/balance/")) == before


def test_only_the_shops_key_reports_orders(demo: Demo) -> None:
    member = demo.logins()["members"][1]
    sale = {"order_id": "T-1", "total_amount": "10", "total_quantity": "1", "total_pv": "6"}
    refused(demo.signed_in(1).post("order/", **sale), 403, "1101")
    shop = demo.client(demo.logins()["store_api_key"])
    shop.sign_in(member["username"], member["password"])
    assert shop.post("order/", **sale).status_code == 204


def test_the_year_ended_yesterday_and_has_all_that_happens_in_one(demo: Demo) -> None:
    months = demo.ask(
        """SELECT date_trunc('month', joined_at AT TIME ZONE 'Europe/Berlin')::date, count(*)
           FROM members_member WHERE kind = 'member' AND joined_at < current_date GROUP BY 1"""
    )
    assert len(months) in {12, 13}
    assert 295 <= sum(count for _, count in months) <= 305
    happened = {
        row[0] for row in demo.ask("SELECT DISTINCT kind || ' ' || status FROM orders_order")
    }
    assert happened >= {
        "checkout complete", "checkout cancelled", "checkout refunded", "membership complete",
        "membership awaiting_payment", "outside complete",
    }  # fmt: skip
    found = demo.ask(
        """SELECT (SELECT count(*) FROM members_member WHERE standing = 'blocked'),
                  (SELECT count(DISTINCT status) FROM kyc_kycreview),
                  (SELECT count(DISTINCT country_id) FROM members_member),
                  (SELECT count(*) FROM members_member WHERE bank_sealed IS NOT NULL),
                  (SELECT count(*) FROM members_member WHERE picture_id IS NOT NULL),
                  (SELECT count(*) FROM orders_refund),
                  (SELECT count(*) FROM wallet_transfer WHERE kind = 'payment_returned'),
                  (SELECT count(*) FROM epins_epin WHERE blocked_at IS NOT NULL),
                  (SELECT count(*) FROM genealogy_position WHERE sponsor_id <> parent_id),
                  (SELECT count(*) FROM genealogy_position WHERE number = 2),
                  (SELECT count(*) FROM genealogy_position WHERE number = 3)"""
    )[0]
    least = (2, 4, 5, 80, 15, 5, 1, 1, 100, 12, 4)
    assert all(number >= most for number, most in zip(found, least, strict=True)), found
    newest = demo.ask(
        """SELECT max(created_at) < date_trunc('day', now() AT TIME ZONE 'Europe/Berlin')
                  AT TIME ZONE 'Europe/Berlin' FROM wallet_transfer WHERE kind = 'order_tax'"""
    )
    assert newest == [(True,)]


def test_three_people_are_prepared_for_show(demo: Demo) -> None:
    shown = {each["username"]: each["password"] for each in demo.logins()["shown"]}
    assert list(shown) == ["anna", "marc", "lea"]
    clients = {}
    for username, password in shown.items():
        clients[username] = demo.client()
        clients[username].sign_in(username, password)
        assert data(clients[username].get("profile/"))["profile_image"]
    assert demo.ask(BELOW_MARC) == [(180,)]
    anna = data(clients["anna"].get("network/tree/", depth=50))["nodes"]
    assert {(node["parent"], node["position"]) for node in anna} >= {("anna", "L"), ("anna", "R")}
    joined = demo.ask(
        """SELECT current_date - joined_at::date FROM members_member
           JOIN members_user person ON person.id = user_id WHERE username = 'anna'"""
    )
    assert 19 <= joined[0][0] <= 23
    refused(clients["lea"].get("network/tree/"), 403, "1101")
    orders = data(clients["lea"].get("orders/"))["orders"]
    assert len(orders) >= 4
    assert orders[0]["status"] == "awaiting_payment"


def test_work_waits_for_the_office(demo: Demo) -> None:
    waiting = demo.ask(
        """SELECT (SELECT count(*) FROM payouts_payout WHERE status = 'requested'),
                  (SELECT count(*) FROM (SELECT DISTINCT ON (member_id) status FROM kyc_kycreview
                    ORDER BY member_id, id DESC) latest WHERE status = 'submitted'),
                  (SELECT count(*) FROM genealogy_position WHERE place_by IS NOT NULL),
                  (SELECT count(*) FROM orders_order WHERE pays_by = 'outside'
                    AND status = 'awaiting_payment')"""
    )
    assert waiting == [(5, 2, 3, 3)]


def test_no_mail_of_the_past_year_is_ever_sent(demo: Demo) -> None:
    of_the_year = "FROM mailings_mail WHERE created_at < current_date - 1"
    assert demo.ask(f"SELECT count(*) {of_the_year}") == [(0,)]
    assert demo.ask(
        """SELECT count(*) FROM procrastinate_jobs job WHERE task_name LIKE '%deliver_mail'
           AND NOT EXISTS (SELECT FROM mailings_mail WHERE id = (job.args->>'mail_id')::bigint)"""
    ) == [(0,)]


def test_passwords_are_kept_as_dearly_as_anywhere(demo: Demo) -> None:
    weak = """SELECT count(*) FROM members_user
              WHERE password NOT LIKE 'argon2$argon2id$v=19$m=19456,t=2,p=1$%'"""
    assert demo.ask(weak) == [(0,)]


def test_the_books_hold(demo: Demo) -> None:
    code, said = demo.run("verify")
    assert code == 0, said
    assert "BROKEN" not in said


def test_the_file_is_its_owners_alone(demo: Demo) -> None:
    assert stat.S_IMODE(demo.file.stat().st_mode) == 0o600
    assert demo.logins()["base_url"] == demo.base_url


def test_a_second_start_changes_nothing(demo: Demo) -> None:
    before, file = company(demo), demo.file.read_bytes()
    code, said = demo.run("demo_company")
    assert code == 0
    assert "exists" in said
    assert company(demo) == before
    assert demo.file.read_bytes() == file


def test_at_another_address_the_file_says_so(demo: Demo) -> None:
    before, port = demo.logins(), demo.port
    demo.port = 8765
    assert demo.run("demo_company")[0] == 0
    moved = demo.logins()
    demo.port = port
    assert demo.run("demo_company")[0] == 0
    assert moved["base_url"] == "http://127.0.0.1:8765"
    assert moved["office"]["url"] == "http://127.0.0.1:8765/office/"
    assert moved["api_key"] == before["api_key"]
    assert demo.logins() == before


def test_another_company_is_left_alone(
    demo: Demo, installation: Installation, nothing_changes: Callable[[], Any], tmp_path: Path
) -> None:
    theirs = Demo(installation, "theirs")
    theirs.database, theirs.folder = "upline", tmp_path
    with nothing_changes():
        code, said = theirs.run("demo_company")
    assert code == 1
    assert "belongs to the company Acme" in said
    assert not theirs.file.exists()


def test_interrupted_it_leaves_nothing_and_then_comes_out_the_same(
    new_demo: Callable[[str], Demo],
) -> None:
    other, alone = new_demo("other"), new_demo("alone")
    code, said = other.interrupt()
    assert code == 130, said
    assert "members have joined" in said
    assert "Traceback" not in said
    assert is_empty(other)

    for demo in (other, alone):
        code, said = demo.run("demo_company")
        assert code == 0, said
    assert company(other) == company(alone)
    assert demo.ask("SELECT count(*) > 50 FROM members_member") == [(True,)]
    assert all(demo.ask(statement) for statement in (ORDERS, MONEY, RUNS, PAYOUTS))


def test_a_company_whose_books_do_not_hold_is_not_built(new_demo: Callable[[str], Demo]) -> None:
    broken = new_demo("broken")
    broken.plant(
        """CREATE FUNCTION one_more() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN NEW.points := NEW.points + 1; RETURN NEW; END $$;
           CREATE TRIGGER one_more BEFORE INSERT ON orders_orderline
           FOR EACH ROW EXECUTE FUNCTION one_more()"""
    )
    code, said = broken.run("demo_company")
    assert code == 1
    assert "Each order's totals are those of its lines" in said
    assert "Traceback" not in said
    assert is_empty(broken)


def is_empty(demo: Demo) -> bool:
    """Nothing was committed, and no file tells of logins."""
    counts = demo.ask(
        "SELECT (SELECT count(*) FROM members_user), (SELECT count(*) FROM company_company), "
        "(SELECT count(*) FROM wallet_transfer), (SELECT count(*) FROM procrastinate_jobs)"
    )
    return counts == [(0, 0, 0, 0)] and not demo.file.exists()


def test_a_lost_file_is_written_anew_with_logins_that_work(fresh_demo: Demo) -> None:
    lost = fresh_demo.logins()
    fresh_demo.file.unlink()
    code, said = fresh_demo.run("demo_company")
    assert code == 0, said
    fresh = fresh_demo.logins()
    refused(fresh_demo.client(lost["api_key"]).get("profile/"), 401, "1001")
    assert fresh["members"] == lost["members"]
    check_logins(fresh_demo)
    check_money(fresh_demo)
    for role in ("office", "approver"):
        visitor = Visitor(fresh_demo.base_url)
        login = fresh[role]
        assert visitor.sign_in(login["username"], login["password"]).status_code == 302


def digest_of_a_year(last_day: str) -> str:
    year = story.write(datetime.date.fromisoformat(last_day))
    return hashlib.sha256(repr((year.events, year.seats)).encode()).hexdigest()


def test_the_plan_of_a_year_depends_on_its_last_day_alone() -> None:
    paths = os.pathsep.join(str(ROOT / folder) for folder in ("src", "tests"))

    def digest(last_day: str, hash_seed: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", calling.program(digest_of_a_year, (last_day,))],
            env=os.environ | {"PYTHONPATH": paths, "PYTHONHASHSEED": hash_seed},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    assert digest("2026-11-21", "1") == digest("2026-11-21", "2")
    assert digest("2026-11-21", "1") != digest("2026-11-22", "1")


@pytest.mark.parametrize("days", range(0, 364, 13))
def test_on_any_day_there_is_a_year_to_tell(days: int) -> None:
    year = story.write(datetime.date(2027, 1, 1) + datetime.timedelta(days=days))
    assert len(set(year.seats)) == 5
    told = {type(event) for event in year.events}
    assert told == {*events.StoryEvent.__subclasses__(), events.DayEnds}
    joined = [event for event in year.events if isinstance(event, events.Joins)]
    assert len(joined) == 300
    assert {event.payment_method for event in joined} == {"ewallet", "epin", "free_join"}
    reviewed = (event for event in year.events if isinstance(event, events.IsReviewed))
    assert len({event.status for event in reviewed}) == 4
