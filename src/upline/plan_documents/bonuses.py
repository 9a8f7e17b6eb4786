"""Each bonus of a document in the core's terms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from itertools import pairwise
from typing import Any, get_args

from upline.language import gettext, ngettext
from upline.plan_documents import bonus_keys, keys, kinds
from upline.plan_documents.errors import often
from upline.plan_documents.scope import Scope
from upline.plans import bonus
from upline.plans.bonus import By, Items, Needs, Tree, TreeKind
from upline.plans.counting import EVERYBODY, OUTSIDE, Customer, Volume
from upline.plans.periods import Every

CUSTOMERS = {
    "all": EVERYBODY,
    "outside": OUTSIDE,
    "retail": frozenset({Customer.RETAIL}),
    "preferred": frozenset({Customer.PREFERRED}),
    "member": frozenset({Customer.MEMBER}),
}
LENGTHS = get_args(keys.Every)
ORDERS_ONLY = ("pays_on", "customers")
BY_LEVEL_ONLY = ("by", "first_level", "compression", "within_days", "after_days", "per")
MOST_SEATS = 10_000
MOST_BELOW = 2**31 - 1
MOST_FULL_LEVELS = 62
PEOPLE = 8 * 10**9


@singledispatch
def bonus_of(said: bonus_keys.BonusKeys, scope: Scope) -> bonus.Bonus:
    """The core's bonus; what has no sense is noted in the scope's problems."""
    raise TypeError(type(said))


@bonus_of.register
def _(said: kinds.LevelsKeys, scope: Scope) -> bonus.Bonus:
    return _levels(said, scope, Tree(TreeKind(said.tree)))


@bonus_of.register
def _(said: kinds.Monoline, scope: Scope) -> bonus.Bonus:
    return _levels(said, scope, Tree(TreeKind.MONOLINE))


@bonus_of.register
def _(said: kinds.XUp, scope: Scope) -> bonus.Bonus:
    return _levels(said, scope, Tree(TreeKind.X_UP, said.pass_up))


@bonus_of.register
def _(said: kinds.FastStart, scope: Scope) -> bonus.Bonus:
    return _levels(said, scope, Tree(TreeKind(said.tree)))


def _levels(said: bonus_keys.ByLevel, scope: Scope, tree: Tree) -> bonus.Levels:
    key = scope.one_of(said, "percents", "amounts")
    items = Items.ORDERS
    if isinstance(said, bonus_keys.ByLevelOrHead) and said.per == "active member":
        items = Items.ACTIVE_MEMBERS
        _not_with(
            said,
            scope,
            "per",
            ["percents", *ORDERS_ONLY, "within_days", "after_days"],
            'per = "active member"',
        )
    elif key == "amounts":
        _not_with(said, scope, "amounts", ["pays_on"])
    return bonus.Levels(
        **_common(said, scope),
        rates=scope.rates(said, key, _by(said.by), flat=key == "amounts"),
        tree=tree,
        items=items,
        volume=_volume(said, scope),
        first_level=said.first_level,
        compression=bonus.Compression(said.compression),
    )


@bonus_of.register
def _(said: kinds.RetailMargin, scope: Scope) -> bonus.Bonus:
    return bonus.Levels(
        **_common(said, scope),
        rates=scope.rates(said, "percent", None),
        volume=_volume(said, scope),
        first_level=0,
    )


@bonus_of.register
def _(said: kinds.Referral, scope: Scope) -> bonus.Bonus:
    key = scope.one_of(said, "percent", "amount", "percents", "amounts")
    flat = key in ("amount", "amounts")
    if said.on == "joining":
        _not_with(said, scope, "on", ["percent", "percents", *ORDERS_ONLY], 'on = "joining"')
    elif flat:
        _not_with(said, scope, str(key), ["pays_on"])
    return bonus.Levels(
        **_common(said, scope),
        rates=scope.rates(said, key, _by(said.by), flat=flat),
        items=Items.JOININGS if said.on == "joining" else Items.FIRST_ORDERS,
        volume=_volume(said, scope),
    )


@bonus_of.register
def _(said: kinds.Matching, scope: Scope) -> bonus.Bonus:
    by_generation = said.count == "generations"
    if by_generation:
        _not_with(said, scope, "count", ["compression"], 'count = "generations"')
        _needs_ranks(scope, "count")
        if not said.first_generation:
            scope.complain(
                gettext("must be 1: members do not match own earnings."), "first_generation"
            )
    else:
        _not_with(said, scope, "count", ["heads", "first_generation"], 'count = "levels"')
    return bonus.Levels(
        **_common(said, scope),
        rates=scope.rates(said, "percents", _by(said.by)),
        items=Items.EARNINGS,
        compression=bonus.Compression(said.compression),
        count=bonus.Count(said.count),
        heads=scope.rank(said.heads, "heads"),
        of=tuple(said.of),
    )


@bonus_of.register
def _(said: kinds.Generation, scope: Scope) -> bonus.Bonus:
    _needs_ranks(scope)
    return bonus.Levels(
        **_common(said, scope),
        rates=scope.rates(said, "percents", _by(said.by)),
        tree=Tree(TreeKind(said.tree)),
        volume=_volume(said, scope),
        first_level=said.first_generation,
        count=bonus.Count.GENERATIONS,
        heads=scope.rank(said.heads, "heads"),
    )


@bonus_of.register
def _(said: kinds.StairstepKeys, scope: Scope) -> bonus.Bonus:
    if bool(said.brackets) == (said.percents is not None):
        scope.complain(gettext("use either `brackets` or `percents`."))
    if said.brackets:
        _not_with(said, scope, "brackets", ["by"])
    else:
        _not_with(said, scope, "percents", ["measured_in"])
    for number, (low, high) in enumerate(pairwise(said.brackets), 1):
        if high.points <= low.points or high.percent <= low.percent:
            scope.complain(
                gettext(
                    "asks no more points, or pays no more percent, than the bracket before it."
                ),
                "brackets",
                number,
            )
    return bonus.Stairstep(
        **_common(said, scope),
        tree=Tree(TreeKind(said.tree)),
        volume=_volume(said, scope),
        brackets=tuple(bonus.Bracket(each.points, each.percent) for each in said.brackets),
        measured_in=scope.measured_in(said.measured_in),
        rates=scope.rates(said, "percents", _by(said.by)) if said.percents is not None else None,
        first_level=said.first_level,
    )


@bonus_of.register
def _(said: kinds.Binary, scope: Scope) -> bonus.Bonus:
    key = scope.one_of(said, "percent", "pair_amount", "percents", "pair_amounts")
    flat = key in ("pair_amount", "pair_amounts")
    if flat and "unit" not in said.model_fields_set:
        scope.complain(gettext("set how much volume makes a pair: `unit`."), str(key))
    if said.unit == 0:
        scope.complain(gettext("must be more than zero: no volume would make a pair."), "unit")
    first, second = (int(part) for part in said.ratio.split(":"))
    return bonus.Pairs(
        **_common(said, scope),
        rates=scope.rates(said, key, _by(said.by), flat=flat),
        volume=_volume(said, scope),
        unit=max(said.unit, 1),
        first=first,
        second=second,
        legs=bonus.Legs(said.legs),
        ratio_on_first_pair_only=said.ratio_on == "first pair",
        caps=tuple(_cap(cap, said, scope.at("caps", n)) for n, cap in enumerate(said.caps)),
        over_cap=bonus.Over(said.over_cap),
        unqualified=bonus.Over(said.unqualified),
        volume_limit=-1 if said.volume_limit is None else said.volume_limit,
        carry_limit=-1 if said.carry_limit is None else said.carry_limit,
    )


def _cap(said: kinds.CapKeys, binary: kinds.Binary, scope: Scope) -> bonus.Cap:
    if LENGTHS.index(said.per) < LENGTHS.index(binary.every):
        scope.complain(
            gettext(
                "is for a shorter time than the bonus, which is calculated {often}.",
                often=often(binary.every),
            ),
            "per",
        )
    key = scope.one_of(said, "pairs", "amount")
    limit, by = (getattr(said, key) if key else -1), By.NOTHING
    if isinstance(limit, dict):
        by = _by(said.by) or By.RANK
        limits = scope.by_class(limit, by, str(key))
    else:
        limits = (limit,)
        if said.by is not None:
            sentence = gettext("chooses among entries, and `{key}` is the same for all.", key=key)
            scope.complain(sentence, "by")
    return bonus.Cap(Every(said.per), limits, by, in_pairs=key == "pairs")


@bonus_of.register
def _(said: kinds.Matrix, scope: Scope) -> bonus.Bonus:
    key = scope.one_of(said, "percents", "amounts", "full_levels")
    tree = Tree(TreeKind(said.tree), said.width)
    if key == "full_levels":
        _not_with(said, scope, key, [*ORDERS_ONLY, *BY_LEVEL_ONLY])
        _fits_depth(len(said.full_levels or ()), said, scope, key)
        amounts = tuple(said.full_levels or ())
        _can_fill(said.width, len(amounts), scope)
        if not any(amounts):
            scope.complain(gettext("pays nothing: every figure is zero."), key)
        return bonus.FullLevels(**_common(said, scope), tree=tree, amounts=amounts)
    found = _levels(said, scope, tree)
    _fits_depth(said.first_level - 1 + len(found.rates.table[0]), said, scope, key or "depth")
    return found


def _fits_depth(levels: int, said: kinds.Matrix, scope: Scope, key: str) -> None:
    if levels > said.depth:
        sentence = ngettext(
            "pays {count} level, and `depth` is {depth}.",
            "pays {count} levels, and `depth` is {depth}.",
            levels,
            depth=said.depth,
        )
        scope.complain(sentence, key)


def _can_fill(width: int, levels: int, scope: Scope) -> None:
    if levels > MOST_FULL_LEVELS or width**levels > MOST_BELOW:
        scope.complain(_too_many(width, levels), "full_levels")


def _too_many(width: int, levels: int) -> str:
    if width ** min(levels, MOST_FULL_LEVELS) > PEOPLE:
        return gettext(
            "level {level} would take more members than there are people on earth.", level=levels
        )
    return gettext(
        "has {levels} levels; {most} and {members} members are the most.",
        levels=levels,
        most=MOST_FULL_LEVELS,
        members=MOST_BELOW,
    )


@bonus_of.register
def _(said: kinds.BoardKeys, scope: Scope) -> bonus.Bonus:
    board = bonus.Board(
        **_common(said, scope),
        width=said.width,
        depth=said.depth,
        pays=said.amount,
        items=Items.JOININGS if said.entry == "joining" else Items.FIRST_ORDERS,
        price=said.price,
        re_entry=said.re_entry,
        follow_sponsor=said.follow_sponsor,
    )
    if board.seats > MOST_SEATS:
        sentence = gettext(
            "a board of {seats} places never fills ({most} are the most).",
            seats=board.seats,
            most=MOST_SEATS,
        )
        scope.complain(sentence)
    if said.entry == "joining":
        _not_with(said, scope, "entry", ["price"], 'entry = "joining"')
    if not said.amount:
        scope.complain(gettext("pays nothing."), "amount")
    return board


@bonus_of.register
def _(said: kinds.PoolKeys, scope: Scope) -> bonus.Bonus:
    shares: tuple[int, ...] = ()
    if said.share == "rank" and said.shares is None:
        scope.complain(gettext('share = "rank" needs `shares`, with a number for each rank.'))
    elif said.shares is not None and said.share != "rank":
        scope.complain(gettext('is only for share = "rank".'), "shares")
    elif said.shares is not None:
        shares = scope.by_class(said.shares, By.RANK, "shares", below=0)
        if not any(shares):
            scope.complain(gettext("nobody would have a share."), "shares")
    if not said.percent:
        scope.complain(gettext("pays nothing."), "percent")
    if said.share in ("equal", "rank"):
        _not_with(said, scope, "share", ["measured_in"], f'share = "{said.share}"')
    return bonus.Pool(
        **_common(said, scope),
        rate=said.percent,
        volume=_volume(said, scope),
        share=bonus.Share(said.share),
        measured_in=scope.measured_in(said.measured_in),
        shares=shares,
        cap=-1 if said.cap is None else said.cap,
    )


@bonus_of.register
def _(said: kinds.RankAdvancementKeys, scope: Scope) -> bonus.Bonus:
    known, numbers = scope.classes(said.amounts, By.RANK, "amounts")
    reached = {number: said.amounts[name] for name, number in numbers.items()}
    amounts = tuple(reached.get(number, 0) for number in range(known))
    if reached and not any(amounts):
        scope.complain(gettext("pays nothing: every figure is zero."), "amounts")
    return bonus.RankAdvancement(
        **_common(said, scope), amounts=amounts, all_passed=said.all_passed
    )


def _common(said: bonus_keys.BonusKeys, scope: Scope) -> dict[str, Any]:
    needs, within = said.needs, scope.at("needs")
    found = Needs(
        active=needs.active,
        rank=within.rank(needs.rank, "rank"),
        personal_points=needs.personal_points,
        measured_in=within.measured_in(needs.measured_in),
        directs=needs.directs,
        **within.buyers(needs.customers_with_orders),
        directs_each_side=getattr(needs, "directs_each_side", 0),
    )
    return {"name": said.name, "every": Every(said.every), "needs": found}


def _volume(said: bonus_keys.OnOrders, scope: Scope) -> Volume:
    within, after = getattr(said, "within_days", None), getattr(said, "after_days", None)
    if within is not None and after is not None and after >= within:
        scope.complain(
            gettext("no order is both before `within_days` and from then on."), "after_days"
        )
    basis = scope.counted(said.pays_on, "pays_on")
    return Volume(basis, CUSTOMERS[said.customers], within, after)


def _by(said: str | None) -> By | None:
    return By(said) if said else None


def _not_with(
    said: bonus_keys.BonusKeys, scope: Scope, key: str, others: Sequence[str], shown: str = ""
) -> None:
    """Say of each of the other keys that is given that it has no sense beside this one."""
    for other in others:
        if other in said.model_fields_set:
            sentence = gettext("cannot be used with {key}.", key=shown or f"`{key}`")
            scope.complain(sentence, other)


def _needs_ranks(scope: Scope, *keys: str) -> None:
    if not scope.ranks:
        scope.complain(
            gettext("generations are counted by rank, and this plan has no [ranks]."), *keys
        )
