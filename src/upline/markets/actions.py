"""Making and changing markets."""

from upline.base.errors import FieldsWrong
from upline.markets.models import Currency, Market

HOME = "HOME"


def found(*, currency: str, exponent: int, seller: str) -> Market:
    """Make the home market of a new company."""
    return _make(HOME, "Home market", currency, exponent, seller)


def _make(code: str, name: str, currency: str, exponent: int, seller: str) -> Market:
    """Raises FieldsWrong where the currency has other decimals already."""
    known, _ = Currency.objects.get_or_create(code=currency, defaults={"exponent": exponent})
    if known.exponent != exponent:
        raise FieldsWrong(
            fields={"currency": f"Amounts in {currency} have {known.exponent} decimals."}
        )
    return Market.objects.create(code=code, name=name, currency=known, seller=seller)
