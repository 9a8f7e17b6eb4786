"""What held for a member from a moment on."""

from typing import ClassVar

from django.db import models

from upline.base.models import ByActor, names_its_actor
from upline.catalog.models import Package
from upline.markets.models import Market
from upline.members.models.people import Member


class Fact(ByActor):
    """What held for a member from a moment on. Append-only: a run may ask about any day."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        abstract = True
        constraints: ClassVar = [names_its_actor("%(class)s")]


class StandingFact(Fact):
    """joined, blocked, active again, closed."""

    standing = models.CharField(max_length=7)
    reason = models.CharField(max_length=300, blank=True)


class PackageFact(Fact):
    """The membership package that counts for plans; null: none does. `order_number` is the order
    that bought it, '' where none did."""

    package = models.ForeignKey(Package, null=True, on_delete=models.PROTECT, related_name="+")
    order_number = models.CharField(max_length=20, default="", blank=True)


class RankFact(Fact):
    """The rank reached."""

    rank_name = models.CharField(max_length=60)


class MarketFact(Fact):
    """The market that the member belongs to, in whose currency they order, are paid and earn."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
