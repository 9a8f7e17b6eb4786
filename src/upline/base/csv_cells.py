"""Text in CSV files that people open with a spreadsheet."""

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_cell(text: str) -> str:
    """The text as a cell that no spreadsheet works out."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
