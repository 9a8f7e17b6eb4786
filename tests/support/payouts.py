"""Payouts in any status, brought there by the flows that the office's pages call."""

from collections.abc import Callable

import pytest

from support.cast import Player
from support.client import data
from support.installation import STAFF
from support.moves import ask_payout
from support.office import acting

REASON = "for a test"


@pytest.fixture(scope="session")
def bring_to() -> Callable[..., str]:
    """A payout of this status: `bring_to(cast.anna, "paid")`; its number."""

    def bring(member: Player, status: str, amount: str = "10.00") -> str:
        from upline.flows import paying_out

        number: str = data(ask_payout(member, amount))["payout_id"]
        unit = acting(STAFF)
        if status == "cancelled":
            assert member.client.delete(f"payouts/{number}/").status_code == 204
        if status == "declined":
            paying_out.decline(unit, number, REASON)
        if status in {"approved", "in_batch", "paid", "failed", "returned"}:
            paying_out.approve(unit, number)
        if status in {"in_batch", "paid", "failed", "returned"}:
            paying_out.make_batch(unit)
        if status in {"paid", "returned"}:
            paying_out.mark_paid(unit, number)
        if status == "failed":
            paying_out.mark_failed(unit, number, REASON)
        if status == "returned":
            paying_out.mark_returned(unit, number, REASON)
        return number

    return bring
