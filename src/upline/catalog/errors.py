from upline.base.errors import Refusal
from upline.language import lazy


class ProductNotAvailable(Refusal):
    code, status = "1012", 422
    meaning = "Product not available"
    sentence = lazy("This product is not available.")

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence, fields={"product_id": sentence or self.sentence})


class PackageNotFound(Refusal):
    """The same for `package/{id}/`, where the address itself names nothing."""

    code, status = "1012", 404
    sentence = lazy("This product is not available.")
