"""An order belongs to one period for good: whatever comes when its day is frozen counts later."""

from typing import Any

from commissions import racing
from commissions.conftest import Company
from commissions.founding import LAST
from commissions.world import (
    acting,
    computed,
    id_of,
    lines,
    noon,
    opened,
    refused,
    sell,
    totals,
)
from support.cast import enrol
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.commissions.models import ArchivePiece, Run
from upline.flows import blocking, refunding
from upline.flows import commission_run as flow
from upline.orders.models import Order, Refund


def test_an_order_that_is_completed_while_its_day_is_frozen_is_in_the_run_or_dated_later(
    planned: Company,
) -> None:
    seen, dated = planned.does(racing.race, LAST)
    assert seen == dated


def test_the_race_notices_orders_that_are_completed_without_the_lock(planned: Company) -> None:
    seen, dated = planned.does(racing.race_without_lock, LAST)
    assert seen < dated


def sell_on_a_frozen_day() -> Any:
    before = sell("ben", LAST, 1_000, 100)
    opened()
    late = sell("ben", LAST, 1_000, 100)
    found = Order.objects.values_list("number", "business_date")
    dates = {number: day for number, day in found if day}
    return [(dates[number] - LAST).days for number in (before, late)]


def test_an_order_of_a_frozen_day_counts_for_the_first_open_day(planned: Company) -> None:
    said = planned.does(sell_on_a_frozen_day)
    assert said == [0, 1]


def refund_on_a_frozen_day() -> Any:
    number = sell("ben", LAST, 1_000, 100)
    opened()
    line = Order.objects.get(number=number).lines.get()
    with noon(LAST):
        refunding.refund_order(UnitOfWork(Shell()), number, {line.pk: 1}, "a test")
    return (Refund.objects.get().business_date - LAST).days


def test_a_refund_of_a_frozen_day_counts_for_the_first_open_day(planned: Company) -> None:
    said = planned.does(refund_on_a_frozen_day)
    assert said == 1


def refund_before_approval() -> Any:
    number = sell("dan", LAST, 10_000, 0)
    line = Order.objects.get(number=number).lines.get()
    (run,) = opened()
    with_order = computed(run), totals(run)
    flow.review(acting("olga"), run)
    refunding.refund_order(UnitOfWork(Shell()), number, {line.pk: 1}, "a test")
    tried = refused(lambda: flow.approve(acting("otto"), run))
    status = Run.objects.get().status
    without = computed(run), totals(run)
    reviewed = Run.objects.get().reviewed_by_id
    flow.review(acting("olga"), run)
    flow.approve(acting("otto"), run)
    return [with_order, tried, status, without, reviewed, Run.objects.get().status]


def test_an_order_that_is_refunded_before_approval_leaves_the_run(planned: Company) -> None:
    said = planned.does(refund_before_approval)
    (hashes, earlier), tried, status, (other, later), reviewed, last = said
    assert "has been refunded since" in tried
    assert (status, reviewed, last) == ("reviewed", None, "approved")
    assert hashes != other
    # dan's 100.00 brought ben 10.00 and anna 5.00, less 15 percent.
    assert earlier["ben"] - later["ben"] == 850
    assert earlier["anna"] - later["anna"] in (425, 426)


def compute_twice() -> Any:
    (run,) = opened()

    def everything() -> tuple[Any, ...]:
        hashes = computed(run)
        parts = ArchivePiece.objects.order_by("part", "number")
        return hashes, lines(run), totals(run), [(p.part, p.number, bytes(p.bytes)) for p in parts]

    first = everything()
    enrol("dan", "late", "dan", "L")
    sell("ben", LAST, 5_000, 100)
    blocking.block_member(UnitOfWork(Shell()), id_of("anna"), "a test")
    return [first == everything(), len(first[1]), len(first[3])]


def test_a_run_computed_again_on_the_same_books_has_the_same_bytes(planned: Company) -> None:
    """What happened since the period ended is not among them."""
    said = planned.does(compute_twice)
    same, lines, pieces = said
    assert same
    assert (lines, pieces) == (14, 14)
