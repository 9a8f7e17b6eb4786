"""What the demo company sells: tea, a small pantry, care and a few things for the home, in euros
with 19 % tax contained, and in francs with Swiss tax."""

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
    `picture` names a file in `drawings/products`."""

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
_PACKS, _TEA, _PANTRY, _CARE, _HOME = "Starter packs", "Tea", "Pantry", "Care", "Home"
WARES = (
    Ware(_M, "S-100", "First Cup", 9900, 6000, 55, _PACKS, "first-cup",
         "A tin of Morning Hill, two cups and the year's catalogue. Enough to find out what you "
         "like, and to pour for a friend."),
    Ware(_M, "S-200", "Tea Table", 24_900, 16_000, 32, _PACKS, "tea-table",
         "The raspberry teapot, four teas, honey and everything for a first evening with six "
         "guests around your table."),
    Ware(_M, "S-300", "Full Pantry", 59_900, 40_000, 13, _PACKS, "full-pantry",
         "One of almost everything we make, in two large bags: to show, to taste, to wash with "
         "and to keep."),
    Ware(_C, "T-110", "Morning Hill Green Tea, 80 g", 1290, 750, 10, _TEA, "morning-hill",
         "Leaves of the first spring harvest, steamed the day they are picked. Bright and grassy. "
         "Pour at 75 °C, wait two minutes."),
    Ware(_C, "T-120", "Hearth Black Tea, 100 g", 1190, 700, 10, _TEA, "hearth-black",
         "Our breakfast tea: malty, strong, good with milk. The one that is always empty first."),
    Ware(_C, "T-130", "Garden Mint, 50 g", 990, 600, 8, _TEA, "garden-mint",
         "Peppermint and lemon verbena from one garden, dried in the shade. No caffeine, so it "
         "is never too late for it."),
    Ware(_C, "T-140", "Raspberry Teapot, 0.9 l", 6400, 3850, 12, _TEA, "teapot",
         "Stoneware with a raspberry glaze, a spout that never drips and a sieve to lift out."),
    Ware(_C, "P-210", "Lime Blossom Honey, 500 g", 1450, 850, 9, _PANTRY, "honey",
         "From hives under old lime trees: light, a little minty, never heated."),
    Ware(_C, "P-220", "Lemon Syrup, 250 ml", 1240, 750, 6, _PANTRY, "lemon-syrup",
         "Whole lemons, ginger and sugar, and nothing else. Hot in winter, over ice in summer."),
    Ware(_C, "P-230", "Picholine Olives, 290 g", 1690, 1000, 5, _PANTRY, "olives",
         "Small, green and crisp, in brine with fennel. Picked in the first week of October."),
    Ware(_C, "P-240", "Dark Chocolate, 72 %", 690, 400, 5, _PANTRY, "chocolate",
         "Three ingredients, seventy hours in the stone mill. Two squares are plenty."),
    Ware(_C, "C-310", "Rose Soap, Two Bars", 1350, 800, 7, _CARE, "soap",
         "Olive oil and rose petals, boiled in copper kettles and dried for half a year."),
    Ware(_C, "C-320", "Oat Body Milk, 300 ml", 2490, 1500, 10, _CARE, "body-milk",
         "Oat, almond and a little calendula for skin that has had a long day. Unscented."),
    Ware(_C, "C-330", "Rose Water, 200 ml", 1890, 1150, 7, _CARE, "rose-water",
         "Distilled from Damask roses before sunrise. Cools, calms and smells like June."),
    Ware(_C, "C-340", "Slow Bath Gift Set", 8900, 5350, 10, _CARE, "slow-bath",
         "Bath salt, body milk, two bars of soap and a candle, packed to give away."),
    Ware(_C, "H-410", "Beeswax Candle", 2650, 1600, 10, _HOME, "candle",
         "Burns for forty hours and smells of the hive, not of perfume."),
    Ware(_C, "H-420", "Seagrass Basket", 5900, 3550, 10, _HOME, "basket",
         "Woven by hand, so that no two are alike. For bread, for yarn, for whatever lies around."),
    Ware(_C, "H-430", "Lambswool Scarf", 8900, 5350, 9, _HOME, "scarf",
         "Two metres of soft red wool, woven in a mill that is older than all of us."),
    Ware(_C, "H-440", "Striped Bed Socks", 2290, 1400, 8, _HOME, "socks",
         "Merino and a little silk. For cold floors and the last chapter."),
    Ware(_C, "H-450", "Evergreen in a Pot", 3400, 2050, 7, _HOME, "plant",
         "Grows slowly and forgives everything: shade, holidays, and forgetting the water."),
    Ware(_C, "H-460", "Clay Amphora", 11_900, 7150, 6, _HOME, "amphora",
         "Painted by hand, for dried branches or for nothing at all. 38 cm high."),
    Ware(_C, "H-470", "Walnut Kitchen Chair", 18_900, 11_350, 6, _HOME, "chair",
         "Solid walnut, oiled, made in a workshop of five. It will outlast the table."),
)  # fmt: skip


# What each costs in Switzerland, in hundredths of a franc.
IN_FRANCS = {
    "S-100": 9500, "S-200": 23_900, "S-300": 57_500, "T-110": 1250, "T-120": 1150, "T-130": 950,
    "T-140": 6150, "P-210": 1400, "P-220": 1190, "P-230": 1620, "P-240": 660, "C-310": 1300,
    "C-320": 2400, "C-330": 1820, "C-340": 8500, "H-410": 2550, "H-420": 5700, "H-430": 8500,
    "H-440": 2200, "H-450": 3250, "H-460": 11_400, "H-470": 18_200,
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
