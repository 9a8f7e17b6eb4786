"""Issuing, allocating, blocking e-pins, and taking money from them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet

from upline.base import clock, sql
from upline.base.amounts import Money
from upline.base.attempts import guarded
from upline.base.errors import FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.epins.errors import EPinInvalid, OtherCurrency, OwnersChanged
from upline.epins.models import EPin, EPinBatch, digest_of, new_code, sealed
from upline.events import actions as events
from upline.language import gettext
from upline.members.queries import market_of
from upline.members.security import checks
from upline.wallet import actions as wallet
from upline.wallet.models import AccountKind, TransferKind
from upline.wallet.queries import company_account

QUANTITY_MAX = 1000


def issue(
    unit: UnitOfWork,
    each: Money,
    quantity: int,
    owner_id: int | None,
    expires_at: datetime | None,
    note: str = "",
) -> list[str]:
    """Issue a batch of e-pins with so much on each. Returns their codes.

    The value comes from outside onto the company's e-pin account, where it waits to be used.
    Raises FieldsWrong for an amount or a quantity that makes no sense."""
    amount, currency = each
    if not 0 < amount <= 10**10 or not 0 < quantity <= QUANTITY_MAX:
        raise FieldsWrong(gettext("Issue 1 to {most} e-pins, each above zero.", most=QUANTITY_MAX))
    batch = EPinBatch.objects.create(
        currency=currency,
        amount=amount,
        quantity=quantity,
        expires_at=expires_at,
        issued_at=clock.now(),
        issued_by_id=unit.actor_id,
        note=note,
    )
    fresh = [new_code() for _ in range(quantity)]
    EPin.objects.bulk_create(
        EPin(
            batch=batch,
            digest=digest_of(code),
            sealed=sealed(code),
            last_four=code[-4:],
            amount=amount,
            balance=amount,
            owner_id=owner_id,
            expires_at=expires_at,
        )
        for code in fresh
    )
    wallet.transfer(
        company_account(AccountKind.OUTSIDE, currency),
        company_account(AccountKind.EPINS, currency),
        amount * quantity,
        TransferKind.EPINS_ISSUED,
        f"batch:{batch.pk}",
        wallet.BelongsTo(),
        note=note,
    )
    facts = {"amount": amount, "currency": currency, "quantity": quantity}
    data = {"batch_id": batch.pk, "member_id": owner_id, **facts}
    events.record(unit, EventKind.EPINS_ISSUED, f"batch:{batch.pk}", data, **facts)
    return fresh


def allocate(
    unit: UnitOfWork,
    epin_ids: list[int],
    owner_id: int,
    seen: Mapping[str, int | None] | None = None,
) -> list[EPin]:
    """Give unused e-pins to a member. `seen` is whose a page showed each to be, by its id.
    Returns those that changed hands. Raises OwnersChanged where one is somebody else's by now,
    OtherCurrency where one is not in the currency of the member's market."""
    found = _hold(EPin.objects.filter(id__in=epin_ids))
    others = EPin.objects.filter(id__in=epin_ids).exclude(
        batch__currency=market_of(owner_id).currency
    )
    if others.exists():
        raise OtherCurrency()
    if seen is not None and any(seen.get(str(pin.pk)) != pin.owner_id for pin in found):
        raise OwnersChanged()
    given = [pin for pin in found if pin.balance == pin.amount and pin.owner_id != owner_id]
    EPin.objects.filter(id__in=[pin.pk for pin in given]).update(owner_id=owner_id)
    if given:
        ids = [pin.pk for pin in given]
        data = {"member_id": owner_id, "epin_ids": ids}
        amount, currency = sum(pin.amount for pin in given), market_of(owner_id).currency
        facts = {"amount": amount, "currency": currency, "epins": ids}
        events.record(unit, EventKind.EPINS_GIVEN, f"user:{owner_id}", data, **facts)
    _note(unit, EventKind.EPINS_TAKEN, [pin for pin in given if pin.owner_id is not None])
    return given


def block(unit: UnitOfWork, epin_ids: list[int]) -> int:
    """Nobody can pay with these any more. Returns how many were blocked now.
    Raises OwnAccount."""
    found = _hold(EPin.objects.filter(id__in=epin_ids, blocked_at=None))
    _refuse_own(unit, found)
    EPin.objects.filter(id__in=[pin.pk for pin in found]).update(blocked_at=clock.now())
    _note(unit, EventKind.EPINS_BLOCKED, found)
    return len(found)


def unblock(unit: UnitOfWork, epin_ids: list[int]) -> int:
    """They can be used again. Returns how many were unblocked now. Raises OwnAccount."""
    found = _hold(EPin.objects.filter(id__in=epin_ids, blocked_at__isnull=False))
    _refuse_own(unit, found)
    EPin.objects.filter(id__in=[pin.pk for pin in found]).update(blocked_at=None)
    _note(unit, EventKind.EPINS_UNBLOCKED, found)
    return len(found)


def _refuse_own(unit: UnitOfWork, found: Iterable[EPin]) -> None:
    for pin in found:
        unit.refuse_own(pin.owner_id)


def _hold(found: QuerySet[EPin]) -> list[EPin]:
    """These e-pins, held in the order of their ids until the transaction ends."""
    held = found.select_for_update(no_key=True).order_by("id")
    return list(held.only("id", "amount", "balance", "owner_id"))


def _note(unit: UnitOfWork, kind: EventKind, epins: Iterable[EPin]) -> None:
    """An event for each owner."""
    of_owners: dict[int | None, list[int]] = {}
    for pin in epins:
        of_owners.setdefault(pin.owner_id, []).append(pin.pk)
    for owner_id, ids in of_owners.items():
        data = {"member_id": owner_id, "epin_ids": ids}
        events.record(unit, kind, "epins", data, epins=ids)


def check_code(code: str, owner_id: int, guesser: str, address: str) -> int:
    """The id of the owner's e-pin of this code, looked up under the limit on guesses.

    Raises EPinInvalid where the code is unknown or not the owner's, TooManyRequests."""
    found: list[int] = []

    def right() -> bool:
        epin_id = sql.value(
            int,
            "SELECT id FROM epins_epin WHERE digest = %s AND owner_id = %s",
            [digest_of(code), owner_id],
        )
        found.extend([epin_id] if epin_id else [])
        return bool(epin_id)

    guarded(checks.epin_limits(guesser, address), right, EPinInvalid())
    return found[0]


def take(epin_id: int, owner_id: int, money: Money) -> None:
    """Take money from an e-pin. Raises EPinInvalid where it cannot give it (any more), or is in
    another currency."""
    taken = sql.run(
        """UPDATE epins_epin SET balance = balance - %(amount)s
           WHERE id = %(id)s AND owner_id = %(owner)s AND balance >= %(amount)s
             AND blocked_at IS NULL AND (expires_at IS NULL OR expires_at > %(now)s)
             AND (SELECT currency FROM epins_epinbatch WHERE id = batch_id) = %(currency)s""",
        {
            "id": epin_id,
            "owner": owner_id,
            "amount": money.minor,
            "currency": money.currency,
            "now": clock.now(),
        },
    )
    if not taken:
        raise EPinInvalid()


def lock(epin_ids: Iterable[int]) -> None:
    """Hold e-pins in the order of their ids; they come before any account."""
    sql.run(
        "SELECT id FROM epins_epin WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        [sorted(set(epin_ids))],
    )


def put_back(epin_id: int, amount: int) -> None:
    """Put what was taken back onto an e-pin."""
    sql.run("UPDATE epins_epin SET balance = balance + %s WHERE id = %s", [amount, epin_id])
