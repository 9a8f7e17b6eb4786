"""What `data` looks like in each answer, for OpenAPI. Every test checks its answers by these."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

Number = Annotated[Any, WithJsonSchema({"type": "number"})]


class Shape(BaseModel):
    """Exactly these members, all of them present."""

    model_config = ConfigDict(extra="forbid")


class Token(Shape):
    access_token: str
    expires_in: int
    device_token: str = Field(
        description="Keep it on this device for 90 days, and send it with the next sign-in"
    )


class NewUser(Shape):
    username: str


class Profile(Shape):
    username: str
    rank_name: str
    profile_image: str
    placement_user: str
    sponsor_user: str
    position: Literal["L", "R", ""]
    membership_package: str
    firstname: str
    lastname: str
    gender: Literal["M", "F", ""]
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


class Balance(Shape):
    balance: Number
    purchase_balance: Number
    owed: Number = Field(description="A debt that is repaid from your next earnings")
    currency: str


class WalletTransaction(Shape):
    id: int
    kind: str
    amount: Number
    purchase_amount: Number
    owed_amount: Number
    note: str
    created: str


class WalletTransactions(Shape):
    transactions: list[WalletTransaction]
    next_cursor: str | None


class EPinShape(Shape):
    code: str
    amount: Number
    balance: Number
    expires: str
    status: Literal["active", "used", "expired", "blocked"]


class EPins(Shape):
    epins: list[EPinShape]
    next_cursor: str | None


class MembershipPackage(Shape):
    id: int
    name: str
    amount: Number


class MembershipPackages(Shape):
    products: list[MembershipPackage]


class CartPackage(Shape):
    id: int
    name: str
    amount: Number
    pv: Number
    category: str
    image: str


class CartPackages(Shape):
    products: list[CartPackage]


class PackageDetails(Shape):
    id: int
    name: str
    amount: Number
    package_id: str
    pv: Number
    category: str
    image: str
    description: str


class Fee(Shape):
    fee: Number


class CartItem(Shape):
    product_id: int
    product_name: str
    product_amount: Number
    quantity: int
    available: bool = Field(True, description="Sent as false if the product is no longer for sale")


class CartItems(Shape):
    cart_items: list[CartItem]
    total_amount: Number = Field(description="What checkout will charge")
    total_quantity: int
    total_pv: Number
    currency: str


class Address(Shape):
    address_id: int
    name: str
    address: str
    zip_code: str
    city: str
    phone: str
    is_default: bool


class AddressList(Shape):
    address_list: list[Address]


class OrderLineShape(Shape):
    product_id: int | None
    product_name: str
    product_amount: Number
    quantity: int
    pv: Number
    refunded_quantity: int


class OrderAddress(BaseModel):
    """Empty for an order that is sent nowhere."""

    name: str = ""
    address: str = ""
    zip_code: str = ""
    city: str = ""
    phone: str = ""


class OrderShape(Shape):
    order_id: str
    status: Literal["awaiting_payment", "complete", "cancelled", "refunded"]
    total_amount: Number
    total_quantity: int
    total_pv: Number
    refunded_amount: Number = Field(
        0, description="The refunded part of total_amount; sent only after a refund"
    )
    refunded_pv: Number = Field(
        0, description="The refunded part of total_pv; sent only after a refund"
    )
    lines: list[OrderLineShape]
    address: OrderAddress
    created: str


class Orders(Shape):
    orders: list[OrderShape]
    next_cursor: str | None


class PayoutShape(Shape):
    payout_id: str
    status: Literal[
        "requested", "approved", "in_batch", "paid", "failed", "returned", "cancelled", "declined"
    ]
    amount: Number
    account_ending: str = Field(description="The last four characters of the account number")
    reason: str = Field(description="Why it was declined, failed or returned; '' otherwise")
    hold: str = Field(description="Why it is held before it goes to the bank; '' if it is not")
    held_until: str = Field(description="When the hold ends; '' if no time is set")
    requested: str
    closed: str = Field(description="When it was paid, failed, cancelled or declined; '' before")
    returned: str = Field(
        description="When the bank returned it after it was paid; '' if it did not"
    )


class Payouts(Shape):
    payouts: list[PayoutShape]
    next_cursor: str | None


class TreeNode(Shape):
    username: str
    parent: str | None = Field(description="null for the node you asked for")
    position: str = Field(description="L or R; the number of the place in a matrix; '' otherwise")
    depth: int
    joined: str


class Tree(Shape):
    nodes: list[TreeNode]
    is_complete: bool = Field(description="false if the branch was cut to 2,000 nodes")


class PlaceShape(Shape):
    id: int
    name: str
    code: str


class Countries(Shape):
    countries: list[PlaceShape]


class States(Shape):
    states: list[PlaceShape]
