"""What pages outside the office take from a request: who acts, and from where."""

from django.http import HttpRequest

from upline.base.actors import ActingMember, Visitor
from upline.base.network import address_of
from upline.base.unit import UnitOfWork


def unit_of(request: HttpRequest, actor: ActingMember | Visitor) -> UnitOfWork:
    """The unit of work of a change that a page makes."""
    return UnitOfWork(
        actor,
        address=address_of(request),
        request_id=request.request_id,  # type: ignore[attr-defined]
    )
