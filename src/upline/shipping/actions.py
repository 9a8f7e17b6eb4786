"""Keeping shipping addresses. Changes of one member's addresses wait for each other."""

from upline.base import clock
from upline.members.models import Member
from upline.shipping.errors import AddressNotFound, TooManyAddresses
from upline.shipping.models import ShippingAddress

ADDRESSES_MAX = 20


def add(member_id: int, **fields: str) -> ShippingAddress:
    """Add an address; the first one is the default. Raises TooManyAddresses."""
    _lock(member_id)
    count = ShippingAddress.objects.filter(member_id=member_id).count()
    if count >= ADDRESSES_MAX:
        raise TooManyAddresses()
    return ShippingAddress.objects.create(
        member_id=member_id, is_default=count == 0, created_at=clock.now(), **fields
    )


def remove(member_id: int, address_id: int) -> ShippingAddress:
    """Remove an address. After the default, the oldest one is it. Returns what was removed.
    Raises AddressNotFound."""
    _lock(member_id)
    address = _find(member_id, address_id)
    ShippingAddress.objects.filter(pk=address.pk).delete()
    if address.is_default:
        oldest = ShippingAddress.objects.filter(member_id=member_id).order_by("id").first()
        if oldest is not None:
            ShippingAddress.objects.filter(pk=oldest.pk).update(is_default=True)
    return address


def make_default(member_id: int, address_id: int) -> ShippingAddress:
    """Orders go here from now on. Returns the address. Raises AddressNotFound."""
    _lock(member_id)
    address = _find(member_id, address_id)
    ShippingAddress.objects.filter(member_id=member_id, is_default=True).update(is_default=False)
    address.is_default = True
    address.save(update_fields=["is_default"])
    return address


def _find(member_id: int, address_id: int) -> ShippingAddress:
    address = ShippingAddress.objects.filter(member_id=member_id, pk=address_id).first()
    if address is None:
        raise AddressNotFound()
    return address


def _lock(member_id: int) -> None:
    Member.objects.select_for_update(no_key=True).only("pk").get(pk=member_id)
