from upline.base.errors import Refusal


class ProductNotAvailable(Refusal):
    code, status = "1012", 422
    sentence = "This product is not available."

    def __init__(self) -> None:
        super().__init__(fields={"product_id": self.sentence})


class PackageNotFound(Refusal):
    """The same for `package/{id}/`, where the address itself names nothing."""

    code, status = "1012", 404
    sentence = "This product is not available."
