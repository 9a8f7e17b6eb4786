"""What the demo company sells: things for the home, in euros with 19 % tax contained, and in francs
with Swiss tax."""

from dataclasses import dataclass

from upline.catalog import queries as catalog
from upline.catalog.models import PackageKind
from upline.catalog.statements import Offer

TAX_CLASS = "standard"
TAX_RATE = 1900
# The same in euros and francs.
SIGNUP_FEE = 2500


@dataclass(frozen=True)
class Ware:
    """`amount` in cents, `points` in hundredths, `popularity` against the others of its kind;
    `picture` names a file in `drawings`."""

    kind: PackageKind
    code: str
    name: str
    amount: int
    points: int
    popularity: int
    category: str
    picture: str
    description: str


_M, _C = PackageKind.MEMBERSHIP, PackageKind.CART
WARES = (
    Ware(_M, "M-100", "Cottage Membership", 9900, 6000, 55, "Membership", "one-parcel",
         "A welcome parcel with a candle, a towel and the year's catalogue."),
    Ware(_M, "M-200", "Townhouse Membership", 24900, 16000, 32, "Membership",
         "two-parcels", "Two parcels: our table set and everything for a first evening at home."),
    Ware(_M, "M-300", "Manor Membership", 59900, 40000, 13, "Membership",
         "three-parcels", "Three parcels: a piece of every range, to show and to keep."),
    Ware(_C, "H-010", "Linen Towels, Set of Three", 2490, 1500, 24, "Textiles", "towels",
         "Three kitchen towels of washed linen: brick, cream and harbour blue."),
    Ware(_C, "H-020", "Candle Trio", 2950, 1800, 20, "Light", "candles",
         "Fig, honey and heather: three candles in glasses that stay when they are gone."),
    Ware(_C, "H-030", "Stoneware Mugs, Pair", 3400, 2050, 18, "Table", "mugs",
         "Two mugs, thrown and glazed by hand, so that no pair is like another."),
    Ware(_C, "H-040", "Storage Jars, Set of Three", 4200, 2550, 14, "Kitchen", "jars",
         "Borosilicate glass with lids of acacia, for pasta, coffee and tea."),
    Ware(_C, "H-050", "Oak Cutting Board", 4990, 2990, 14, "Kitchen", "board",
         "One piece of oak, oiled, with a hole to hang it up."),
    Ware(_C, "H-060", "Enamel Kettle", 6400, 3850, 9, "Kitchen", "kettle",
         "Holds 1.8 litres, for every kind of stove, gas and induction included."),
    Ware(_C, "H-070", "Cast-Iron Pan, 28 cm", 8900, 5350, 8, "Kitchen", "pan",
         "Seasoned three times before it leaves us. It will outlive the stove."),
    Ware(_C, "H-080", "Wool Throw", 11900, 7150, 6, "Textiles", "throw",
         "Woven from lambswool, 140 by 200 cm, with a fringe on both ends."),
    Ware(_C, "H-090", "Reading Lamp", 13950, 8400, 4, "Light", "lamp",
         "Steel and brass, with a joint that stays where it is put."),
)  # fmt: skip


# What each costs in Switzerland, in hundredths of a franc.
IN_FRANCS = {
    "M-100": 9500, "M-200": 23_900, "M-300": 57_500, "H-010": 2400, "H-020": 2850, "H-030": 3300,
    "H-040": 3990, "H-050": 4800, "H-060": 6200, "H-070": 8500, "H-080": 11_500, "H-090": 13_500,
}  # fmt: skip


def without_tax(amount: int, rate: int) -> int:
    """A price without the tax that it contains, in minor units; `rate` in basis points."""
    return amount * 10_000 // (10_000 + rate)


def offers_in(market_id: int) -> dict[str, Offer]:
    """All packages as members are offered them in a market, by their codes."""
    found = [each for kind in PackageKind for each in catalog.on_sale(market_id, kind)]
    return {each.code: each for each in found}


def popular(kind: PackageKind) -> tuple[list[str], list[int]]:
    """The codes of one kind, and how popular each is against the others."""
    found = [ware for ware in WARES if ware.kind == kind]
    return [ware.code for ware in found], [ware.popularity for ware in found]
