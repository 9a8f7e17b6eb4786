"""How domain objects look in answers: the shapes of shapes.py and earning_shapes.py."""

from datetime import datetime

from upline.api.describe import earning_shapes, shapes
from upline.api.http.envelope import money, percent, points
from upline.base.countries import Country, country_name, state_name
from upline.base.totals import TaxOfRate, totals_of
from upline.cart.models import CartLine
from upline.catalog.statements import Offer
from upline.company import current as company
from upline.company.models import PlanKind
from upline.epins.queries import OwnEPin
from upline.explanations.activity import MemberActivity
from upline.genealogy.queries import SIDE_LETTERS, HeldPosition, TeamNode, UnplacedMember
from upline.language.loading import installed, own_name
from upline.markets import current as markets
from upline.orders.models import Order, OrderLine, PositionOrder
from upline.orders.queries import counts_at
from upline.payouts.models import Payout, PayoutStatus
from upline.pictures import queries as pictures
from upline.plans.periods import date_of
from upline.screens import profile as screen
from upline.screens.holds import Hold
from upline.shipping.models import ShippingAddress
from upline.wallet import queries as wallet
from upline.wallet.models import AccountKind
from upline.wallet.queries import Entry


def moment(at: datetime | None) -> str:
    """ISO 8601 in UTC, '' where there is none."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


def balance_of(member_id: int) -> shapes.Balance:
    currency = markets.current().currency
    found = wallet.balances(member_id, currency)
    purchase = found[AccountKind.DEPOSITS] + found[AccountKind.PURCHASE]
    return {
        "balance": money(found[AccountKind.WALLET], currency),
        "purchase_balance": money(purchase, currency),
        "owed": money(found[AccountKind.OWED], currency),
        "currency": currency,
    }


def profile_of(member_id: int) -> shapes.Profile:
    """The 26 fields of the published API in its order, then the ids of country and state, and the
    first position with its status."""
    found = screen.profile_of(member_id)
    kept, bank = found.kept, found.bank
    return {
        "username": kept.username,
        "rank_name": kept.rank_name,
        "profile_image": pictures.url(kept.picture),
        "placement_user": kept.placement or "",
        "sponsor_user": kept.sponsor or "",
        "position": found.leg,
        "membership_package": kept.package or "",
        "firstname": kept.firstname,
        "lastname": kept.lastname,
        "gender": kept.gender,
        "date_of_birth": kept.date_of_birth.isoformat() if kept.date_of_birth else "",
        "address_line1": kept.address_line1,
        "address_line2": kept.address_line2,
        "country": country_name(kept.country_id),
        "state": state_name(kept.state_id),
        "city": kept.city,
        "zip_code": kept.zip_code,
        "email": kept.email,
        "mobile": kept.mobile,
        "landline": kept.landline,
        "bank_name": bank["bank_name"],
        "branch_name": bank["branch_name"],
        "account_holder": bank["account_holder"],
        "account_number": bank["account_number"],
        "ifsc": bank["ifsc"],
        "pan": bank["pan"],
        "country_id": kept.country_id,
        "state_id": kept.state_id,
        "position_id": kept.position_id,
        "position_status": kept.position_status or "",
    }


def languages_of(member_id: int) -> shapes.Languages:
    found = screen.languages_of(member_id)
    return {
        "language": found.chosen,
        "mails": found.mails,
        "languages": [{"tag": tag, "name": own_name(tag)} for tag in installed()],
    }


def visibility_of(member_id: int) -> shapes.Visibility:
    return {"is_contact_shown": screen.shows_contact(member_id)}


def transaction_view(row: Entry) -> shapes.WalletTransaction:
    return {
        "id": row.id,
        "kind": row.kind,
        "amount": money(row.amount, row.currency),
        "purchase_amount": money(row.purchase_amount, row.currency),
        "owed_amount": money(row.owed_amount, row.currency),
        "note": row.note,
        "created": moment(row.created_at),
        "currency": row.currency,
    }


def epin_view(epin: OwnEPin) -> shapes.EPinShape:
    return {
        "code": epin.code,
        "amount": money(epin.amount, epin.currency),
        "balance": money(epin.balance, epin.currency),
        "expires": moment(epin.expires_at),
        "status": epin.status,
        "currency": epin.currency,
    }


def membership_view(package: Offer) -> shapes.MembershipPackage:
    """A package at its price in the market of whoever asks."""
    currency = markets.current().currency
    return {
        "id": package.package_id,
        "name": package.name,
        "amount": money(package.amount, currency),
        "currency": currency,
    }


def cart_package_view(package: Offer) -> shapes.CartPackage:
    """The same of a package for the cart."""
    currency = markets.current().currency
    return {
        "id": package.package_id,
        "name": package.name,
        "amount": money(package.amount, currency),
        "pv": points(package.points),
        "category": package.category,
        "image": _image(package),
        "opens_position": package.opens_position,
        "currency": currency,
    }


def package_view(package: Offer) -> shapes.PackageDetails:
    """The same with all that is known of it."""
    currency = markets.current().currency
    return {
        "id": package.package_id,
        "name": package.name,
        "amount": money(package.amount, currency),
        "package_id": package.code,
        "pv": points(package.points),
        "category": package.category,
        "image": _image(package),
        "description": package.description,
        "opens_position": package.opens_position,
        "currency": currency,
    }


def _image(package: Offer) -> str:
    return pictures.url(package.picture)


def cart_view(lines: list[CartLine]) -> shapes.CartItems:
    currency, totals = markets.current().currency, totals_of(lines)
    return {
        "cart_items": [_cart_item_view(line, currency) for line in lines],
        "total_amount": money(totals.amount, currency),
        "total_quantity": totals.quantity,
        "total_pv": points(totals.points),
        "currency": currency,
        "net_amount": money(totals.amount - totals.tax, currency),
        "tax_amount": money(totals.tax, currency),
        "taxes": [_tax_view(each, currency) for each in totals.taxes],
    }


def _tax_view(of: TaxOfRate, currency: str) -> shapes.TaxOfCart:
    return {
        "percent": percent(of.rate),
        "amount": money(of.amount, currency),
        "tax_amount": money(of.tax, currency),
        "currency": currency,
    }


def _cart_item_view(line: CartLine, currency: str) -> shapes.CartItem:
    item: shapes.CartItem = {
        "product_id": line.package_id,
        "product_name": line.package.name,
        "product_amount": money(line.price, currency),
        "quantity": line.quantity,
    }
    if line.offer is None:
        item["available"] = False
    return item


def address_view(address: ShippingAddress) -> shapes.Address:
    return {
        "address_id": address.pk,
        "name": address.name,
        "address": address.address,
        "zip_code": address.zip_code,
        "city": address.city,
        "phone": address.phone,
        "is_default": address.is_default,
    }


def order_view(order: Order) -> shapes.OrderShape:
    lines, currency = list(order.lines.all()), order.currency
    return {
        "order_id": order.number,
        "status": order.status,
        "total_amount": money(order.total_amount, currency),
        "total_quantity": order.total_quantity,
        "total_pv": points(order.total_points),
        **_refunded(lines, currency),
        "lines": [_order_line_view(line, currency) for line in lines],
        "address": order.address,
        "created": moment(order.created_at),
        "position_id": counts_at(order),
        "opened_position_id": opened.position_id if (opened := _position(order)) else None,
        "currency": currency,
    }


def _position(order: Order) -> PositionOrder | None:
    """The further position that it opens."""
    return getattr(order, "position_order", None)


def _refunded(lines: list[OrderLine], currency: str) -> shapes.RefundedOfOrder:
    """What was given back of the totals, once anything was."""
    if not any(line.refunded_quantity for line in lines):
        return {}
    refunded = sum(line.price * line.refunded_quantity for line in lines)
    return {
        "refunded_amount": money(refunded, currency),
        "refunded_pv": points(sum(line.points * line.refunded_quantity for line in lines)),
    }


def _order_line_view(line: OrderLine, currency: str) -> shapes.OrderLineShape:
    return {
        "product_id": line.package_id,
        "product_name": line.name,
        "product_amount": money(line.price, currency),
        "quantity": line.quantity,
        "pv": points(line.points),
        "refunded_quantity": line.refunded_quantity,
    }


def payout_view(payout: Payout, hold: Hold | None) -> shapes.PayoutShape:
    """`hold` is why the member's payouts wait now: it keeps those that are not in a batch."""
    if payout.status not in (PayoutStatus.REQUESTED, PayoutStatus.APPROVED):
        hold = None
    return {
        "payout_id": payout.number,
        "status": payout.status,
        "amount": money(payout.amount, payout.currency),
        "account_ending": payout.last_four,
        "reason": payout.reason,
        "hold": hold.sentence if hold else "",
        "held_until": moment(hold.until) if hold else "",
        "requested": moment(payout.requested_at),
        "closed": moment(payout.closed_at),
        "returned": moment(payout.returned_at),
        "currency": payout.currency,
    }


def node_view(row: TeamNode) -> shapes.TreeNode:
    return {
        "username": row.username,
        "parent": row.parent,
        "position": _side(row.side),
        "depth": row.depth,
        "joined": moment(row.joined),
        "position_id": row.position_id,
        "parent_position_id": row.parent_position_id,
    }


def own_position_view(held: HeldPosition) -> shapes.OwnPosition:
    return {
        "position_id": held.position_id,
        "number": held.number,
        "parent": held.parent or "",
        "parent_position_id": held.parent_position_id,
        "position": _side(held.side),
        "opened": moment(held.opened_at),
        "status": held.status,
    }


def waiting_view(waiting: UnplacedMember) -> shapes.WaitingMember:
    return {
        "username": waiting.username,
        "position_id": waiting.member_id,
        "joined": moment(waiting.joined_at),
        "place_by": moment(waiting.place_by),
    }


def _side(side: int | None) -> str:
    if side is None:
        return ""
    is_binary = company.current().plan_kind == PlanKind.BINARY
    return SIDE_LETTERS[side] if is_binary else str(side)


def region_view(country: Country) -> shapes.RegionShape:
    return {"id": country.id, "name": country.name, "code": country.code}


def activity_view(found: MemberActivity) -> earning_shapes.Activity:
    return {
        "active": found.active,
        "reason": str(found.reason),
        "wanted": points(found.wanted),
        "reached": points(found.reached),
        "missing": points(found.missing),
        "counts_from": str(date_of(found.counts_from)),
        "sentence": found.sentence,
    }
