"""Days and moments as people say them: `yesterday, 14:20`, and after a week the date itself. The
whole date, with its time zone, is in the title."""

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_time, get_timezone_name
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from upline.base import clock
from upline.language import gettext, ngettext, writing
from upline.language.current import catalog

DAYS_SAID = 7
"""So far from today, a day is told by how many days it is away."""


def element(of: date | datetime) -> SafeString:
    """`<time>` for a moment, by the clock of the time zone at hand, or for a day without a time."""
    at = timezone.localtime(of) if isinstance(of, datetime) else of
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), in_full(at), said(at)
    )


def said(at: date | datetime) -> str:
    """`today, 14:20`, `yesterday, 14:20`, `3 days ago, 14:20`, then `22 Nov 2026, 14:20`; of a day
    the same without the time. Of what is still to come: `tomorrow`, `in 3 days`."""
    if isinstance(at, datetime):
        return gettext("{day}, {time}", day=_day(at.date()), time=_time(at))
    return _day(at)


def in_full(at: date | datetime) -> str:
    """`Monday, 30 November 2026, 14:20, Central European Standard Time`."""
    spoken = catalog()
    day = f"{at:%A, %-d %B %Y}" if spoken.is_english else format_date(at, "full", spoken.locale)
    if not isinstance(at, datetime):
        return day
    zone = get_timezone_name(at, locale=spoken.locale)
    return gettext("{day}, {time}, {zone}", day=day, time=_time(at), zone=zone)


def _day(of: date) -> str:
    away = (of - timezone.localtime(clock.now()).date()) // timedelta(days=1)
    if away == 0:
        return gettext("today")
    if away in (-1, 1):
        return gettext("yesterday") if away < 0 else gettext("tomorrow")
    if -DAYS_SAID <= away < 0:
        return ngettext("{count} day ago", "{count} days ago", -away)
    if 0 < away <= DAYS_SAID:
        return ngettext("in {count} day", "in {count} days", away)
    return writing.named_day(of).replace(" ", "\u00a0")


def _time(at: datetime) -> str:
    spoken = catalog()
    return f"{at:%H:%M}" if spoken.is_english else format_time(at, "short", locale=spoken.locale)
