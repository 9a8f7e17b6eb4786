"""Every statement of a company, calculated again by hand from the figures that it tells."""

from collections import Counter
from typing import Any

from commissions.reckoning import WHOLE, amount_of
from commissions.story import Story

SETTLEMENT = {
    "ceiling": "ceiling", "service charge": "charges", "tax": "tax", "carried over": "carried",
}  # fmt: skip


def members(story: Story) -> list[tuple[dict[str, Any], str, dict[str, Any]]]:
    return [(run, name, member) for run in story.runs for name, member in run["members"].items()]


def test_every_line_follows_from_its_figures(story: Story) -> None:
    seen: Counter[str] = Counter()
    for run, name, member in members(story):
        net = 0
        for line in member["lines"]:
            seen[line["bonus"]] += 1
            if line["bonus"] != "pool":
                assert line["amount"] == amount_of(line, net), (run["run"], name, line)
            net += line["amount"]
    bonuses = {"pairs", "matching", "levels", "steps", "pool", "award"}
    assert seen.keys() == bonuses | SETTLEMENT.keys(), "the story has one of each"


def test_a_pool_is_paid_out_to_the_last_cent(story: Story) -> None:
    for run in story.runs:
        lines = [
            line for member in run["members"].values() for line in member["lines"]
            if line["bonus"] == "pool"
        ]  # fmt: skip
        figures = lines[0]["figures"]
        fund, shares = figures["fund"], figures["all_shares"]
        assert fund == figures["turnover"] * figures["percent"] // WHOLE
        assert sum(line["figures"]["shares"] for line in lines) == shares
        assert sum(line["amount"] for line in lines) == fund
        for line in lines:
            least = fund * line["figures"]["shares"] // shares
            assert line["amount"] - least in (0, 1), "the largest remainders get one more"


def test_the_lines_of_a_statement_are_its_sums(story: Story) -> None:
    for _, name, member in members(story):
        sums = member["sums"]
        found: Counter[str] = Counter()
        for line in member["lines"]:
            found[SETTLEMENT.get(line["bonus"], "gross")] += line["amount"]
        assert found["gross"] == sums["gross"], name
        assert -found["ceiling"] == sums["ceiling"], name
        assert (-found["charges"], -found["tax"]) == (sums["charges"], sums["tax"]), name
        assert found["carried"] == sums["carried"], name
        assert sum(line["amount"] for line in member["lines"]) == sums["total"], name


def test_a_statement_is_what_was_paid(story: Story) -> None:
    for run, name, member in members(story):
        sums = member["sums"]
        purchase = sums["total"] * run["purchase_share"] // WHOLE
        assert purchase == sums["purchase"]
        due = {
            "commission": sums["total"] - purchase,
            "commission_purchase": purchase,
            "commission_charge": sums["charges"],
            "commission_tax": sums["tax"],
        }
        assert member["paid"] == {kind: amount for kind, amount in due.items() if amount}, name
    assert [sum(each["sums"]["total"] for each in run["members"].values()) for run in story.runs] \
        == [run["paid"] for run in story.runs]  # fmt: skip


def test_what_is_held_is_what_the_next_run_begins_with(story: Story) -> None:
    first, second = ({name: held(member) for name, member in run["members"].items()}
                     for run in story.runs)  # fmt: skip
    kept = {name: figures["held_after"] for name, figures in first.items() if figures}
    assert kept, "somebody is below the minimum in the first run"
    assert all(amount < story.runs[0]["minimum"] for amount in kept.values())
    goes_on = {name: second[name]["held_before"] for name in kept if second.get(name)}
    assert goes_on, "somebody's held amount changes in the second run"
    assert goes_on == {name: kept[name] for name in goes_on}


def held(member: dict[str, Any]) -> dict[str, int]:
    """The figures of what is carried over; none where nothing is."""
    found = [line["figures"] for line in member["lines"] if line["bonus"] == "carried over"]
    return found[0] if found else {}


def test_a_sentence_tells_each_line_and_whose_order_it_was(story: Story) -> None:
    for _, _, member in members(story):
        for line in member["lines"]:
            assert line["sentence"]
            if line["order"]:
                assert f"order {line['order']} of {line['of']}" in line["sentence"]
            elif line["of"]:
                assert line["of"] in line["sentence"]
