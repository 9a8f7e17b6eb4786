"""The two trees: who sponsored whom, and which position stands below which."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from upline.language import lazy
from upline.members.models import Fact, Member


class PositionStatus(models.TextChoices):
    """Whether a position earns. A closed one keeps its place, and its volume counts above."""

    OPEN = "open", lazy("open")
    CLOSED = "closed", lazy("closed")


class Chain(models.Model):
    """A side-chain: positions that follow each other on one side only. An empty side is the
    tail of exactly one chain, so a placement locks one row and never the root's."""

    tail = models.ForeignKey("Position", null=True, on_delete=models.PROTECT, related_name="+")


class Position(models.Model):
    """A business centre: one of a member's places in the placement tree, with who sponsored them.

    Everybody has a first one, whose id is the member's; further ones stand below it and have no
    sponsor. A new member's may wait for its place until `place_by`: then it stands nowhere.
    `side` is 1 (left) or 2 (right) in a binary company, 1 to the width in a matrix, null in a
    unilevel one. `jump` is the skew-binary jump pointer (Myers 1983). `open_depth` (matrix only)
    is the depth of the highest free side in the team."""

    id = models.BigIntegerField(primary_key=True)
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="positions", db_index=False
    )
    number = models.SmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    sponsor = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="sponsored", db_index=False
    )
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="children", db_index=False
    )
    side = models.SmallIntegerField(null=True)
    depth = models.IntegerField()
    jump = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    left_chain = models.ForeignKey(
        Chain, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    right_chain = models.ForeignKey(
        Chain, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    open_depth = models.IntegerField(null=True)
    place_by = models.DateTimeField(null=True)
    status = models.CharField(
        max_length=6,
        choices=PositionStatus,
        default=PositionStatus.OPEN,
        db_default=PositionStatus.OPEN,
    )

    class Meta:
        constraints: ClassVar = [
            # With the id a team is walked down without a look at the table.
            models.UniqueConstraint(
                fields=["parent", "side"], include=["id"], name="one_position_per_side"
            ),
            models.UniqueConstraint(fields=["member", "number"], name="positions_are_numbered"),
            models.CheckConstraint(
                condition=Q(number=1, id=F("member_id")) | Q(number__gt=1, sponsor=None),
                name="first_position_has_the_members_id",
            ),
            models.CheckConstraint(
                condition=Q(parent=None, sponsor=None, depth=0, number=1, place_by=None)
                | Q(parent__isnull=False, depth__gt=0, place_by=None)
                & (Q(sponsor__isnull=False) | Q(number__gt=1))
                | Q(parent=None, depth=0, number=1, sponsor__isnull=False, place_by__isnull=False),
                name="only_the_root_has_no_upline",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sponsor", "id"], name="sponsored_by"),
            models.Index(
                fields=["place_by"], condition=Q(place_by__isnull=False), name="waiting_for_a_place"
            ),
        ]

    def __str__(self) -> str:
        return f"position {self.number} of {self.member}"

    @property
    def name(self) -> str:
        """As people write it: the username, and of a further position its number."""
        return str(self.member) if self.number == 1 else f"{self.member}/{self.number}"


class PlacementFact(Fact):
    """Below which position one of a member's positions stands, from a moment on."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    side = models.SmallIntegerField(null=True)


class PositionFact(Fact):
    """A position was closed, or opened again, from a moment on: none says that it is open.
    `order_number` is the order whose refund closed it, or that opened it again; '' where staff
    did."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=6)
    order_number = models.CharField(max_length=20, default="", blank=True)


class SponsorFact(Fact):
    """Who sponsored a member, from a moment on."""

    sponsor = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
