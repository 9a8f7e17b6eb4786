"""Orders that their owner confirms first, where the office wants it (`protect_recent_changes`).

Whoever has stolen an access token adds an address of their own, and buys with the shopping balance
or an e-pin: nothing there asks for a second secret. Such an order awaits payment until the owner
uses a link mailed to the confirmed address, or the office releases it."""

from upline.base import clock
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows.paying import MoneySource
from upline.mailings import actions as mailings
from upline.mailings.models import MailKind
from upline.members import actions as members
from upline.members.errors import ConfirmationUsedUp
from upline.members.models import LinkPurpose, User
from upline.members.queries import find_link
from upline.members.security import protection
from upline.orders import actions as orders
from upline.orders.errors import OrderClosed
from upline.orders.models import Order, OrderStatus
from upline.orders.statements import LockedOrder
from upline.payments import actions as payments

PURPOSE = LinkPurpose.CONFIRM_ORDER


def waits(order: LockedOrder, source: MoneySource | None = None) -> bool:
    """Inside the transaction that would pay an order, a locked row: whether it waits instead;
    the first time its owner is mailed the link. `source` is what the call itself pays with. Needs
    no right: it is part of a change that asked for its own."""
    if not _must_wait(order, source):
        return False
    if orders.ask_to_confirm(order.id):
        address = User.objects.values_list("email", flat=True).get(pk=order.member_id)
        total = order.total_amount
        facts = {"order": order.number, "amount": total, "currency": order.currency}
        mailings.write(MailKind.CONFIRM_ORDER, order.member_id, address, **facts)
    return True


def _must_wait(order: LockedOrder, source: MoneySource | None) -> bool:
    added = order.address_added_at
    if not company.office().protect_recent_changes or added is None:
        return False
    if added <= clock.now() - protection.lasts():
        return False
    owner = source.wallet_owner if source else None
    is_proven = owner is not None and owner.id == order.member_id
    held = payments.proven(order.member_id, order.currency, order.id)
    return not is_proven and held < order.total_amount


def find(secret: str) -> Order:
    """The order that a mailed link confirms. Raises LinkUsedUp, LoginBlocked."""
    number = find_link(secret, PURPOSE).about
    order = Order.objects.filter(number=number, status=OrderStatus.AWAITING_PAYMENT).first()
    if order is None:
        raise ConfirmationUsedUp()
    return order


def confirm(unit: UnitOfWork, secret: str) -> None:
    """Use a mailed link: the order is paid from what its owner has paid in, and complete. Raises
    LinkUsedUp, LoginBlocked, BalanceTooLow; then the link works again. Needs no right: whoever has
    the mailed link may use it."""

    def use() -> None:
        link = members.use_link(secret, PURPOSE)
        order = orders.lock_own(link.user_id, link.about)
        if order.status != OrderStatus.AWAITING_PAYMENT:
            raise ConfirmationUsedUp()
        orders.pay(unit, order, order.member_id)

    unit.commit(use)


def lock_waiting(number: str) -> LockedOrder:
    """An order that waits to be confirmed, for the office. Raises OrderNotFound, OrderClosed."""
    order = orders.lock(number)
    if order.status != OrderStatus.AWAITING_PAYMENT or not order.to_confirm:
        raise OrderClosed(order.status)
    return order
