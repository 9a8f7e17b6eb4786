from upline.base.errors import FieldsWrong, NotFound
from upline.language import gettext, lazy


class AddressNotFound(NotFound):
    sentence = lazy("You have no shipping address with this id.")


class NoAddress(FieldsWrong):
    def __init__(self) -> None:
        super().__init__(
            fields={"address_id": gettext("Add a shipping address first, or send an address_id.")}
        )


class TooManyAddresses(FieldsWrong):
    def __init__(self) -> None:
        super().__init__(fields={"address": gettext("You can have at most 20 shipping addresses.")})
