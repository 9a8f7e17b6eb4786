"""`{{ at|moment }}`: a day or a moment as people say it; `{{ sentence|amounts }}`: a sentence whose
amounts can be hidden."""

from datetime import date, datetime

from django import template
from django.utils.safestring import SafeString

from upline.design.amounts import marked
from upline.design.moments import element

register = template.Library()


@register.filter
def moment(at: date | datetime | None) -> SafeString | str:
    """`<time>` with `yesterday, 14:20` in it; nothing for None."""
    return element(at) if at else ""


@register.filter
def amounts(sentence: object) -> SafeString:
    """The sentence with its amounts marked."""
    return marked(sentence if isinstance(sentence, SafeString) else str(sentence))
