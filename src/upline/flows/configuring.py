"""Changing the company's settings."""

from collections.abc import Callable, Collection, Mapping
from hashlib import sha256

from upline.base import audit
from upline.base.actors import ActorKind
from upline.base.amounts import NotAnAmount, as_read
from upline.base.errors import FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.commissions import queries as plans
from upline.company import actions as company
from upline.company import current
from upline.company.settings import IN_CURRENCY, MONEY, SINGLE, OfficeSettings
from upline.flows import two_people
from upline.flows.permissions import Right, needs
from upline.language import gettext
from upline.markets import current as markets


def parse(name: str, text: str) -> object:
    """The value that `./upline set NAME TEXT` means; amounts in units of their currency, and ''
    for one that is to be calculated again. Raises FieldsWrong for an unknown name, and for what is
    not an amount. Needs no right: it changes nothing."""
    refuse_unknown(name)
    plain, _, currency = name.partition(IN_CURRENCY)
    if plain in MONEY:
        mark = current.office().decimal_mark
        if currency and not text.strip():
            return None
        try:
            return as_read(text, markets.decimals_of(currency or markets.home().currency), mark)
        except NotAnAmount as error:
            raise FieldsWrong(fields={name: str(error)}) from error
    if isinstance(OfficeSettings.model_fields[name].get_default(), tuple):
        return [word.strip() for word in text.split(",") if word.strip()]
    return text


def further_amounts() -> list[str]:
    """The names of what can be set in the currencies of other markets: `payout_minimum.JPY`; none
    where all markets have one currency. Needs no right: it changes nothing."""
    _, *further = markets.currencies()
    return [f"{name}{IN_CURRENCY}{each}" for name in SINGLE if name in MONEY for each in further]


def refuse_unknown(name: str) -> None:
    """Raises FieldsWrong for what is no setting. Needs no right: it changes nothing."""
    if name not in SINGLE:
        _refuse_currency(name)


def _refuse_currency(name: str) -> None:
    """Raises FieldsWrong unless this is an amount in the currency of another market."""
    if name not in further_amounts():
        raise FieldsWrong(
            gettext(
                "The setting {name} does not exist. `./upline set` lists all settings.", name=name
            )
        )


def _lower(before: object, after: object) -> bool:
    return isinstance(before, int) and isinstance(after, int) and after < before


def _higher(before: object, after: object) -> bool:
    """0 is no limit. One of a further currency that is set for the first time, or no longer, could
    be higher: what it was or will be depends on a rate."""
    if before is None or after is None:
        return before != 0
    return before != 0 and (after == 0 or _lower(after, before))


def _fewer(before: object, after: object) -> bool:
    if not (isinstance(before, Collection) and isinstance(after, Collection)):
        return False
    return not set(before) <= set(after)


def _other(before: object, after: object) -> bool:
    """Whoever names the account that buyers pay to gets their money."""
    return bool(after) and before != after


_GUARDS: dict[str, Callable[[object, object], bool]] = {
    "payouts_by_two": _lower,
    "plans_by_two": _lower,
    "rights_by_two": _lower,
    "alone_max": _higher,
    "credit_max": _higher,
    "pay_in_account": _other,
    "report_points_per_unit": _higher,
    "report_points_per_day": _higher,
    "protection_hours": _lower,
    "protect_recent_changes": _lower,
    "current_password_required": _lower,
    "kyc_needed_for": _fewer,
    "staff_second_factor": _lower,
    "login_limit": _higher,
    "login_limit_by_address": _higher,
    "transaction_password_limit": _higher,
    "transaction_password_limit_by_guesser": _higher,
    "guesser_limit": _higher,
    "epin_limit": _higher,
    "secret_limit_by_address": _higher,
}
"""The settings that keep one person from money, each with whether a change weakens it."""


@needs(Right.CHANGE_SETTINGS)
def change_settings(
    unit: UnitOfWork, /, seen: Mapping[str, object] | None = None, **changes: object
) -> Mapping[str, object]:
    """Change office settings, all or none; `seen` is what a page showed of them. An amount in the
    currency of another market has a name of its own (`payout_minimum.JPY`), and is calculated from
    the one in the home market's where it is None. Returns what was changed. Raises FieldsWrong,
    ChangedMeanwhile; NeedsSecond where staff would weaken what takes two people or keeps thieves
    from money."""
    for name in changes:
        if IN_CURRENCY in name:
            _refuse_currency(name)

    _check_rank(changes.get("positions_rank"))

    def change() -> Mapping[str, object]:
        changed = company.change_settings(unit, seen, **changes)
        _guard(unit, changed)
        return changed

    step = two_people.Step(
        EventKind.SETTINGS_CHANGED, Right.CHANGE_SETTINGS, {"changes": changes}, subject="company"
    )
    return two_people.commit_or_ask(unit, step, change)


def _check_rank(wanted: object) -> None:
    """Positions are sold by a rank of the plan in force, where one is. Raises FieldsWrong."""
    plan = plans.in_force()
    names = [step.name for step in plan.plan.ranks.steps] if plan else []
    if wanted and plan and wanted not in names:
        sentence = gettext("The plan in force has no rank {rank}.", rank=wanted)
        raise FieldsWrong(fields={"positions_rank": sentence})


def _weakens(name: str, change: audit.Change) -> bool:
    return name in _GUARDS and _GUARDS[name](change["before"], change["after"])


def _guard(unit: UnitOfWork, changes: Mapping[str, audit.Change]) -> None:
    weakened = [
        f"{name} {change['after']}"
        for name, change in sorted(changes.items())
        if _weakens(name.partition(IN_CURRENCY)[0], change)
    ]
    if weakened and unit.actor.kind == ActorKind.STAFF:
        digest = sha256(" ".join(weakened).encode()).hexdigest()
        what = f"{EventKind.SETTINGS_CHANGED} {digest}"
        two_people.agree(unit, Right.CHANGE_SETTINGS, what)
