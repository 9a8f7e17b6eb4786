from upline.base.errors import Conflict, FieldsWrong, Refusal
from upline.language import gettext, lazy


class CartEmpty(Refusal):
    code, status = "1110", 422
    meaning = "The cart is empty"
    sentence = lazy("The cart is empty.")


class QuantityWrong(FieldsWrong):
    def __init__(self) -> None:
        super().__init__(fields={"quantity": gettext("The quantity must be from 1 to 999.")})


class CartFull(FieldsWrong):
    def __init__(self) -> None:
        super().__init__(
            fields={"product_id": gettext("A cart can hold at most 100 different products.")}
        )


class PriceChanged(Refusal):
    """A product costs something else than the cart showed, or gives other points. `sentence` names
    it."""

    code, status = "1107", 422

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, fields={"product_id": sentence})


class CartChanged(Conflict):
    """The cart holds something else than the page showed that this was sent from."""

    sentence = lazy(
        "Your cart has changed since you opened this page. Check it, then confirm again."
    )
