"""What the demo company promises about its second market: Switzerland, in francs."""

import pytest

from stories.conftest import Demo
from support.client import data

SWISS = "(SELECT id FROM markets_market WHERE code = 'CH')"


def count(demo: Demo, statement: str) -> int:
    ((found,),) = demo.ask(f"SELECT count(*) {statement}")
    return int(found)


def test_a_tenth_of_the_members_belong_to_it(demo: Demo) -> None:
    members = f"FROM members_member WHERE market_id = {SWISS}"
    assert 20 <= count(demo, f"{members} AND kind = 'member'") <= 50
    assert count(demo, f"{members} AND kind <> 'member'") >= 1
    strangers = "SELECT DISTINCT country_id FROM members_member WHERE market_id = "
    assert demo.ask(strangers + SWISS) == [(756,)]
    abroad = f"FROM members_member WHERE country_id = 756 AND market_id <> {SWISS}"
    assert count(demo, abroad) == 0


def test_its_members_sponsor_and_are_sponsored_across_the_border(demo: Demo) -> None:
    across = f"""FROM genealogy_position position
        JOIN members_member below ON below.user_id = position.member_id
        JOIN members_member above ON above.user_id = position.sponsor_id
        WHERE below.market_id {{}} {SWISS} AND above.market_id {{}} {SWISS}"""
    assert count(demo, across.format("=", "<>")) >= 10
    assert count(demo, across.format("<>", "=")) >= 3
    assert count(demo, across.format("=", "=")) >= 1


def test_every_package_has_a_price_in_round_francs_with_swiss_tax(demo: Demo) -> None:
    prices = demo.ask(
        f"""SELECT price.amount, price.commissionable_value,
                   markets_tax_rate(price.market_id, price.tax_class_id, current_date)
            FROM catalog_package package
            LEFT JOIN catalog_price price
                 ON price.package_id = package.id AND price.market_id = {SWISS}"""
    )
    assert len(prices) == 22
    for amount, value, tax in prices:
        assert (amount % 10, tax) == (0, 810)
        assert value == amount * 10_000 // 10_810


def test_runs_convert_at_the_rates_of_their_last_day(demo: Demo) -> None:
    rates = demo.ask("SELECT first_day, per_unit FROM markets_marketrate ORDER BY first_day")
    assert len(rates) == 3
    used = demo.ask(
        f"""SELECT run.last_day, met.per_unit FROM commissions_run run
            JOIN commissions_runmarket met ON met.run_id = run.id AND met.market_id = {SWISS}"""
    )
    assert {rate for _, rate in used} == {rate for _, rate in rates}
    for last_day, rate in used:
        assert rate == [each for first_day, each in rates if first_day <= last_day][-1]


def test_members_are_paid_in_francs_for_orders_of_both_markets(demo: Demo) -> None:
    earners = "FROM commissions_earning WHERE currency = 'CHF' AND total > 0"
    assert count(demo, earners) >= 10
    sold = f"""SELECT count(*) FILTER (WHERE sale.market_id = {SWISS}),
                      count(*) FILTER (WHERE sale.market_id <> {SWISS})
               FROM commissions_line line
               JOIN commissions_earning earning USING (run_id, member_id)
               JOIN orders_order sale ON sale.id = line.source_id AND line.bonus = 2
               WHERE earning.currency = '{{}}'"""
    for currency in ("CHF", "EUR"):
        assert min(demo.ask(sold.format(currency))[0]) >= 3


@pytest.mark.parametrize(
    "happened",
    [
        f"FROM orders_order WHERE market_id = {SWISS}"
        " AND kind = 'checkout' AND status = 'complete'",
        f"FROM orders_refund JOIN orders_order sale ON sale.id = order_id"
        f" WHERE sale.market_id = {SWISS}",
        "FROM payouts_payout WHERE currency = 'CHF' AND status = 'paid'",
        "FROM epins_epin pin JOIN epins_epinbatch batch ON batch.id = pin.batch_id"
        " WHERE batch.currency = 'CHF'",
    ],
)
def test_all_that_happens_in_a_year_happens_there_too(demo: Demo, happened: str) -> None:
    assert count(demo, happened) >= 1


def test_a_swiss_member_sees_francs(demo: Demo) -> None:
    ((username,),) = demo.ask(
        f"""SELECT username FROM members_user person
            JOIN members_member member ON member.user_id = person.id
            JOIN commissions_earning earning ON earning.member_id = person.id
            WHERE member.market_id = {SWISS} AND standing = 'active'
            GROUP BY username ORDER BY sum(total) DESC LIMIT 1"""
    )
    client = demo.client()
    client.sign_in(username, demo.logins()["members"][0]["password"])
    assert data(client.get("ewallet/balance/"))["currency"] == "CHF"
    basket = next(
        each
        for each in data(client.get("package/cart/"))["products"]
        if each["name"] == "Seagrass Basket"
    )
    assert basket["amount"] == 57
    assert data(client.get("signup/fee/"))["fee"] == 25
    (newest, *_) = data(client.get("earnings/"))["earnings"]
    assert newest["currency"] == "CHF"
