"""The office's settings: every one with its default and its meaning, in one place."""

from typing import Annotated, Literal

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field

from upline.base.amounts import UNITS_MAX

NeedsKyc = Literal["signup", "ewallet_payment", "epin_payment", "checkout"]
PaymentMethod = Literal["free_join", "ewallet", "epin"]
Minor = Annotated[int, Field(ge=0, le=UNITS_MAX)]
Count = Annotated[int, Field(ge=0, le=10**6)]


class OfficeSettings(BaseModel):
    """Money in minor units of the company's currency; limits of 0 mean no limit."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    registration_open: bool = True
    """New members may be enrolled; off, signup answers 1006."""
    public_signup: bool = False
    """Signup, packages, fee and countries work with the api_key alone."""
    spill_over: bool = False
    """placement_username may be left out: the outer end of the sponsor's preferred leg."""
    dynamic_usernames: bool = False
    """Usernames are generated; the one sent is ignored."""
    username_prefix: Annotated[str, Field(pattern=r"^[A-Za-z]{1,10}$")] = "UL"
    """What generated usernames begin with."""
    signup_fee: Minor = 0
    """Paid with the package at signup, in minor units; it carries no points."""
    payment_methods: tuple[PaymentMethod, ...] = ("free_join", "ewallet", "epin")
    """How a signup may be paid: free_join, ewallet, epin."""
    pay_from_others_wallet: bool = True
    """Another member's wallet may pay, with that wallet's transaction password."""
    one_member_per_email: bool = False
    """One e-mail address serves one member only."""
    age_least: Annotated[int, Field(ge=0, le=120)] = 18
    """Years a new member must have lived."""
    kyc_needed_for: tuple[NeedsKyc, ...] = ()
    """What only verified members may do: signup, ewallet_payment, epin_payment, checkout."""
    allowed_origins: tuple[AnyHttpUrl, ...] = ()
    """Web pages of these origins may call the API from a browser (CORS)."""
    terms_version: Annotated[str, Field(min_length=1, max_length=40)] = "1"
    """The version of the terms that new members accept; recorded with time and address."""

    login_limit: Count = 10
    """Wrong logins by name in 15 minutes."""
    transaction_password_limit: Count = 5
    """Wrong transaction passwords by wallet in 15 minutes."""
    epin_limit: Count = 5
    """Wrong e-pins by member in 15 minutes."""
    secret_limit_by_address: Count = 100
    """Wrong secrets of each kind by network address in 15 minutes."""
    forgot_limit: Count = 3
    """Mails with a reset link by name in an hour."""
    signup_limit: Count = 20
    """Signups by member in an hour."""
    picture_limit: Count = 10
    """Pictures by member in an hour."""
    request_limit: Count = 1200
    """All requests by member in a minute, for each web process."""


NAMES = tuple(OfficeSettings.model_fields)
