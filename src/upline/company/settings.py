"""The office's settings: every one with its default and its meaning, in one place."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args, get_type_hints
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from upline.base import letters
from upline.base.amounts import UNITS_MAX
from upline.base.bank_accounts import IBAN_WRONG, bic_of, iban_of, is_mistyped_iban
from upline.base.origins import Origin
from upline.language import gettext, lazy

NeedsKyc = Literal["signup", "ewallet_payment", "epin_payment", "checkout", "payout"]
PaymentMethod = Literal["free_join", "bank_transfer", "ewallet", "epin"]
DecimalMark = Literal[".", ","]
HoldingLeg = Literal["preferred", "left", "right"]
Minor = Annotated[int, Field(ge=0, le=UNITS_MAX)]
"""An amount in minor units of the plan currency."""
Count = Annotated[int, Field(ge=0, le=10**6)]
Days = Annotated[int, Field(ge=0, le=3650)]


def _right(read: Callable[[str], str | None], sentence: str) -> AfterValidator:
    def check(text: str) -> str:
        found = read(text) if text else ""
        if found is None:
            raise PydanticCustomError("wrong", str(sentence))
        return found

    return AfterValidator(check)


def _seen(text: str) -> str:
    try:
        return letters.cleaned(text)
    except ValueError as error:
        raise PydanticCustomError("wrong", str(error)) from error


_SEEN = AfterValidator(_seen)
Iban = Annotated[
    str, _right(iban_of, lazy("This is not a valid IBAN: its check digits are wrong."))
]
Bic = Annotated[str, _right(bic_of, lazy("This is not a valid BIC."))]


Colour = Annotated[str, Field(pattern=r"^(#[0-9A-Fa-f]{6})?$")]


def _shop_address(text: str) -> str | None:
    """An address with a place for the username; None where it is none."""
    parts = urlsplit(text)
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return text if is_web and "{username}" in parts.path + parts.query else None


CustomerLink = Annotated[
    str,
    Field(max_length=200),
    _right(_shop_address, lazy("Enter a web address with {username} in its path or query.")),
]


def _web_address(text: str) -> str | None:
    parts = urlsplit(text)
    return text if parts.scheme in ("http", "https") and parts.hostname else None


def _mailbox(text: str) -> str | None:
    try:
        validate_email(text)
    except ValidationError:
        return None
    return text


def _account(text: str) -> str | None:
    return None if is_mistyped_iban(text) else iban_of(text) or text


WebAddress = Annotated[
    str,
    Field(max_length=200),
    _right(_web_address, lazy("Enter a web address that begins with https:// or http://.")),
]
Mailbox = Annotated[
    str, Field(max_length=200), _right(_mailbox, lazy("This is not a valid e-mail address."))
]
PayInAccount = Annotated[str, Field(max_length=40), _SEEN, _right(_account, IBAN_WRONG)]
ShortText = Annotated[str, Field(max_length=100), _SEEN]


def _with_standard(types: tuple[str, ...]) -> tuple[str, ...]:
    if STANDARD not in types:
        raise PydanticCustomError(
            "wrong", gettext("The list must include {standard}.", standard=STANDARD)
        )
    return _each_once(types)


def _each_once(words: tuple[str, ...]) -> tuple[str, ...]:
    if len({word.casefold() for word in words}) < len(words):
        raise PydanticCustomError("wrong", gettext("Each entry must be unique."))
    return words


STANDARD = "standard"
"""The order type of whatever has no other."""
FIGURES_MAX = 8
OrderType = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
FigureName = Annotated[str, _SEEN, Field(min_length=1, max_length=30)]


def _in_order(words: Any) -> AfterValidator:
    """Each word once, in one order: what is chosen twice, or in another order, is the same."""
    return AfterValidator(lambda chosen: tuple(each for each in get_args(words) if each in chosen))


def _of_money(key: str) -> str:
    name, _, currency = key.partition(IN_CURRENCY)
    if name not in MONEY or not re.fullmatch("[A-Z]{3}", currency):
        raise PydanticCustomError("wrong", gettext("Only an amount can be set for a currency."))
    return key


IN_CURRENCY = "."
"""Between the name of an amount and its currency: `payout_minimum.JPY`."""
AmountInCurrency = Annotated[str, AfterValidator(_of_money)]


class OfficeSettings(BaseModel):
    """Money in minor units of the plan currency; limits of 0 mean no limit. What an amount
    is in the currency of another market, markets/current.py says."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    registration_open: bool = True
    """New members can be enrolled. If off, signup answers 1006."""
    public_signup: bool = False
    """Signup, packages, fee and countries work with the api_key alone."""
    customer_signup: bool = False
    """Customers can register themselves: the calls customers/, package/cart/ and countries/ work
    with the api_key alone."""
    preferred_signup: bool = False
    """Who registers, or is registered by a member, can be a preferred customer."""
    join_by_link: bool = True
    """Anybody can join as a customer or member on the page of a member's link, /join/USERNAME,
    whatever public_signup and customer_signup say."""
    accent_colour: Colour = ""
    """The colour of buttons and links on your pages, as #RRGGBB; empty: Upline's green. It is made
    darker or lighter where it could not be read."""
    customer_link: CustomerLink = ""
    """Where a member's link /r/USERNAME leads: an address of your shop with {username} in it;
    empty: the member's page for joining, /join/USERNAME."""
    contact_email: Mailbox = ""
    """The e-mail address that your pages give to people with a question; empty: none."""
    terms_link: WebAddress = ""
    """Where your terms can be read. Pages on which people agree to them link to it."""
    disclosure_link: WebAddress = ""
    """Where your income disclosure can be read. Who joins as a member sees it before paying."""
    spill_over: bool = False
    """placement_username is optional; the default is the end of the sponsor's preferred leg."""
    holding_days: Annotated[int, Field(ge=0, le=365)] = 0
    """Days in which a new member of a binary company who named no placement can be given one by
    the sponsor or staff (a holding tank); 0: nobody waits."""
    holding_leg: HoldingLeg = "preferred"
    """Where such a member is placed when these days are over: at the end of the sponsor's
    preferred, left or right leg."""
    positions_max: Annotated[int, Field(ge=1, le=999)] = 1
    """The most positions that one member can hold in the tree of a binary company."""
    positions_rank: Annotated[str, Field(max_length=60)] = ""
    """The rank that a member needs, or a higher one, to buy a further position; empty: none."""
    positions_need_activity: bool = False
    """Only members who are active under the plan can buy further positions."""
    dynamic_usernames: bool = False
    """Usernames are generated; the one sent is ignored."""
    username_prefix: Annotated[str, Field(pattern=r"^[A-Za-z]{1,10}$")] = "UL"
    """The letters that generated usernames begin with."""
    signup_fee: Minor = 0
    """The fee paid with the package at signup. It carries no points."""
    signup_order_days: Annotated[int, Field(ge=0, le=3650)] = 0
    """Days after which the unpaid order of a free signup lapses; 0: never."""
    cart_order_hours: Annotated[int, Field(ge=1, le=8760)] = 24
    """Hours that an order from the cart waits until enough is paid in from wallets and e-pins."""
    bank_transfer_days: Annotated[int, Field(ge=1, le=365)] = 14
    """Days that an order waits for a bank transfer, from when the member chose it or a part
    arrived."""
    pay_in_account: PayInAccount = ""
    """The account that buyers transfer money to: an IBAN or another account number. While it is
    empty, pages offer no bank transfer."""
    pay_in_bank: ShortText = ""
    """The bank of that account, as buyers need it: its name, its BIC or both."""
    checkout_by_bank_transfer: bool = False
    """Members can choose at checkout to pay by bank transfer."""
    report_points_per_unit: Count = 10
    """The most points that an outside shop can report for each 1.00 of an order."""
    report_points_per_day: Count = 1_000_000
    """The most points that one api key can report in a day."""
    order_types: Annotated[tuple[OrderType, ...], AfterValidator(_with_standard)] = (
        STANDARD,
        "subscription",
        "kit",
    )
    """The types that a package's order lines can have: lower-case words."""
    order_figures: Annotated[
        tuple[FigureName, ...], Field(max_length=FIGURES_MAX), AfterValidator(_each_once)
    ] = ()
    """Names of further figures of packages and order lines, besides price, commissionable value and
    points. You can only add names at the end."""
    payment_methods: Annotated[tuple[PaymentMethod, ...], _in_order(PaymentMethod)] = (
        "free_join",
        "bank_transfer",
        "ewallet",
        "epin",
    )
    """How a signup can be paid: free_join, bank_transfer (on pages only), ewallet, epin."""
    pay_from_others_wallet: bool = True
    """A member can pay from another member's wallet with that wallet's transaction password."""
    one_member_per_email: bool = False
    """Each e-mail address can be used by only one member."""
    age_least: Annotated[int, Field(ge=0, le=120)] = 18
    """The minimum age of a new member in years."""
    protection_hours: Annotated[int, Field(ge=0, le=720)] = 72
    """Hours after a change of e-mail, bank data, passwords or identity during which payouts are
    held, resets go to the previously confirmed address, and the change can be undone; 0: none."""
    current_password_required: bool = False
    """These changes through the API require the parameter current_password."""
    protect_recent_changes: bool = False
    """Orders to a shipping address added within protection_hours must be confirmed by a link mailed
    to the confirmed address, if an access token alone can pay for them."""
    kyc_needed_for: Annotated[tuple[NeedsKyc, ...], _in_order(NeedsKyc)] = ()
    """Only for verified members: signup, ewallet_payment, epin_payment, checkout, payout."""
    allowed_origins: tuple[Origin, ...] = ()
    """Origins of web pages that can call the API from a browser (CORS)."""
    terms_version: Annotated[str, _SEEN, Field(min_length=1, max_length=40)] = "1"
    """The version of the terms that new members accept, recorded with time and network address."""
    runs_by_schedule: bool = True
    """The worker opens and computes due commission runs. People approve them."""
    interim_minutes: Annotated[int, Field(ge=0, le=1440)] = 10
    """Minutes between interim runs, which show earnings so far; 0: only on request."""

    in_currencies: dict[AmountInCurrency, Minor] = {}
    """Amounts of these settings in the currencies of other markets, such as `payout_minimum.JPY`.
    One that is not set is calculated at the rate of the day."""
    decimal_mark: DecimalMark = "."
    """How the office writes amounts, and reads ambiguous ones: 1,234.50 or 1.234,50."""
    credit_max: Minor = 10**8
    """The largest amount of one credit or debit of a wallet, or of one batch of e-pins;
    0: no limit."""

    alone_max: Minor = 10**6
    """What one staff user may credit, debit, issue as e-pins, mark as paid, refund and mark as paid
    back in 24 hours; beyond that a second person has to do the same; 0: no limit."""
    rights_by_two: bool = True
    """A right to approve what others did is given by two owners."""
    plans_by_two: bool = True
    """A plan that staff put in force counts once a second person has put in the same."""

    asked_days: Annotated[int, Field(ge=1, le=90)] = 7
    """Days that a second person has to confirm what takes two people."""

    payouts_open: bool = True
    """Members can request payouts. If off, a request answers 1101."""
    payouts_by_two: bool = True
    """Nobody puts a payout into a batch that they approved, or whose member they credited in the
    last 30 days."""
    payout_minimum: Minor = 0
    """The minimum payout that a member may request."""
    payout_multiple: Minor = 0
    """A payout must be a multiple of this; 0: any amount."""
    payout_iban: Iban = ""
    """The company's account that SEPA files pay from."""
    payout_bic: Bic = ""
    """The BIC of that account; most banks do not need it."""

    staff_second_factor: bool = False
    """Staff must use a second factor. Those without one set it up when they sign in."""
    office_idle_minutes: Annotated[int, Field(ge=5, le=720)] = 60
    """Minutes of inactivity after which staff are signed out; at the latest after 12 hours."""
    token_idle_minutes: Annotated[int, Field(ge=0, le=1440)] = 0
    """Minutes without a call after which an access_token expires; 0: only after its 24 hours."""
    keep_ended_tokens_days: Days = 1
    """Days that expired access tokens and mailed links are kept."""
    keep_attempts_days: Annotated[int, Field(ge=1, le=365)] = 1
    """Days that wrong guesses at secrets and calls with a limit are kept."""
    keep_mails_days: Days = 365
    """Days that mails are kept after they were sent or refused."""
    keep_events_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """Days that events are kept. Whoever reads them has to be faster."""
    keep_pictures_days: Days = 7
    """Days that unused pictures are kept."""
    keep_interim_days: Days = 7
    """Days that interim runs are kept if no newer one replaces them."""
    keep_failed_jobs_days: Days = 30
    """Days that failed jobs of the worker are kept."""

    login_limit: Count = 10
    """Failed logins per name in 15 minutes; three times as many in 3 hours, six times in a day."""
    login_limit_by_address: Count = 5
    """Failed logins per name and network address in 15 minutes; the same for each known device."""
    transaction_password_limit: Count = 5
    """Wrong transaction passwords per wallet in 15 minutes, entered by anyone but its owner."""
    transaction_password_limit_by_guesser: Count = 3
    """Wrong transaction passwords per wallet and person in 15 minutes; the same for the owner."""
    guesser_limit: Count = 10
    """Wrong transaction passwords per person in 15 minutes, for all wallets of others together."""
    epin_limit: Count = 5
    """Wrong e-pins per member in 15 minutes."""
    secret_limit_by_address: Count = 100
    """Wrong secrets of each kind per network address in 15 minutes, for all names together."""
    forgot_limit: Count = 3
    """Mails with a reset link per name and network address in an hour."""
    forgot_limit_by_name: Count = 6
    """Mails with a reset link per name in an hour, from all network addresses together."""
    signup_limit: Count = 20
    """Signups per member in an hour."""
    join_limit: Count = 200
    """Forms sent on pages for joining per network address in an hour."""
    picture_limit: Count = 10
    """Pictures per member in an hour."""
    request_limit: Count = 1200
    """Requests per member in a minute, for each web process."""

    def by_name(self) -> dict[str, Any]:
        """Every setting as JSON, amounts in the currencies of other markets by names of their
        own (`payout_minimum.JPY`)."""
        plain = self.model_dump(mode="json")
        further: dict[str, int] = plain.pop("in_currencies")
        return plain | further


NAMES = tuple(OfficeSettings.model_fields)
SINGLE = tuple(name for name in NAMES if name != "in_currencies")
"""The settings that have one value each."""
MONEY = frozenset(
    name
    for name, kind in get_type_hints(OfficeSettings, include_extras=True).items()
    if kind == Minor
)
