"""What `data` looks like in each answer. Views return these shapes, OpenAPI is made of them, and
every test checks its answers by that. An answer holds exactly these members."""

from decimal import Decimal
from typing import Annotated, NotRequired

from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict  # pydantic reads it before Python 3.12

from upline.epins.models import EPinStatus
from upline.genealogy.models import PositionStatus
from upline.genealogy.queries import SIDE_LETTERS
from upline.orders.models import OrderStatus
from upline.payouts.models import PayoutStatus

Number = Annotated[int | Decimal, WithJsonSchema({"type": "number"})]


def words(*all_of: str) -> WithJsonSchema:
    """Text that is one of a few words, or an enum's."""
    return WithJsonSchema({"enum": [str(each) for each in all_of], "type": "string"})


class Token(TypedDict):
    access_token: str
    expires_in: int
    device_token: Annotated[
        str,
        Field(description="Keep it on this device for 90 days, and send it with the next sign-in"),
    ]


class InstalledLanguage(TypedDict):
    tag: str
    name: str


class Languages(TypedDict):
    language: Annotated[
        str, Field(description="The language that the member chose, as a tag; '' if none")
    ]
    mails: Annotated[str, Field(description="The language that the member's mails are written in")]
    languages: list[InstalledLanguage]


class Visibility(TypedDict):
    is_contact_shown: Annotated[
        bool, Field(description="Whether those above you see your e-mail address and mobile phone")
    ]


class NewUser(TypedDict):
    username: str


class Profile(TypedDict):
    username: str
    rank_name: str
    profile_image: str
    placement_user: str
    sponsor_user: str
    position: Annotated[str, words(*SIDE_LETTERS.values(), "")]
    membership_package: str
    firstname: str
    lastname: str
    gender: Annotated[str, words("M", "F", "")]
    date_of_birth: str
    address_line1: str
    address_line2: str
    country: str
    state: str
    city: str
    zip_code: str
    email: str
    mobile: str
    landline: str
    bank_name: str
    branch_name: str
    account_holder: str
    account_number: str
    ifsc: str
    pan: str
    country_id: int | None
    state_id: int | None
    position_id: Annotated[
        int | None, Field(description="Your first position in the tree; null for a customer")
    ]
    position_status: Annotated[
        str,
        words(*PositionStatus, ""),
        Field(description="closed: the order that opened it was refunded, so it does not earn"),
    ]


class Balance(TypedDict):
    balance: Number
    purchase_balance: Number
    owed: Annotated[Number, Field(description="A debt that is repaid from your next earnings")]
    currency: str


class WalletTransaction(TypedDict):
    id: int
    kind: str
    amount: Number
    purchase_amount: Number
    owed_amount: Number
    note: str
    created: str
    currency: str


class WalletTransactions(TypedDict):
    transactions: list[WalletTransaction]
    next_cursor: str | None


class EPinShape(TypedDict):
    code: str
    amount: Number
    balance: Number
    expires: str
    status: Annotated[str, words(*EPinStatus)]
    currency: str


class EPins(TypedDict):
    epins: list[EPinShape]
    next_cursor: str | None


class MembershipPackage(TypedDict):
    id: int
    name: str
    amount: Number
    currency: str


class MembershipPackages(TypedDict):
    products: list[MembershipPackage]


_OpensPosition = Annotated[
    bool,
    Field(description="Whether an order of it opens a further position in the tree for its buyer"),
]


class CartPackage(TypedDict):
    id: int
    name: str
    amount: Number
    pv: Number
    category: str
    image: str
    opens_position: _OpensPosition
    currency: str


class CartPackages(TypedDict):
    products: list[CartPackage]


class PackageDetails(TypedDict):
    id: int
    name: str
    amount: Number
    package_id: str
    pv: Number
    category: str
    image: str
    description: str
    opens_position: _OpensPosition
    currency: str


class Fee(TypedDict):
    fee: Number
    currency: str


class CartItem(TypedDict):
    product_id: int
    product_name: str
    product_amount: Number
    quantity: int
    available: NotRequired[
        Annotated[bool, Field(description="Sent as false if the product is no longer for sale")]
    ]


class TaxOfCart(TypedDict):
    """The items of a cart that are taxed at one rate."""

    percent: Annotated[Number, Field(description="The rate of tax, such as 19")]
    amount: Annotated[Number, Field(description="What these items cost, tax included")]
    tax_amount: Annotated[Number, Field(description="The tax contained in it")]
    currency: str


class CartItems(TypedDict):
    cart_items: list[CartItem]
    total_amount: Annotated[Number, Field(description="What checkout will charge")]
    total_quantity: int
    total_pv: Number
    currency: str
    net_amount: Annotated[Number, Field(description="total_amount without the tax in it")]
    tax_amount: Annotated[Number, Field(description="The tax contained in total_amount")]
    taxes: Annotated[list[TaxOfCart], Field(description="The same by rate, the highest first")]


class Address(TypedDict):
    address_id: int
    name: str
    address: str
    zip_code: str
    city: str
    phone: str
    is_default: bool


class AddressList(TypedDict):
    address_list: list[Address]


class OrderLineShape(TypedDict):
    product_id: int | None
    product_name: str
    product_amount: Number
    quantity: int
    pv: Number
    refunded_quantity: int


class OrderAddress(TypedDict):
    """Empty for an order that is sent nowhere."""

    name: NotRequired[str]
    address: NotRequired[str]
    zip_code: NotRequired[str]
    city: NotRequired[str]
    phone: NotRequired[str]


_RefundedAmount = Annotated[
    Number, Field(description="The refunded part of total_amount; sent only after a refund")
]
_RefundedPoints = Annotated[
    Number, Field(description="The refunded part of total_pv; sent only after a refund")
]


class RefundedOfOrder(TypedDict, total=False):
    """What an order shows beside its totals, once anything was refunded."""

    refunded_amount: _RefundedAmount
    refunded_pv: _RefundedPoints


class OrderShape(TypedDict):
    order_id: str
    status: Annotated[str, words(*OrderStatus)]
    total_amount: Number
    total_quantity: int
    total_pv: Number
    refunded_amount: NotRequired[_RefundedAmount]
    refunded_pv: NotRequired[_RefundedPoints]
    lines: list[OrderLineShape]
    address: OrderAddress
    created: str
    position_id: Annotated[
        int | None,
        Field(description="Which of your positions it counts at; null for a customer's order"),
    ]
    opened_position_id: Annotated[
        int | None,
        Field(description="The further position that it opened when it was completed"),
    ]
    currency: str


class OrderList(TypedDict):
    orders: list[OrderShape]
    next_cursor: str | None


class PayoutShape(TypedDict):
    payout_id: str
    status: Annotated[str, words(*PayoutStatus)]
    amount: Number
    account_ending: Annotated[
        str, Field(description="The last four characters of the account number")
    ]
    reason: Annotated[
        str, Field(description="Why it was declined, failed or returned; '' otherwise")
    ]
    hold: Annotated[
        str, Field(description="Why it is held before it goes to the bank; '' if it is not")
    ]
    held_until: Annotated[str, Field(description="When the hold ends; '' if no time is set")]
    requested: str
    closed: Annotated[
        str, Field(description="When it was paid, failed, cancelled or declined; '' before")
    ]
    returned: Annotated[
        str, Field(description="When the bank returned it after it was paid; '' if it did not")
    ]
    currency: str


class Payouts(TypedDict):
    payouts: list[PayoutShape]
    next_cursor: str | None


class TreeNode(TypedDict):
    username: str
    parent: Annotated[str | None, Field(description="null for the node you asked for")]
    position: Annotated[
        str, Field(description="L or R; the number of the place in a matrix; '' otherwise")
    ]
    depth: int
    joined: str
    position_id: Annotated[int, Field(description="A member can hold several positions")]
    parent_position_id: Annotated[
        int | None, Field(description="The position above; null for the node you asked for")
    ]


class TreeNodes(TypedDict):
    nodes: list[TreeNode]
    is_complete: Annotated[bool, Field(description="false if the branch was cut to 2,000 nodes")]


class OwnPosition(TypedDict):
    position_id: int
    number: Annotated[int, Field(description="1 for your first position")]
    parent: Annotated[str, Field(description="Whose position is above; '' while you wait for one")]
    parent_position_id: Annotated[int | None, Field(description="The position above")]
    position: Annotated[
        str, Field(description="L or R; the number of the place in a matrix; '' otherwise")
    ]
    opened: str
    status: Annotated[
        str,
        words(*PositionStatus),
        Field(description="closed: the order that opened it was refunded, so it does not earn"),
    ]


class OwnPositions(TypedDict):
    positions: list[OwnPosition]


class WaitingMember(TypedDict):
    username: str
    position_id: int
    joined: str
    place_by: Annotated[str, Field(description="When Upline gives them a place by itself")]


class WaitingMembers(TypedDict):
    waiting: list[WaitingMember]


class RegionShape(TypedDict):
    """A country, or a state of one."""

    id: int
    name: str
    code: str


class Countries(TypedDict):
    countries: list[RegionShape]


class States(TypedDict):
    states: list[RegionShape]


class CustomerLink(TypedDict):
    link: str
