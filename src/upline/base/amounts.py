"""Amounts are integers of the smallest unit: minor units of the currency, hundredths of a point.
How large they may be, and how people and programs are shown them."""

from decimal import Decimal

UNITS_MAX = 10**12
POINT_DECIMALS = 2


def as_text(units: int, decimals: int, thousands: str = "") -> str:
    """All decimals written out: `123450` with two is `1234.50`."""
    sign = "-" if units < 0 else ""
    whole, part = divmod(abs(units), 10**decimals)
    tail = f".{part:0{decimals}}" if decimals else ""
    return f"{sign}{whole:,}{tail}".replace(",", thousands)


def as_number(units: int, decimals: int) -> int | Decimal:
    """The same as an exact number of as few digits as it needs: `4990` with two is 49.9.

    A whole one stays an int, which costs a quarter of a Decimal; hot answers show many."""
    whole, part = divmod(units, 10**decimals)
    return Decimal(units).scaleb(-decimals).normalize() if part else whole
