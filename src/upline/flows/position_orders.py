"""Who may buy a further position, and where it may stand: judged as its order is placed. Whatever
changes until the order is paid, the position is opened then (orders/opening.py)."""

from collections.abc import Sequence
from dataclasses import dataclass

from upline.base.errors import REQUIRED, FieldsWrong
from upline.catalog.errors import ProductNotAvailable
from upline.commissions import queries as plans
from upline.commissions.explaining import activity
from upline.company import current as company
from upline.company.models import PlanKind
from upline.genealogy import actions as genealogy
from upline.genealogy import queries as tree
from upline.genealogy.errors import PlacementInvalid
from upline.language import gettext, ngettext
from upline.members.models import Member, MemberKind
from upline.orders import opening
from upline.orders.actions import LineToOrder
from upline.orders.opening import AskedPosition


@dataclass(frozen=True)
class PositionWish:
    """Where a buyer wants the position to stand: below which position of their own team, and on
    which side (1, 2); a side alone is that of their first position, nothing their preferred one."""

    under_id: int | None = None
    side: int | None = None


NO_WISH = PositionWish()


def judged(
    member_id: int, kind: MemberKind, lines: Sequence[LineToOrder], wish: PositionWish
) -> AskedPosition | None:
    """Inside a transaction: what position these lines open for their buyer, None where none does.
    The side that is wished for stays free until the transaction ends. Raises ProductNotAvailable,
    FieldsWrong, PlacementInvalid, SideTaken. Needs no right: it is part of a change that asked for
    its own."""
    sold = [line for line in lines if line.opens_position]
    if not sold:
        if wish != NO_WISH:
            field = "placement_position_id" if wish.under_id else "position"
            raise FieldsWrong(fields={field: gettext("No product of this order opens a position.")})
        return None
    if sum(line.quantity for line in sold) > 1:
        raise ProductNotAvailable(
            gettext(
                "An order can open one position: order one {product} at a time.",
                product=sold[0].name,
            )
        )
    if kind != MemberKind.MEMBER:
        raise ProductNotAvailable(gettext("Only members can buy a position."))
    _judge_buyer(member_id)
    package_id = sold[0].package_id
    assert package_id is not None, "a package opens positions"
    return AskedPosition(package_id, *_judge_place(member_id, wish))


def _judge_buyer(member_id: int) -> None:
    """Raises ProductNotAvailable."""
    if company.current().plan_kind != PlanKind.BINARY:
        raise ProductNotAvailable(
            gettext("Only a binary company has members with several positions.")
        )
    held, most = genealogy.count_held(member_id), company.office().positions_max
    if tree.is_waiting(member_id):
        raise ProductNotAvailable(
            gettext("A member who waits for a place cannot buy a position yet.")
        )
    ordered = opening.awaited(member_id)
    if held + ordered >= most:
        raise ProductNotAvailable(_too_many(held, ordered, most))
    _judge_rank(member_id)
    if company.office().positions_need_activity:
        now = activity.now(member_id)
        if now is None or not now.today.active:
            raise ProductNotAvailable(gettext("Only an active member can buy a position."))


def _too_many(held: int, ordered: int, most: int) -> str:
    if not ordered:
        return ngettext(
            "A member can hold {count} position, and this one holds {held}.",
            "A member can hold {count} positions, and this one holds {held}.",
            most,
            held=held,
        )
    return ngettext(
        "A member can hold {count} position. This one holds {held} and has ordered {ordered} more.",
        "A member can hold {count} positions. This one holds {held} and has ordered {ordered} "
        "more.",
        most,
        held=held,
        ordered=ordered,
    )


def _judge_rank(member_id: int) -> None:
    """The rank that the settings name, or a higher one of the plan in force."""
    wanted = company.office().positions_rank
    if not wanted:
        return
    found = plans.in_force()
    steps = [step.name for step in found.plan.ranks.steps] if found else []
    has = Member.objects.values_list("rank_name", flat=True).get(pk=member_id)
    enough = steps[steps.index(wanted) :] if wanted in steps else [wanted]
    if has not in enough:
        raise ProductNotAvailable(
            gettext("To buy a position, a member needs the rank {rank}.", rank=wanted)
        )


def _judge_place(member_id: int, wish: PositionWish) -> tuple[int | None, int | None]:
    if wish.under_id is None:
        return None, wish.side
    if wish.side is None:
        raise FieldsWrong(fields={"position": REQUIRED})
    if not tree.in_team(member_id, wish.under_id):
        raise PlacementInvalid("placement_position_id")
    genealogy.hold_side(wish.under_id, wish.side)
    return wish.under_id, wish.side
