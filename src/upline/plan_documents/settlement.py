"""The settlement of a document in the core's terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from upline.language import gettext
from upline.plan_documents import keys
from upline.plan_documents.errors import quoted
from upline.plan_documents.scope import Scope
from upline.plans import plan
from upline.plans.periods import day_of
from upline.plans.terms import Charge, Tax

LEAP_FREE_YEAR = 2001


def settlement_of(said: keys.SettlementKeys, scope: Scope) -> plan.Settlement:
    """The core's settlement; what has no sense is noted in the scope's problems."""
    if said.service_charge is not None and said.service_charges:
        scope.complain(one_charge(), "service_charges")
    if said.remainder > said.minimum_payout:
        scope.complain(gettext("must not be more than `minimum_payout`."), "remainder")
    must_rise(said.service_charges, scope, "service_charges")
    must_rise(said.taxes, scope, "taxes")
    return plan.Settlement(
        charges=charges_of(said.service_charge, said.service_charges) or (),
        taxes=taxes_of(said.taxes) or (),
        year_starts=_year_starts(said.year_starts, scope),
        purchase_share=said.purchase_share,
        minimum=said.minimum_payout,
        remainder=said.remainder,
        ceiling=-1 if said.ceiling is None else said.ceiling,
    )


def one_charge() -> str:
    """The sentence where both keys of service charges are given."""
    return gettext("use only one of `service_charge` and `service_charges`.")


def charges_of(
    always: int | None, dated: Sequence[keys.ServiceCharge] | None
) -> tuple[Charge, ...] | None:
    """Service charges, one for any day or by date; None where neither is said."""
    if always is not None:
        return (Charge(day_of(date.min), always),)
    if dated is None:
        return None
    return tuple(Charge(day_of(each.from_), each.percent) for each in dated)


def taxes_of(said: Sequence[keys.TaxKeys] | None) -> tuple[Tax, ...] | None:
    """Taxes by date; None where they are not said."""
    if said is None:
        return None
    return tuple(Tax(day_of(each.from_), each.percent, each.threshold) for each in said)


def must_rise(said: Sequence[keys.ServiceCharge | keys.TaxKeys], scope: Scope, key: str) -> None:
    """Complain where an entry does not begin later than the one before it."""
    for number, (before, after) in enumerate(pairwise(said), 1):
        if after.from_ <= before.from_:
            sentence = gettext("must be later than the one before it.")
            scope.complain(sentence, key, number, "from")


def _year_starts(said: str, scope: Scope) -> tuple[int, int]:
    month, day = (int(part) for part in said.split("-"))
    try:
        date(LEAP_FREE_YEAR, month, day)
    except ValueError:
        sentence = gettext("there is no {day} in every year.", day=quoted(said))
        scope.complain(sentence, "year_starts")
        return 1, 1
    return month, day
