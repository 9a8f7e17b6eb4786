"""The two trees: who sponsored whom, and who stands below whom."""

from typing import ClassVar

from django.db import models

from upline.members.models import Fact, Member


class Chain(models.Model):
    """A side-chain: nodes that follow each other on one side only. An empty side is the
    tail of exactly one chain, so a placement locks one row and never the root's."""

    tail = models.ForeignKey("Node", null=True, on_delete=models.PROTECT, related_name="+")


class Node(models.Model):
    """A member's place in both trees.

    `side` is 1 (left) or 2 (right) in a binary company, 1 to the width in a matrix, null
    in a unilevel one. `jump` is the skew-binary jump pointer (Myers 1983). `open_depth`
    (matrix only) is the depth of the highest free side in the team."""

    member = models.OneToOneField(Member, primary_key=True, on_delete=models.PROTECT)
    sponsor = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="sponsored"
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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "side"], name="one_member_per_side"),
            models.CheckConstraint(
                condition=models.Q(parent=None, sponsor=None, depth=0)
                | models.Q(parent__isnull=False, sponsor__isnull=False, depth__gt=0),
                name="only_the_root_has_no_upline",
            ),
        ]
        indexes: ClassVar = [
            models.Index("depth", condition=models.Q(parent=None), name="root_of_the_tree")
        ]


class PlacementFact(Fact):
    """Below whom a member stands, from a moment on."""

    parent = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    side = models.SmallIntegerField(null=True)


class SponsorFact(Fact):
    """Who sponsored a member, from a moment on."""

    sponsor = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
