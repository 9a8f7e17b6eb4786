"""What the office does with customers: registers them, gives them another sponsor or class, and
makes them members; and the orders that it enters for them and for members."""

from typing import Any

from django import forms

from upline.base import countries
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package, PackageKind
from upline.flows import customers, order_entry
from upline.flows.customers import CLASSES, CustomerRegistration, MembershipRequest
from upline.language import gettext, lazy
from upline.members.models import Member, MemberKind, Standing
from upline.office.buttons import Button, ButtonForm
from upline.office.fields import (
    DayField,
    EmailField,
    LineField,
    LinesField,
    NameField,
    reason_field,
)

_CHOICES = [(kind.value, kind.label) for kind in CLASSES]


class _UsernameField(LineField):
    """A username as it is typed; the flow says what is wrong with it."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(max_length=30, **more)


def _countries() -> list[tuple[str, str]]:
    named = ((str(each.id), each.name) for each in countries.spoken().values())
    return [("", gettext("not known")), *named]


class RegisterForm(ButtonForm):
    sponsor = _UsernameField(
        label=lazy("Sponsor"), help_text=lazy("The member whose volume this customer's orders are.")
    )
    kind = forms.ChoiceField(choices=_CHOICES, label=lazy("Class"))
    firstname = NameField(max_length=100, label=lazy("First name"))
    lastname = LineField(max_length=100, label=lazy("Last name"), required=False)
    email = EmailField(
        label=lazy("E-mail"),
        help_text=lazy("They get a link to choose a password at this address."),
    )
    mobile = LineField(max_length=20, label=lazy("Mobile"))
    country = forms.TypedChoiceField(
        choices=_countries,
        coerce=int,
        empty_value=None,
        required=False,
        label=lazy("Country"),
        help_text=lazy("It chooses the market. Without it, the customer joins the sponsor's."),
    )
    username = _UsernameField(
        required=False,
        label=lazy("Username"),
        help_text=lazy("Leave this empty if usernames are generated."),
    )
    agreed = forms.BooleanField(label=lazy("The customer has agreed to the terms"))


class SponsorForm(ButtonForm):
    sponsor = _UsernameField(label=lazy("New sponsor"))
    reason = reason_field(help_text=lazy("Kept for good, together with your name."))


class ClassForm(ButtonForm):
    kind = forms.ChoiceField(choices=_CHOICES, label=lazy("Class"))
    reason = reason_field(help_text=lazy("Kept for good, together with your name."))


class JoinForm(ButtonForm):
    package = forms.ModelChoiceField(
        Package.objects.filter(kind=PackageKind.MEMBERSHIP, active=True),
        to_field_name="code",
        label=lazy("Package"),
    )
    placement = _UsernameField(
        required=False,
        label=lazy("Placed below"),
        help_text=lazy(
            "A member of the sponsor's team. Not needed in a unilevel company, and "
            "where spillover is on."
        ),
    )
    side = forms.ChoiceField(
        choices=[("", lazy("as the sponsor prefers")), ("L", lazy("left")), ("R", lazy("right"))],
        required=False,
        label=lazy("Side"),
        help_text=lazy("Only in a binary company."),
    )
    date_of_birth = DayField(
        required=False,
        label=lazy("Date of birth"),
        help_text=lazy("If it is not known yet."),
    )


def _register(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> str:
    new = CustomerRegistration(
        sponsor=asked["sponsor"],
        kind=MemberKind(asked["kind"]),
        firstname=asked["firstname"],
        lastname=asked["lastname"],
        email=asked["email"],
        mobile=asked["mobile"],
        username=asked["username"],
        country_id=asked["country"],
    )
    username = customers.register(unit, new)
    return gettext(
        "{username} is registered, and gets a mail with a link to choose a password.",
        username=username,
    )


def _sponsor(unit: UnitOfWork, customer: Member, asked: dict[str, Any]) -> str:
    customers.change_sponsor(unit, customer.pk, asked["sponsor"], asked["reason"])
    return gettext(
        "{sponsor} now sponsors {customer}. Completed orders stay where they are.",
        sponsor=asked["sponsor"],
        customer=customer,
    )


def _class(unit: UnitOfWork, customer: Member, asked: dict[str, Any]) -> str:
    kind = MemberKind(asked["kind"])
    customers.change_class(unit, customer.pk, kind, asked["reason"])
    return gettext("{customer} is now a {kind}.", customer=customer, kind=kind.label)


def _join(unit: UnitOfWork, customer: Member, asked: dict[str, Any]) -> str:
    wish = MembershipRequest(
        customer.pk,
        asked["package"].code,
        asked["placement"],
        asked["side"],
        asked["date_of_birth"],
    )
    number = customers.become_member(unit, wish)
    return gettext(
        "{customer} is now a member. Order {number} for the package awaits payment.",
        customer=customer,
        number=number,
    )


def _is_customer(member: Member) -> bool:
    return member.kind != MemberKind.MEMBER


class OrderForm(ButtonForm):
    products = LinesField(
        label=lazy("Products"),
        help_text=lazy("One product a line: its code and how many, such as C-soap 2."),
        rows=3,
    )
    placement_username = LineField(
        max_length=40,
        required=False,
        label=lazy("Position below"),
        help_text=lazy(
            "Only for a product that opens a position: a username of the member's "
            "team, or such as anna/2 for a second position. Leave this empty for the "
            "end of a leg."
        ),
    )
    position = forms.ChoiceField(
        required=False,
        label=lazy("Side"),
        choices=[("", lazy("preferred leg")), (1, lazy("left")), (2, lazy("right"))],
    )

    def clean_products(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for line in filter(None, self.cleaned_data["products"].split("\n")):
            code, _, number = line.rpartition(" ")
            if not (code.strip() and number.isascii() and number.isdigit() and len(number) < 4):
                raise forms.ValidationError(gettext("Enter a code and a number: {line}", line=line))
            if code.strip() in found:
                raise forms.ValidationError(gettext("{code} is there twice.", code=code.strip()))
            found[code.strip()] = int(number)
        return found


def _order(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    side = int(asked["position"]) if asked["position"] else None
    number = order_entry.enter(
        unit, member.pk, asked["products"], asked["placement_username"], side
    )
    return gettext(
        "Order {number} was placed for {member}. It awaits payment.", number=number, member=member
    )


REGISTER = Button(
    "register",
    lazy("Register customer"),
    customers.register,
    _register,
    lazy("A customer buys and signs in, and has no place in the trees and no earnings."),
    RegisterForm,
)
BUTTONS = (
    Button(
        "order",
        lazy("New order"),
        order_entry.enter,
        _order,
        lazy(
            "The order is placed at today's prices and awaits payment. Mark it as paid "
            "once the money has reached the company."
        ),
        OrderForm,
        fits=lambda member: member.standing == Standing.ACTIVE,
    ),
    Button(
        "join",
        lazy("Make a member"),
        customers.become_member,
        _join,
        lazy(
            "The customer gets a place below their sponsor, and keeps their account, "
            "wallet and orders. What they bought until now stays the sponsor's volume."
        ),
        JoinForm,
        fits=_is_customer,
        grave=True,
    ),
    Button(
        "sponsor",
        lazy("Change sponsor"),
        customers.change_sponsor,
        _sponsor,
        lazy("Orders that are completed from now on are the volume of the new sponsor."),
        SponsorForm,
        fits=_is_customer,
    ),
    Button(
        "class",
        lazy("Change class"),
        customers.change_class,
        _class,
        lazy("Orders that are placed from now on are of the new class."),
        ClassForm,
        initial=lambda customer: {"kind": customer.kind},
        fits=_is_customer,
    ),
)
