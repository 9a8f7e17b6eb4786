"""Members' questions about their earnings are answered from what runs have stored: what a sum is
made of, why it is less than before, where the commission for an order is."""

from commissions import asking
from commissions.conftest import Company
from commissions.story import Story

LEVELS = """
name = "Levels"
currency = "EUR"
packages = ["Starter", "Business"]
[active]
personal_points = 10
[[bonuses]]
name = "levels"
kind = "levels"
percents = [10, 5]
"""
PAIRS = """
name = "Pairs"
currency = "EUR"
packages = ["Starter", "Business"]
[[bonuses]]
name = "pairs"
kind = "binary"
pays_on = "points"
unit = 10
pair_amount = "2.00"
caps = [{per = "month", amount = "6.00"}]
"""


def test_every_earning_unfolds_to_the_cent(story: Story) -> None:
    assert story.company.does(asking.badly_unfolded) == []


def test_an_earning_unfolds_into_people_of_the_own_team_by_name(story: Story) -> None:
    told = story.company.does(asking.people_told, "anna")
    assert {"Ben", "Cleo", "Dan"} <= set(told)
    assert "Acme" not in told


def test_the_running_period_unfolds_into_what_home_says(planned: Company) -> None:
    assert planned.does(asking.running_differs) == []


def test_an_order_that_paid_is_answered_with_amount_and_period(story: Story) -> None:
    (answer,) = story.company.does(asking.asked, "anna", "dan example")[:1]
    assert answer[0] in ("earned", "counted"), answer


def test_why_less_tells_fewer_orders_and_a_return(company: Company) -> None:
    orders = [
        ["anna", 1, 1_000, 2_000], ["ben", 1, 10_000, 1_000], ["ben", 1, 10_000, 1_000],
        ["cleo", 1, 20_000, 1_000, "back"], ["dan", 1, 4_000, 100],
    ]  # fmt: skip
    numbers = company.does(asking.sold_and_paid, LEVELS, orders)
    said = " ".join(company.does(asking.why, "anna"))
    assert f"was taken back because order {numbers[3]} was returned" in said
    assert "from 3 orders or people instead of 4" in said
    verdict, sentence = company.does(asking.asked, "anna", numbers[3])[0]
    assert verdict == "taken back", sentence
    assert company.does(asking.asked, "anna", numbers[2])[0][0] == "earned"


def test_why_less_tells_that_one_was_not_active(company: Company) -> None:
    plan = LEVELS.replace("personal_points = 10", "personal_points = 100")
    orders = [["anna", 1, 1_000, 20_000], ["ben", 1, 10_000, 1_000], ["ben", 2, 10_000, 1_000]]
    numbers = company.does(asking.sold_and_paid, plan, orders)
    said = company.does(asking.why, "anna")
    assert said[0].startswith("You were not active this time.")
    verdict, sentence = company.does(asking.asked, "anna", numbers[2])[0]
    assert verdict == "inactive"
    assert "20.00 own points are missing" in sentence


def test_why_less_tells_of_matched_points(company: Company) -> None:
    orders = [["ben", 1, 1_000, 9_000], ["cleo", 1, 1_000, 9_000]]
    company.does(asking.sold_and_paid, PAIRS.replace("6.00", "60.00"), orders)
    said = " ".join(company.does(asking.why, "anna"))
    assert "your pairs matched 20.00 points instead of 90.00" in said


def test_why_less_tells_of_a_cap(company: Company) -> None:
    levels = "[[bonuses]]" + LEVELS.partition("[[bonuses]]")[2]
    orders = [["ben", 1, 100_000, 9_000], ["cleo", 1, 1_000, 9_000]]
    company.does(asking.sold_and_paid, PAIRS.replace("6.00", "2.00") + levels, orders)
    said = " ".join(company.does(asking.why, "anna"))
    assert "A cap of the plan kept back 2.00 EUR." in said


def test_the_office_s_and_strangers_orders_are_as_if_they_were_not_there(story: Story) -> None:
    company = story.company
    of_acme = company.does(asking.asked, "acme", "anna example")
    assert of_acme, "anna is in acme's team"
    for question in ("acme example", "UP-0000000000", "no-such-name", "%", "\u0000", "anna' OR 1"):
        assert company.does(asking.asked, "ben", question) == []
