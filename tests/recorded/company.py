"""The company whose answers are recorded, and what its office does meanwhile.

It lives in a shifted clock (tests/long/shifted_clock.c): founded on FIRST_DAY at ten in the morning
of Berlin, it goes to the next days when a scene asks for it."""

from __future__ import annotations

import os
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from recorded.recorder import Answer, Caller, Recorder
from support.installation import PASSWORD, ROOT_MEMBER, STAFF, Installation
from support.logged import PACKAGE, logged

FIRST_DAY = date(2027, 3, 30)
_MORNING = datetime(2027, 3, 30, 8, 0, tzinfo=UTC)
CLOCK_FILE = "CLOCK_SHIFT_FILE"
APPROVER = "otto"
# Each is 0, no limit, until the scene that is about limits sets what is usual.
LIMITS = {
    "login_limit": 10, "login_limit_by_address": 5, "transaction_password_limit": 5,
    "transaction_password_limit_by_guesser": 3, "guesser_limit": 10, "epin_limit": 5,
}  # fmt: skip
# Who is there before the first request: sponsor, placement and leg.
PEOPLE = {
    "anna": (ROOT_MEMBER, ROOT_MEMBER, "L"),
    "ben": ("anna", "anna", "L"),
    "cleo": ("anna", "anna", "R"),
    "dan": ("ben", "ben", "L"),
    "erik": (ROOT_MEMBER, ROOT_MEMBER, "R"),
}
PLAN = """
name = "Pairs and levels"
currency = "EUR"
packages = ["Starter", "Business"]

[active]
personal_points = 10

[[ranks.steps]]
name = "Bronze"
team_points = 20
[[ranks.steps]]
name = "Silver"
team_points = 5000

[[bonuses]]
name = "pairs"
kind = "binary"
every = "day"
pays_on = "points"
unit = 10
pair_amount = "2.00"

[[bonuses]]
name = "levels"
kind = "levels"
percents = [10, 5]

[settlement]
service_charge = 10
purchase_share = 20

[[settlement.taxes]]
from = 2020-01-01
percent = 5
"""


def set_clock(file: Path, moment: datetime) -> None:
    """From now on it is this moment, in every process that preloads the shifted clock."""
    shift = struct.unpack("q", file.read_bytes())[0]
    with file.open("r+b") as opened:
        opened.write(struct.pack("q", int(moment.timestamp() - (time.time() - shift))))


@dataclass
class Company:
    """The running company, with everybody's transaction password set."""

    installation: Installation
    recorder: Recorder
    ids: dict[str, int] = field(default_factory=dict)
    packages: dict[str, int] = field(default_factory=dict)
    _tokens: dict[str, Caller] = field(default_factory=dict)

    @property
    def stranger(self) -> Caller:
        """Somebody with an api_key and no access_token."""
        return Caller("somebody", self.installation.api_key)

    def member(self, name: str, *, shop: bool = False) -> Caller:
        """A signed-in member, by a web shop's api_key where it is one."""
        told = f"{name} in a shop" if shop else name
        if told not in self._tokens:
            from support.client import Client

            key = self.installation.store_api_key if shop else self.installation.api_key
            client = Client(self.recorder.base_url, key)
            client.sign_in(name, PASSWORD)
            self._tokens[told] = Caller(told, key, client.access_token)
        return self._tokens[told]

    def asks(self, name: str, *, shop: bool = False) -> Callable[..., Answer]:
        """Requests of this member: `anna = company.asks("anna"); anna("GET", "profile/")`."""
        return partial(self.recorder.call, self.member(name, shop=shop))

    def signs_in_anew(self) -> None:
        """Tokens of before are not used any more."""
        self._tokens.clear()

    def go_to(self, day: date) -> None:
        """It is ten in the morning of this day."""
        set_clock(Path(os.environ[CLOCK_FILE]), _MORNING + (day - FIRST_DAY))
        self.signs_in_anew()

    def sets(self, **settings: Any) -> None:
        """Change office settings."""
        from upline.base.actors import Shell
        from upline.base.unit import UnitOfWork
        from upline.flows import configuring

        configuring.change_settings(UnitOfWork(Shell()), **settings)

    def enrol(self, name: str, sponsor: str, placement: str, position: str) -> None:
        """One more member, who has a transaction password."""
        from support.cast import enrol, set_transaction_password

        self.ids[name] = enrol(sponsor, name, placement, position)
        set_transaction_password(self.ids[name])

    def credit(self, name: str, amount: str) -> None:
        """Money onto somebody's wallet."""
        from support.cast import minor
        from upline.base.actors import Shell
        from upline.base.unit import UnitOfWork
        from upline.flows import adjusting

        adjusting.credit_wallet(UnitOfWork(Shell()), self.ids[name], minor(amount), "Thank you")

    def epin(self, name: str, amount: str, *, blocked: bool = False) -> str:
        """An e-pin for somebody; its code."""
        from support.cast import minor
        from upline.base.actors import Shell
        from upline.base.unit import UnitOfWork
        from upline.epins.models import EPin
        from upline.flows import epin_batches

        code = epin_batches.issue_epins(UnitOfWork(Shell()), minor(amount), 1, self.ids[name])[0]
        for spelled in (code, code.lower().replace("-", " ")):
            self.recorder.masks.name("epin", spelled)
        if blocked:
            epin_batches.block_epins(UnitOfWork(Shell()), [EPin.objects.latest("pk").pk])
        return code

    def reviews_kyc(self, name: str, decision: str) -> None:
        """Say what the office thinks of somebody's identity: submitted, verified, rejected."""
        from upline.base.actors import Shell
        from upline.base.unit import UnitOfWork
        from upline.flows import verifying
        from upline.kyc.models import KycStatus

        verifying.review_kyc(UnitOfWork(Shell()), self.ids[name], KycStatus(decision))

    def blocks(self, name: str) -> None:
        """Block a member."""
        from upline.base.actors import Shell
        from upline.base.unit import UnitOfWork
        from upline.flows import blocking

        blocking.block_member(UnitOfWork(Shell()), self.ids[name], "for the recording")

    def prices(self, name: str, amount: str) -> None:
        """Give a package another price."""
        from support.cast import minor
        from support.wares import price_of

        with logged(PACKAGE):
            price_of(self.packages[name]).update(amount=minor(amount))

    def refunds(self, number: str, pieces: int) -> None:
        """Take back so many pieces of an order's first line."""
        from commissions import world
        from upline.flows import refunding
        from upline.orders.models import OrderLine

        line = OrderLine.objects.filter(order__number=number).earliest("pk")
        refunding.refund_order(world.acting(STAFF), number, {line.pk: pieces}, "sent back")

    def brings_payout_to(self, number: str, step: str) -> None:
        """The office's next step with a payout: approve, decline, make_batch, mark_paid …"""
        from commissions import world
        from upline.flows import paying_out

        unit = world.acting(STAFF)
        if step == "make_batch":
            paying_out.make_batch(unit)
        elif step in {"decline", "mark_failed", "mark_returned"}:
            getattr(paying_out, step)(unit, number, "the bank says so")
        else:
            getattr(paying_out, step)(unit, number)

    def uses_plan(self) -> None:
        """The plan is in force from the first day on."""
        from commissions import world

        world.use_plan(FIRST_DAY, PLAN)

    def works_out_so_far(self) -> None:
        """An interim run."""
        from commissions import world
        from upline.flows import commission_run

        commission_run.interim(world.silent)

    def opens_runs(self) -> list[int]:
        """Open what is due; the runs' numbers, each computed once the one before is approved."""
        from commissions import world

        return world.opened()

    def computes_run(self, run: int) -> None:
        """Work a run out."""
        from commissions import world

        world.computed(run)

    def approves_run(self, run: int) -> None:
        """Two people let a computed run be paid."""
        from commissions import world
        from upline.flows import commission_run

        commission_run.review(world.acting(STAFF), run)
        commission_run.approve(world.acting(APPROVER), run)

    def pays_run(self, run: int) -> None:
        """Pay an approved run and close it."""
        from commissions import world
        from upline.flows import commission_run

        commission_run.pay(world.acting(STAFF), run, world.silent)
        commission_run.close(world.acting(STAFF), run)

    def problems(self) -> dict[str, Any]:
        """What `./upline verify` would say."""
        from upline.books import invariants

        return dict(invariants.check())


@contextmanager
def company() -> Iterator[Company]:
    """Found it, with its people, and serve it. The clock must be shifted already."""
    folder = Path(tempfile.mkdtemp(prefix="upline-answers-"))
    folder.chmod(0o711)
    set_clock(Path(os.environ[CLOCK_FILE]), _MORNING)
    installation = Installation(folder)
    try:
        installation.start()
        from upline.catalog.models import Package

        made = Company(installation, Recorder(installation.base_url))
        for package in Package.objects.order_by("pk"):
            made.packages[package.name.lower()] = package.pk
            made.recorder.masks.name("product", package.pk)
        made.sets(**dict.fromkeys(LIMITS, 0))
        for name, (sponsor, placement, position) in PEOPLE.items():
            made.enrol(name, sponsor, placement, position)
        yield made
    finally:
        installation.stop()
