"""What a member has of each rank in an approved run, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upline.base import sql
from upline.commissions import queries
from upline.commissions.explaining import statements
from upline.commissions.models import Earning, Run
from upline.commissions.storing import run_figures
from upline.commissions.storing.archive import Archive
from upline.commissions.storing.copy_format import Table
from upline.explanations.ladder import OnLadder, Rung, above
from upline.plans.arrays import Ints
from upline.plans.bonus import TreeKind
from upline.plans.company import NOBODY
from upline.plans.periods import Every
from upline.plans.plan import Plan


@dataclass(frozen=True, slots=True)
class Ranked:
    """Names of the rank that a member is paid as and of the highest ever held, '' for none; the
    run that says so; and all ranks above."""

    run: Run
    rank: str
    title: str
    above: list[Rung]


def ranked(member_id: int) -> Ranked | None:
    """A member's ranks by the last approved run that worked them out; None where none has, or the
    member was not there yet."""
    run = _last_run()
    return None if run is None else in_run(run, member_id)


def in_run(run: Run, member_id: int) -> Ranked | None:
    """The same by a run that worked ranks out, approved or not."""
    plan, archive = queries.plan_of(run.plan), Archive(run.pk)
    ids = _around(archive, member_id)
    found = _on_ladder(archive, plan, ids)
    if found is None or not len(ids):
        return None
    index = int(np.flatnonzero(ids == member_id)[0])
    names = ["", *(step.name for step in plan.ranks.steps)]
    earning = Earning.objects.filter(run_id=run.pk, member_id=member_id).first()
    title = names[earning.title] if earning else ""
    return Ranked(run, names[found.rank[index]], title, above(plan, index, found))


def _last_run() -> Run | None:
    """The last approved run whose plan works ranks out with it."""
    runs = Run.objects.select_related("plan").filter(status__in=queries.APPROVED)
    last = [runs.filter(every=each).order_by("-pk").first() for each in Every]
    works = [run for run in last if run and _ranks_every(run) == run.every]
    return max(works, key=lambda run: run.pk, default=None)


def _ranks_every(run: Run) -> str:
    ranks = queries.plan_of(run.plan).ranks
    return str(ranks.every) if ranks.steps else ""


def _tree(plan: Plan) -> str:
    return "placement" if plan.ranks.tree.kind is TreeKind.PLACEMENT else "sponsor"


def _around(archive: Archive, member_id: int) -> Ints:
    """The member, and all in the run who ever stood right below in either tree; empty where the
    member was not in the run."""
    below = sql.rows(statements.Below, statements.RIGHT_BELOW, {"member": member_id})
    ids = np.array([member_id, *(row.member_id for row in below)], np.int64)
    found = archive.at("members", ["member"], archive.indexes("members", ids))["member"]
    return found if member_id in found else found[:0]


def _on_ladder(archive: Archive, plan: Plan, ids: Ints) -> OnLadder | None:
    def read(columns: list[str]) -> Table:
        return archive.of(run_figures.PART, columns, ids)

    found = run_figures.ranks_of(archive.text(run_figures.SCALARS), plan, read)
    if found is None or not len(ids):
        return None
    links = archive.of("members", sorted({"sponsor", _tree(plan)}), ids)
    indexes = {member: index for index, member in enumerate(ids.tolist())}
    parent, sponsor = (
        np.array([indexes.get(each, NOBODY) for each in links[link].tolist()], np.int32)
        for link in (_tree(plan), "sponsor")
    )
    active = read(["active"])["active"].astype(np.bool_)
    rank = archive.of("carry", ["rank"], ids)["rank"]
    return OnLadder(parent, sponsor, active, rank, found)
