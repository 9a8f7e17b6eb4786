"""A member's shipping addresses."""

from upline.shipping.errors import AddressNotFound, NoAddress
from upline.shipping.models import ShippingAddress


def of_member(member_id: int) -> list[ShippingAddress]:
    """All of them, oldest first."""
    return list(ShippingAddress.objects.filter(member_id=member_id).order_by("id"))


def for_order(member_id: int, address_id: int | None) -> ShippingAddress:
    """The named address, else the default. Raises AddressNotFound, NoAddress."""
    mine = ShippingAddress.objects.filter(member_id=member_id)
    if address_id is None:
        address = mine.filter(is_default=True).first()
        if address is None:
            raise NoAddress()
        return address
    address = mine.filter(pk=address_id).first()
    if address is None:
        raise AddressNotFound()
    return address
