from upline.base.errors import Conflict, FieldsWrong, NotFound, Refusal
from upline.language import gettext, lazy
from upline.orders.models import OrderStatus


class TotalsDiffer(Refusal):
    code, status = "1107", 422
    meaning = "The totals, prices or points are not those that were shown"
    sentence = lazy("The totals do not match the order.")


class OrderNotFound(NotFound):
    sentence = lazy("You have no order with this id.")


class OrderClosed(FieldsWrong):
    """The order is cancelled or refunded, or not awaiting payment. 1004 is what the published API
    answers."""

    def __init__(self, status: str) -> None:
        """`status`: the order's own; '' where it is enough that it does not await payment."""
        sentence = gettext("This order is not awaiting payment.")
        if status:
            sentence = gettext("This order is {status}.", status=OrderStatus(status).label)
        super().__init__(fields={"order_id": sentence})


class RefundTooMuch(FieldsWrong):
    def __init__(self) -> None:
        super().__init__(
            gettext("You can refund only pieces that were bought and not yet refunded.")
        )


class RefundSentBefore(Conflict):
    sentence = lazy("This refund is already marked as sent.")
