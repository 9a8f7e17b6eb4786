"""Whether the database believes the moments that it is told, or dates by its own clock since when
somebody has a right (base/migrations/moments.sql). Only the owner of the tables decides."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db.models import QuerySet

from upline.base import databases
from upline.base.models import ToldTime


@contextmanager
def believed() -> Iterator[None]:
    """Inside, the database believes what it is told, for a company whose year lies in the past. It
    begins and ends in transactions of their own."""
    _, is_new = _mark().get_or_create(pk=1)
    try:
        yield
    finally:
        if is_new:
            _mark().delete()


def end() -> None:
    """From now on the database dates by its own clock, also where a demo company was begun in it
    and never finished."""
    if ToldTime.objects.exists():
        _mark().delete()


def _mark() -> QuerySet[ToldTime]:
    owner = "owner" if "owner" in settings.DATABASES else databases.current()
    return ToldTime.objects.using(owner)
