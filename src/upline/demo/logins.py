"""demo.json: who can sign in to the demo company, and with what."""

import json
import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

from upline.base import passwords
from upline.base.audit import AuditEvent
from upline.base.models import AuditEntry
from upline.base.unit import UnitOfWork
from upline.demo import opening, showing
from upline.demo.credentials import DemoPasswords
from upline.epins import queries as epins
from upline.epins.models import EPinStatus
from upline.flows import adjusting, epin_batches, permissions
from upline.members import actions as members
from upline.members.models import User
from upline.members.queries import find_caller, market_of
from upline.wallet import queries as wallet
from upline.wallet.models import AccountKind

WALLET_LEAST = 250_000
EPIN_AMOUNT = 10_000
BUILT = AuditEvent.DEMO_BUILD


@dataclass(frozen=True)
class Seat:
    """A member whom demo.json names, with an e-pin of 100.00 that is whole."""

    username: str
    epin_code: str


@dataclass(frozen=True)
class Logins:
    api_key: str
    store_api_key: str
    seats: list[Seat]
    credentials: DemoPasswords

    def document(self) -> dict[str, Any]:
        """What demo.json says."""
        secret = self.credentials
        return {
            "base_url": settings.BASE_URL,
            "api_key": self.api_key,
            "store_api_key": self.store_api_key,
            "office": {
                "url": _office_url(),
                "username": opening.STAFF,
                "password": secret.staff_password,
            },
            "approver": {"username": opening.APPROVER, "password": secret.approver_password},
            "colleagues": [
                {"username": username, "password": secret.colleague_password}
                for username in opening.COLLEAGUES
            ],
            "shown": [
                {
                    "username": username,
                    "password": secret.password,
                    "transaction_password": secret.transaction_password,
                }
                for username in showing.USERNAMES
            ],
            "members": [
                {
                    "username": seat.username,
                    "password": secret.password,
                    "transaction_password": secret.transaction_password,
                    "epin_code": seat.epin_code,
                }
                for seat in self.seats
            ],
        }


def _office_url() -> str:
    return f"{settings.BASE_URL}/office/"


def equip(staff: UnitOfWork, username: str, credentials: DemoPasswords) -> Seat:
    """See to it that the member has the transaction password, 2,500.00 in the wallet and a
    whole e-pin of 100.00."""
    member_id = equip_shown(staff, username, credentials)
    lacking = (
        WALLET_LEAST - wallet.balances(member_id, market_of(member_id).currency)[AccountKind.WALLET]
    )
    if lacking > 0:
        adjusting.credit_wallet(staff, member_id, lacking, "Bank transfer received")
    for epin in epins.of_owner(member_id, None, 200):
        if epin.status == EPinStatus.ACTIVE and epin.balance == EPIN_AMOUNT == epin.amount:
            return Seat(username, epin.code)
    return Seat(username, epin_batches.issue_epins(staff, EPIN_AMOUNT, 1, member_id)[0])


def equip_shown(staff: UnitOfWork, username: str, credentials: DemoPasswords) -> int:
    """See to it that somebody has the transaction password. Returns their id."""
    member_id = int(User.objects.get(username=username).pk)
    hashed = passwords.hashed(credentials.transaction_password)
    staff.commit(lambda: members.set_transaction_password(staff, member_id, hashed))
    return member_id


def renew(credentials: DemoPasswords) -> Logins:
    """The logins of a company whose demo.json is lost: the api keys are new ones, and the
    passwords are again those of this installation."""
    built = AuditEntry.objects.get(event=BUILT)
    staff = UnitOfWork(permissions.staff(User.objects.get(username=opening.STAFF).pk))
    chosen = {opening.STAFF: credentials.staff_password,
              opening.APPROVER: credentials.approver_password,
              **dict.fromkeys(opening.COLLEAGUES, credentials.colleague_password),
              **dict.fromkeys(showing.USERNAMES, credentials.password),
              **dict.fromkeys(built.facts["seats"], credentials.password)}  # fmt: skip
    for username, password in chosen.items():
        user_id, hashed = User.objects.get(username=username).pk, passwords.hashed(password)
        staff.commit(partial(members.set_password, staff, user_id, hashed))
    approver = UnitOfWork(permissions.staff(User.objects.get(username=opening.APPROVER).pk))
    seats = [equip(approver, username, credentials) for username in built.facts["seats"]]
    for username in showing.USERNAMES:
        equip_shown(approver, username, credentials)
    return Logins(*opening.make_keys(staff), seats, credentials)


def read(file: Path) -> dict[str, Any] | None:
    """What an earlier start has written, where its api keys still open this company."""
    try:
        said: dict[str, Any] = json.loads(file.read_text())
        keys = [said["api_key"], said["store_api_key"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return said if all(_opens(key) for key in keys) else None


def _opens(api_key: str) -> bool:
    _, caller = find_caller(api_key, "")
    return caller is not None and caller.client_id != 0


def at_this_address(said: dict[str, Any]) -> dict[str, Any]:
    """The same logins where the server now listens elsewhere."""
    return {**said, "base_url": settings.BASE_URL,
            "office": {**said["office"], "url": _office_url()}}  # fmt: skip


def write(file: Path, document: dict[str, Any]) -> None:
    """Put demo.json in its place, whole, readable by its owner alone."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    draft.touch(0o600)
    draft.write_text(json.dumps(document, indent=1) + "\n")
    draft.replace(file)
