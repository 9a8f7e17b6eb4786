"""Amounts of money inside sentences, marked so that members can hide them."""

import re

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

COOKIE, HIDDEN = "amounts", "hidden"
"""On a device where amounts are not to be seen; set by scripts/eye.js."""

# `1,234.50 EUR`, `-20.00`, `1.234,50`; no percentage, no date, and no order number.
_AMOUNT = re.compile(
    r"(?<![\w.,-])[\u2212-]?\d{1,3}(?:[.,\u00a0\u202f']?\d{3})*"
    r"(?:(?:[.,]\d{2,3})?[ \u00a0][A-Z]{3}\b|[.,]\d{2}(?![\d.,]*\d)(?!\s?%))"
)


def marked(sentence: str) -> SafeString:
    """A sentence with each amount in an element of class `amount`. Text is escaped; what is markup
    already, such as a `<time>`, stays."""
    text = conditional_escape(sentence)
    return mark_safe(_AMOUNT.sub(r'<span class="amount said">\g<0></span>', text))  # noqa: S308
