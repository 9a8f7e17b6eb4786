"""Packages: what is sold, for how much, with which picture."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from upline.base.unit import UnitOfWork
from upline.catalog import actions as catalog
from upline.catalog.models import Package, PackageKind, Price, contained_tax
from upline.catalog.queries import price_list
from upline.company import current as company
from upline.company.models import PlanKind
from upline.company.settings import STANDARD
from upline.flows import offering
from upline.language import gettext, lazy
from upline.markets import current as markets
from upline.markets.models import TaxClass
from upline.markets.queries import tax_rate_on
from upline.office.buttons import Block, Button, ButtonForm, FactsBlock, TextBlock
from upline.office.desk import Desk
from upline.office.fields import (
    HUNDRED_PERCENT,
    LineField,
    LinesField,
    MoneyField,
    NameField,
    PointsField,
    said,
)
from upline.pictures import queries as pictures
from upline.screens import shown

_COLUMNS = (
    "name",
    "code",
    "points",
    "order_type",
    "category",
    "description",
    "active",
    "opens_position",
)
_FIGURE = "figure_"
_PRICED = ("amount", "member_amount", "commissionable_value", "tax_class")


def _tax_classes() -> list[tuple[str, str]]:
    """The tax classes, each with its rate in the home market."""
    day, market_id = company.today(), markets.home().id
    found = []
    for each in TaxClass.objects.all():
        rate = tax_rate_on(market_id, each.pk, day)
        shown_rate = gettext("no rate yet") if rate is None else shown.percent(rate)
        found.append((each.code, f"{each.name}, {shown_rate}"))
    return found


def _order_types() -> list[tuple[str, str]]:
    return [(word, shown.words(word)) for word in company.office().order_types]


class PackageForm(ButtonForm):
    name = NameField(max_length=100, label=lazy("Name"))
    code = NameField(
        max_length=40, label=lazy("Code"), help_text=lazy("Your own code for it. Must be unique.")
    )
    amount = MoneyField(label=lazy("Price"), help_text=lazy("What the buyer pays, tax included."))
    member_amount = MoneyField(
        label=lazy("Price for members"),
        required=False,
        help_text=lazy("If members pay less. Leave this empty to let them pay the price."),
    )
    commissionable_value = MoneyField(
        label=lazy("Commissionable value"),
        help_text=lazy("The part of the price that commissions are calculated from."),
    )
    points = PointsField(label=lazy("Points (PV)"))
    tax_class = forms.ChoiceField(
        choices=_tax_classes, label=lazy("Tax class"), help_text=lazy("Included in the price.")
    )
    order_type = forms.ChoiceField(
        label=lazy("Order type"),
        choices=_order_types,
        required=False,
        initial=STANDARD,
        help_text=lazy("The type of its order lines."),
    )
    category = LineField(max_length=60, required=False, label=lazy("Category"))
    description = LinesField(required=False, label=lazy("Description"))
    active = forms.BooleanField(
        required=False,
        initial=True,
        label=lazy("On sale"),
        help_text=lazy("If off, nobody can buy it."),
    )
    opens_position = forms.BooleanField(
        required=False,
        label=lazy("Opens a position"),
        help_text=lazy("An order of it opens a further position of the member in the tree."),
    )
    picture = forms.FileField(
        required=False,
        label=lazy("Picture"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=lazy("PNG, JPEG or WebP, up to 10 MiB. Leave this empty to keep the picture."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["amount"].widget.attrs["autocomplete"] = "off"
        if company.current().plan_kind != PlanKind.BINARY:
            del self.fields["opens_position"]
        for number, name in enumerate(company.office().order_figures):
            self.fields[f"{_FIGURE}{number}"] = PointsField(label=name, required=False)


class NewPackageForm(PackageForm):
    kind = forms.ChoiceField(
        choices=PackageKind.choices,
        label=lazy("Kind"),
        help_text=lazy(
            "A membership package is bought at signup, a cart package from the cart. "
            "You cannot change this later."
        ),
    )
    field_order = ("once", "kind")


def _typed(asked: dict[str, Any]) -> dict[str, Any]:
    """What the fields of the form say; an empty figure is 0, an empty type the standard one."""
    typed = {
        name: each for name, each in asked.items() if name not in {"once", "opened", "picture"}
    }
    typed |= {name: each or 0 for name, each in typed.items() if name.startswith(_FIGURE)}
    return typed | {"order_type": typed["order_type"] or STANDARD}


def _gathered(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The same with the package's further figures as one list, in the order of their names."""
    figures = {name: value for name, value in typed.items() if name.startswith(_FIGURE)}
    others = {name: value for name, value in typed.items() if name not in figures}
    return others | ({"figures": list(figures.values())} if figures else {})


def _asked(asked: dict[str, Any]) -> tuple[bytes | None, dict[str, Any]]:
    picture = asked["picture"].read() if asked["picture"] else None
    return picture, _gathered(_typed(asked))


def _create(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> str:
    picture, fields = _asked(asked)
    offering.create_package(unit, picture, **fields)
    return gettext("{name} was added to the catalogue.", name=fields["name"])


def _change(unit: UnitOfWork, package: Package, asked: dict[str, Any]) -> str:
    picture, fields = _asked(asked)
    seen = _gathered(asked["opened"]) if asked["opened"] else None
    offering.change_package(unit, package.pk, picture, seen, **fields)
    return gettext("{name} was changed. Existing orders stay as they are.", name=fields["name"])


def _now(package: Package) -> Mapping[str, Any]:
    """`picture` is the number of the one it has."""
    price = _home_price(package)
    priced = catalog.price_now(price) if price else dict.fromkeys(_PRICED)
    columns = {name: getattr(package, name) for name in _COLUMNS}
    figures = {
        f"{_FIGURE}{number}": each for number, each in enumerate(catalog.figures_of(package))
    }
    priced = {name: priced[name] for name in _PRICED}
    return columns | priced | figures | {"picture": package.picture_id}


def _home_price(package: Package) -> Price | None:
    return price_list(package_id=package.pk, market_id=markets.home().id).first()


def _at_home(minor: int | None) -> str:
    return shown.money(minor, markets.home().currency)


def _preview(package: Package | None, asked: dict[str, Any]) -> FactsBlock:
    """What the price is made of, and from what to what each field changes."""
    wanted = _typed(asked)
    paid = wanted["amount"] if wanted["member_amount"] is None else wanted["member_amount"]
    tax_class = TaxClass.objects.get(code=wanted["tax_class"])
    rate = tax_rate_on(markets.home().id, tax_class.pk, company.today()) or 0
    before_tax = paid - contained_tax(paid, rate)
    value = wanted["commissionable_value"]
    rows: list[tuple[str, Any]] = [
        (gettext("Price"), _at_home(wanted["amount"])),
        (gettext("Price without tax"), _at_home(before_tax)),
        (gettext("Commissionable value"), _share(value, before_tax)),
    ]
    if package is not None:
        seen, fields = asked["opened"] or _now(package), PackageForm(package).fields
        rows += [
            (str(fields[name].label or shown.words(name).capitalize()),
             f"{said(fields[name], seen[name])} → {said(fields[name], value)}")
            for name, value in wanted.items() if value != seen.get(name)
        ]  # fmt: skip
    return FactsBlock(gettext("After saving"), rows)


def _share(value: int, before_tax: int) -> str:
    """Commissions are paid out of this part of what the company keeps of a sale."""
    if not before_tax:
        return gettext("{amount}, and the price is zero", amount=_at_home(value))
    return gettext(
        "{amount}, {percent} of the price without tax",
        amount=_at_home(value),
        percent=shown.percent(value * HUNDRED_PERCENT // before_tax),
    )


@admin.register(Package)
class PackageDesk(Desk):
    plural = lazy("Packages")
    nothing = lazy("There are no packages yet. Create the first one to have something to sell.")
    list_display = ("name", "code", "kind", "price", "pv", "category", "sold")
    list_filter = ("kind", "active")
    search_fields = ("name", "code")
    search_help_text = lazy("Name or code")
    list_buttons = (
        Button(
            "new",
            lazy("New package"),
            offering.create_package,
            _create,
            form=NewPackageForm,
            preview=_preview,
            previews_only_asked=True,
        ),
    )
    buttons = (
        Button(
            "edit",
            lazy("Change package"),
            offering.change_package,
            _change,
            lazy("Existing orders keep their price and points."),
            PackageForm,
            initial=_now,
            preview=_preview,
            previews_only_asked=True,
            main=True,
        ),
    )

    @admin.display(description=lazy("price"), ordering="home_amount")
    def price(self, package: Any) -> str:
        return _at_home(package.home_amount)

    @admin.display(description=lazy("points"), ordering="points")
    def pv(self, package: Package) -> str:
        return shown.points(package.points)

    @admin.display(description=lazy("on sale"), ordering="active")
    def sold(self, package: Package) -> SafeString:
        return shown.status("on sale" if package.active else "off")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Package]:
        at_home = Price.objects.filter(
            package=OuterRef("pk"), market_id=markets.home().id, first_day__lte=company.today()
        ).order_by("-first_day")
        found = Package.objects.select_related("picture").defer("picture__content")
        return found.annotate(home_amount=Subquery(at_home.values("amount")[:1]))

    def blocks(self, request: HttpRequest, thing: Package) -> Sequence[Block]:
        rows = [
            (gettext("Kind"), thing.get_kind_display()),
            (gettext("Code"), thing.code),
            (gettext("Points (PV)"), shown.points(thing.points)),
            (gettext("Order type"), shown.words(thing.order_type)),
            *([(gettext("Opens a position"), gettext("yes"))] if thing.opens_position else []),
            *_figures(thing),
            (gettext("Category"), thing.category or shown.NOTHING),
            (gettext("On sale"), shown.yes_or_no(thing.active)),
            (gettext("Picture"), _picture(thing)),
        ]
        return [
            FactsBlock(gettext("Package"), rows),
            *_prices(thing),
            TextBlock(gettext("Description"), thing.description or shown.NOTHING),
        ]


def _figures(package: Package) -> list[tuple[str, str]]:
    named = company.office().order_figures
    figures = catalog.figures_of(package)
    return [(name, shown.points(each)) for name, each in zip(named, figures, strict=True)]


def _prices(package: Package) -> list[Block]:
    """What the package costs in each market that offers it, and what it is going to."""
    blocks: list[Block] = []
    for price in price_list(package_id=package.pk):
        market = markets.market(price.market_id)
        paid = price.amount if price.member_amount is None else price.member_amount
        rate = tax_rate_on(market.id, price.tax_class_id, company.today()) or 0
        tax = market.money(contained_tax(paid, rate))
        rows = [
            (gettext("Price"), market.money(price.amount)),
            (gettext("Price for members"), market.money(paid)),
            (gettext("Commissionable value"), market.money(price.commissionable_value)),
            (
                gettext("Tax"),
                gettext(
                    "{rate} ({tax_class}), {tax} included",
                    rate=shown.percent(rate),
                    tax_class=price.tax_class,
                    tax=tax,
                ),
            ),
        ]
        if price.own_points is not None:
            rows.append((gettext("Points (PV)"), shown.points(price.own_points)))
        title = (
            gettext("Price in {market}", market=market.name)
            if len(markets.all_markets()) > 1
            else gettext("Price")
        )
        if price.first_day > company.today():
            title = gettext("{price} from {day}", price=title, day=shown.day(price.first_day))
        blocks.append(FactsBlock(title, rows))
    return blocks


def _picture(package: Package) -> SafeString | str:
    if package.picture is None:
        return shown.NOTHING
    address = pictures.url(package.picture.name)
    return format_html('<img class="package" src="{}" alt="{}">', address, package.name)
