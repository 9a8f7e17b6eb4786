"""`./upline payout`: from the list to the file, by somebody who says who they are."""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from support.cast import Cast, Player
from support.installation import PASSWORD, STAFF, STAFF_PASSWORD
from support.moves import balances, tell_bank
from support.office import hire_staff
from upline.base.models import AuditEntry
from upline.payouts.models import Payout

Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command as somebody, whose password is typed: `run("list")`."""

    def call(*words: str, by: str = STAFF, typed: str = STAFF_PASSWORD) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{typed}\n"))
        said = io.StringIO()
        who = [] if words[0] == "list" else ["--as", by]
        call_command("payout", words[0], *who, *words[1:], stdout=said)
        return said.getvalue()

    return call


@pytest.fixture
def anna(cast: Cast, fill: Callable[..., None]) -> Player:
    fill(cast.anna, "100.00")
    tell_bank(cast.anna)
    return cast.anna


def batch_of(number: str) -> str:
    return str(Payout.objects.get(number=number).batch_id)


def test_payouts_go_all_the_way_in_the_shell(
    run: Run, anna: Player, bring_to: Callable[..., str], tmp_path: Path
) -> None:
    numbers = [bring_to(anna, "requested", amount) for amount in ("10.00", "20.00", "30.00")]
    assert run("approve", numbers[0]) == f"{numbers[0]} is approved.\n"
    assert f"{numbers[1]} is declined" in run("decline", numbers[1], "--reason", "not yet")
    run("approve", numbers[2])
    batched = run("batch")
    batch = batch_of(numbers[0])
    assert f"Batch {batch}: 2 payouts, 40.00 EUR.\n" in batched
    file = tmp_path / "bank.csv"
    assert run("file", batch, "--to", str(file)) == f"It is in {file}.\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_bytes().decode() == run("file", batch)
    with pytest.raises(CommandError, match="cannot be written"):
        run("file", batch, "--to", str(file))
    assert run("failed", numbers[2], "--reason", "closed").startswith(f"{numbers[2]} has failed")
    assert run("paid", "--batch", batch) == f"1 of batch {batch} are paid.\n"
    assert balances(anna) == ("90", "0")
    listed = {line.split()[0]: line for line in run("list").splitlines()}
    assert listed[numbers[0]].split("  ")[1:4] == ["paid", "10.00 EUR", anna.username]
    assert listed[numbers[1]].endswith("not yet")
    assert numbers[0] not in run("list", "--status", "failed")
    entry = AuditEntry.objects.get(event="payout.approved", subject=f"payout:{numbers[0]}")
    assert entry.by_staff is not None
    assert entry.by_staff.username == STAFF


def test_one_payout_is_paid_and_a_batch_fails_by_name(
    run: Run, anna: Player, bring_to: Callable[..., str]
) -> None:
    bring_to(anna, "approved", "10.00")
    number = bring_to(anna, "in_batch", "20.00")
    assert run("paid", number) == f"{number} is paid.\n"
    said = run("failed", "--batch", batch_of(number), "--reason", "refused")
    assert said == f"1 of batch {batch_of(number)} have failed.\n"
    assert balances(anna) == ("80", "0")
    said = run("returned", number, "--reason", "account unknown")
    assert said == f"{number} is returned; the money is back in the wallet.\n"
    assert balances(anna) == ("100", "0")


@pytest.mark.parametrize(
    ("by", "typed", "said"),
    [
        (STAFF, "not the password", "password is wrong"),
        ("anna", PASSWORD, "password is wrong"),
        ("sam", STAFF_PASSWORD, "is not allowed to do this"),
    ],
)
def test_nothing_is_done_for_who_may_not(
    by: str, typed: str, said: str, run: Run, anna: Player, bring_to: Callable[..., str],
    nothing_changes: Callable[[], Any],
) -> None:  # fmt: skip
    who = {"anna": anna.username, "sam": hire_staff("payouts.view_payout")}.get(by, by)
    requested, batched = bring_to(anna, "requested"), bring_to(anna, "in_batch")
    commands = [("approve", requested), ("decline", requested, "--reason", "x"), ("batch",),
                ("file", batch_of(batched)), ("paid", batched),
                ("failed", batched, "--reason", "x")]  # fmt: skip
    with nothing_changes():
        for words in commands:
            with pytest.raises(CommandError, match=said):
                run(*words, by=who, typed=typed)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("approve", "PO-000000000000"), "No payout has this id"),
        (("paid", "--batch", "999999"), "No batch has this number"),
        (("file", "999999"), "No batch has this number"),
    ],
)
def test_what_is_not_there_is_said(words: tuple[str, ...], said: str, run: Run) -> None:
    with pytest.raises(CommandError, match=said):
        run(*words)


def test_a_step_that_does_not_follow_is_refused(
    run: Run, anna: Player, bring_to: Callable[..., str], nothing_changes: Callable[[], Any]
) -> None:
    number = bring_to(anna, "cancelled")
    with nothing_changes(), pytest.raises(CommandError, match=f"{number}: This payout is cancel"):
        run("approve", number)
