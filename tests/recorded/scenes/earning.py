"""What members earn: so far, in approved and in paid runs, and after a refund."""

from datetime import timedelta

from recorded.company import FIRST_DAY, Company


def play(company: Company) -> None:
    _before_any_run(company)
    _so_far(company)
    runs = _first_run(company)
    _second_day(company)
    _wrong(company, runs)


def _before_any_run(company: Company) -> None:
    anna = company.asks("anna")
    for address in ("earnings/current/", "earnings/", "ranks/me/", "earnings/1/"):
        anna("GET", address)


def _so_far(company: Company) -> None:
    company.uses_plan()
    company.works_out_so_far()
    for name in ("acme", "anna", "ben"):
        company.asks(name)("GET", "earnings/current/", note="after an interim run")


def _first_run(company: Company) -> list[int]:
    """The first day's run: computed, approved, paid."""
    company.go_to(FIRST_DAY + timedelta(days=1))
    runs = company.opens_runs()
    company.computes_run(runs[0])
    anna = company.asks("anna")
    anna("GET", "earnings/", note="computed")
    anna("GET", f"earnings/{runs[0]}/", note="computed")
    company.approves_run(runs[0])
    anna("GET", "earnings/", note="approved")
    company.pays_run(runs[0])
    _tell(company, runs[0])
    return runs


def _tell(company: Company, run: int) -> None:
    """Everything that a run says, to those that it is about."""
    for name in ("acme", "anna", "ben", "dan"):
        member = company.asks(name)
        if run not in {each["id"] for each in member("GET", "earnings/").data["earnings"]}:
            continue
        found = member("GET", f"earnings/{run}/").data
        for line in found["lines"]:
            member("GET", f"earnings/{run}/lines/{line['number']}/")
        member("GET", f"earnings/{run}/statement/", query={"format": "csv"})
        member("GET", "ewallet/balance/")
        member("GET", "ranks/me/")
    anna = company.asks("anna")
    cursor = anna("GET", f"earnings/{run}/", query={"limit": 1}).data["next_cursor"]
    anna("GET", f"earnings/{run}/", query={"limit": 1, "cursor": cursor or ""})
    anna("GET", "ewallet/transactions/", query={"limit": 3})


def _second_day(company: Company) -> None:
    """An order of the first day is refunded on the second: the next runs take back."""
    cleo = company.asks("cleo")
    bought = cleo("GET", "orders/").data["orders"]
    order = next(each for each in bought if len(each["lines"]) > 1)
    company.refunds(order["order_id"], 1)
    cleo("GET", f"orders/{order['order_id']}/")
    for name, points in (("ben", "50"), ("cleo", "40")):
        sold = {"order_id": f"shop-{name}-2", "total_amount": points, "total_quantity": 1,
                "total_pv": points}  # fmt: skip
        company.asks(name, shop=True)("POST", "order/", form=sold)
    company.go_to(FIRST_DAY + timedelta(days=2))
    for run in company.opens_runs():
        company.computes_run(run)
        company.approves_run(run)
        company.pays_run(run)
        _tell(company, run)
    anna = company.asks("anna")
    cursor = anna("GET", "earnings/", query={"limit": 1}).data["next_cursor"]
    anna("GET", "earnings/", query={"limit": 1, "cursor": cursor})
    company.works_out_so_far()
    anna("GET", "earnings/current/")


def _wrong(company: Company, runs: list[int]) -> None:
    anna, run = company.asks("anna"), runs[0]
    for unknown in ("0", "999", "x", "1e3", "-1", "9" * 30):
        for rest in ("", "statement/", "lines/1/"):
            anna("GET", f"earnings/{unknown}/{rest}")
        anna("GET", f"earnings/{run}/lines/{unknown}/")
    anna("GET", f"earnings/{run}/statement/")
    anna("GET", f"earnings/{run}/statement/", query={"format": "pdf"})
    for wrong in ({"format": "doc"}, {"format": ""}):
        anna("GET", f"earnings/{run}/statement/", query=wrong)
    for odd in ({"limit": 0}, {"limit": "x"}, {"cursor": "x"}, {"colour": "red"}):
        anna("GET", "earnings/", query=odd)
        anna("GET", f"earnings/{run}/", query=odd)
    company.asks("hal")("GET", f"earnings/{run}/", note="another's run")
