from upline.base.errors import Conflict, FieldsWrong, NotFound, Refusal


class TotalsDiffer(Refusal):
    code, status = "1107", 422
    meaning = "The totals, prices or points are not those that were shown"
    sentence = "The totals do not match the order."


class OrderNotFound(NotFound):
    sentence = "You have no order with this id."


class OrderClosed(FieldsWrong):
    """The order is cancelled or refunded, or not awaiting payment. 1004 is what the published API
    answers."""

    def __init__(self, status: str) -> None:
        super().__init__(fields={"order_id": f"This order is {status.replace('_', ' ')}."})


class RefundTooMuch(FieldsWrong):
    def __init__(self) -> None:
        super().__init__("You can refund only pieces that were bought and not yet refunded.")


class RefundSentBefore(Conflict):
    sentence = "This refund is already marked as sent."
