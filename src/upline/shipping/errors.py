from upline.base.errors import FieldsWrong, NotFound


class AddressNotFound(NotFound):
    sentence = "You have no shipping address with this id."


class NoAddress(FieldsWrong):
    def __init__(self) -> None:
        super().__init__(
            fields={"address_id": "Add a shipping address first, or send an address_id."}
        )


class TooManyAddresses(FieldsWrong):
    def __init__(self) -> None:
        super().__init__(fields={"address": "You can have at most 20 shipping addresses."})
