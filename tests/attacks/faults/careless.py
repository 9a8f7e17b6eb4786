"""Careless versions of the functions that decide races: they read, decide, and then write.

The pauses make the gap between reading and writing as wide as it is on a busy day."""

import time
from typing import Any

from upline.base import sql, unit
from upline.cart import actions as cart
from upline.epins import actions as epins
from upline.epins.errors import EPinInvalid

_PAUSE_SECONDS = 0.3
_put_back = epins.put_back


def plant(fault: str) -> None:
    """Put one of the faults in place; those of the database alone need nothing here."""
    if fault == "epin":
        epins.take = take_epin
    if fault == "checkout":
        cart.take_all = take_cart
        unit._hold = hold_nothing
    if fault == "epin_last":
        epins.lock = hold_nothing
        epins.put_back = put_back_late


def take_epin(epin_id: int, owner_id: int, amount: int) -> None:
    """Reads the balance and writes it back."""
    query = "SELECT balance FROM epins_epin WHERE id = %s AND owner_id = %s"
    balance = sql.value(query, [epin_id, owner_id])
    if balance is None or balance < amount:
        raise EPinInvalid()
    time.sleep(_PAUSE_SECONDS)
    sql.run("UPDATE epins_epin SET balance = %s WHERE id = %s", [balance - amount, epin_id])


def take_cart(member_id: int) -> list[Any]:
    """Reads the lines and empties the cart afterwards."""
    lines = sql.rows(
        "SELECT package_id, quantity FROM cart_cartline WHERE member_id = %s", [member_id]
    )
    time.sleep(_PAUSE_SECONDS)
    cart.clear(member_id)
    return lines


def put_back_late(epin_id: int, amount: int) -> None:
    """Takes its time between the accounts, which are held, and the e-pin, which is not."""
    time.sleep(_PAUSE_SECONDS)
    _put_back(epin_id, amount)


def hold_nothing(what: object) -> None:
    """Lets two requests of one Idempotency-Key, or with one e-pin, work side by side."""
