"""What the story's people buy, pay, cancel and return, and what the web shop sells."""

from upline.base.actors import ActingMember
from upline.base.unit import UnitOfWork
from upline.cart import actions as cart
from upline.demo import events as happens
from upline.demo.opening import DemoCompany
from upline.demo.players import Players
from upline.flows import checkout, order_decisions, ordering, paying, refunding
from upline.flows.ordering import Totals
from upline.flows.permissions import SCOPES
from upline.members.queries import Caller
from upline.orders.models import Order, OrderKind, OrderStatus
from upline.wallet import queries as wallet
from upline.wallet.models import AccountKind


class Shopping:
    """Orders, whose numbers are remembered by the story's keys."""

    def __init__(self, company: DemoCompany, players: Players) -> None:
        self.company, self.players = company, players
        self.numbers: dict[str, str] = {}

    def buy(self, event: happens.Buys) -> None:
        """Put wares in the cart and check out, paid the way the event says."""
        unit, caller = self.players.unit(event.who), self.players.caller(event.who)
        total = self.fill_cart(event.who, event.wares)
        funds = None
        if event.way == "paid_in":
            self.pay_in(event.who, total)
        elif event.way in {"wallet", "epin"}:
            funds = self.players.funds(event.who, total, event.way)
        made = checkout.check_out(
            unit, caller, None, funds, by_bank_transfer=event.way == "transfer"
        )
        self.numbers[event.key] = made.number

    def fill_cart(self, who: str, wares: tuple[tuple[str, int], ...]) -> int:
        """Put wares in the cart: codes and quantities. Returns what they come to."""
        unit, total = self.players.unit(who), 0
        for code, quantity in wares:
            package = self.players.packages(who)[code]
            total += package.amount * quantity
            self._put_in_cart(unit, self.players.ids[who], package.package_id, quantity)
        return total

    def pay_later(self, event: happens.PaysOrder) -> None:
        """Pay an order that waited, unless it is paid already."""
        if order := self._unpaid(event.key):
            self.pay_in(event.who, order.total_amount)
            totals = Totals(order.total_amount, order.total_quantity, order.total_points)
            ordering.complete(
                self.players.unit(event.who), self.players.caller(event.who), order.number, totals
            )

    def cancel(self, event: happens.CancelsOrder) -> None:
        """The buyer cancels an order that waits."""
        if order := self._unpaid(event.key):
            ordering.cancel(
                self.players.unit(event.who), self.players.caller(event.who), order.number
            )

    def approve(self, event: happens.OrderIsApproved) -> None:
        """The office marks an order that waits as paid."""
        if order := self._unpaid(event.key):
            order_decisions.approve_order(self.company.approver, order.number)

    def refund(self, event: happens.OrderIsRefunded) -> None:
        """The office takes an order back, or one piece of its first line."""
        order = self._order(event.key)
        lines = list(order.lines.order_by("id"))
        pieces = {line.pk: line.quantity for line in lines} if event.whole else {lines[0].pk: 1}
        refunding.refund_order(self.company.approver, order.number, pieces, event.reason)

    def sell_in_shop(self, event: happens.SellsInShop) -> None:
        """The company's web shop reports a sale."""
        member_id = self.players.ids[event.who]
        shop_id = self.company.shop_id
        scopes = frozenset(SCOPES)
        caller = Caller(shop_id, scopes, member_id, event.who)
        unit = UnitOfWork(ActingMember(member_id, shop_id, scopes))
        totals = Totals(event.amount, event.quantity, event.points)
        ordering.complete(unit, caller, event.shop_order, totals)

    def spend_purchase_money(self, who: str) -> None:
        """Buy for all that can only buy, and a little from the wallet."""
        currency = self.players.caller(who).currency
        saved = wallet.balances(self.players.ids[who], currency)[AccountKind.PURCHASE]
        if saved:
            cheap = min(self.players.wares(who), key=lambda ware: ware.amount)
            pieces = -(-saved // cheap.amount)
            unit, caller = self.players.unit(who), self.players.caller(who)
            self._put_in_cart(unit, caller.member_id, cheap.package_id, pieces)
            funds = self.players.funds(who, cheap.amount * pieces, "ewallet")
            checkout.check_out(unit, caller, None, funds)

    def _put_in_cart(
        self, unit: UnitOfWork, member_id: int, package_id: int, quantity: int
    ) -> None:
        unit.commit(lambda: cart.add(member_id, package_id, quantity))

    def pay_in(self, who: str, amount: int) -> None:
        """Pay an amount, in minor units, in from the wallet: it waits for an order."""
        funds = self.players.funds(who, amount, "ewallet")
        paying.pay_from_wallet(
            self.players.unit(who),
            self.players.caller(who),
            amount,
            who,
            funds.transaction_password,
        )

    def _order(self, key: str) -> Order:
        # A further position can be called like an order.
        if key in self.numbers:
            return Order.objects.get(number=self.numbers[key])
        return Order.objects.get(member_id=self.players.ids[key], kind=OrderKind.MEMBERSHIP)

    def _unpaid(self, key: str) -> Order | None:
        """The order, unless what the buyer had paid in before has covered it already."""
        order = self._order(key)
        return order if order.status == OrderStatus.AWAITING_PAYMENT else None
