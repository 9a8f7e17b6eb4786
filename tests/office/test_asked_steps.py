"""What one staff user asked for is confirmed, refused or withdrawn on a page of its own."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission

from attacks.parallel import Gate, at_once
from attacks.planted import faulty_server
from support.cast import Cast, Player
from support.client import Client, data
from support.installation import STAFF, STAFF_PASSWORD, Installation, Server
from support.logged import STAFF_RIGHTS, logged
from support.moves import tell_bank
from support.office import OWN_PASSWORD, Visitor, acting, hire_staff, problems
from upline.base import clock
from upline.base.models import AuditEntry
from upline.flows import adjusting, asked_steps, housekeeping, paying_out, staff
from upline.flows.two_people import NeedsSecond, StepChanged
from upline.mailings.models import Mail
from upline.members.models import StepAsked, User
from upline.wallet import queries
from upline.wallet.models import AccountKind

RIGHTS = ("members.view_member", "wallet.add_transfer")
MOST, MORE = 10_000, 10_001
STEPS = "/members/stepasked/"


@pytest.fixture
def ben(cast: Cast, office_sets: Any) -> Player:
    office_sets(alone_max=MOST)
    return cast.ben


def entered(installation: Installation, username: str, base_url: str = "") -> Visitor:
    visitor = Visitor(base_url or installation.base_url)
    assert visitor.sign_in(username, STAFF_PASSWORD).status_code == 302
    return visitor


def ask(ben: Player, name: str, reason: str = "cash in hand") -> int:
    """A staff user asks for more than they may credit alone. Returns the step's id."""
    with pytest.raises(NeedsSecond):
        adjusting.credit_wallet(acting(name), ben.id, MORE, reason)
    return int(StepAsked.objects.get(actor__username=name, status="asked").pk)


def held(player: Player) -> int:
    return queries.balances(player.id, "EUR")[AccountKind.WALLET]


def status(step: int) -> str:
    return str(StepAsked.objects.get(pk=step).status)


def test_who_asked_what_and_why_is_a_task_for_who_could_confirm_it(
    ben: Player, installation: Installation
) -> None:
    kim, lou = hire_staff(*RIGHTS), entered(installation, hire_staff(*RIGHTS))
    step, before = ask(ben, kim), held(ben)
    assert "Steps to confirm" in lou.get("/").text
    page = lou.get(f"{STEPS}{step}/").text
    for word in ("Credit a wallet", kim, ben.username, "100.01 EUR", "cash in hand"):
        assert word in page, word
    assert f"{STEPS}{step}/withdraw/" not in page
    answer = lou.send(f"{STEPS}{step}/confirm/", **{OWN_PASSWORD: "not mine"})
    assert "not confirmed this yet" in problems(answer)
    assert (held(ben), status(step)) == (before, "asked")
    assert "as " + kim + " asked" in lou.press(f"{STEPS}{step}/confirm/")
    assert (held(ben), status(step)) == (before + MORE, "agreed")
    assert "no longer open" in problems(lou.send(f"{STEPS}{step}/confirm/"))
    assert held(ben) == before + MORE


def test_a_step_is_seen_by_who_asked_and_by_who_has_the_right_for_it(
    ben: Player, installation: Installation
) -> None:
    kim = hire_staff(*RIGHTS)
    step = ask(ben, kim)
    others = entered(installation, hire_staff("members.view_member", "epins.add_epinbatch"))
    assert "cash in hand" not in others.get(STEPS).text
    for page in ("", "confirm/", "refuse/", "withdraw/"):
        assert others.get(f"{STEPS}{step}/{page}").status_code == 404
    outside = entered(installation, hire_staff("members.view_member"))
    assert outside.get(STEPS).status_code == 403
    own = entered(installation, kim)
    assert f"{STEPS}{step}/withdraw/" in own.get(f"{STEPS}{step}/").text
    assert "asked for this yourself" in problems(own.send(f"{STEPS}{step}/confirm/"))
    assert "asked for this yourself" in problems(own.send(f"{STEPS}{step}/refuse/", reason="no"))
    assert status(step) == "asked"


def test_who_refuses_says_why_and_whoever_asked_is_mailed_it(
    ben: Player, installation: Installation
) -> None:
    kim, lou = hire_staff(*RIGHTS), entered(installation, hire_staff(*RIGHTS))
    step, before = ask(ben, kim), held(ben)
    assert problems(lou.send(f"{STEPS}{step}/refuse/"))
    assert status(step) == "asked"
    lou.press(f"{STEPS}{step}/refuse/", reason="no receipt")
    assert (held(ben), status(step)) == (before, "refused")
    mail = Mail.objects.get(user__username=kim, kind="step_refused")
    assert mail.facts["reason"] == "no receipt"
    assert mail.facts["asked"] == "Credit a wallet"
    logged = AuditEntry.objects.get(event="step.refuse", subject=f"step:{step}")
    assert logged.facts["reason"] == "no receipt"
    assert "no longer open" in problems(lou.send(f"{STEPS}{step}/confirm/"))
    assert held(ben) == before


def test_whoever_asked_withdraws_it_and_nobody_confirms_it_then(
    ben: Player, installation: Installation
) -> None:
    kim, lou = hire_staff(*RIGHTS), entered(installation, hire_staff(*RIGHTS))
    step, before = ask(ben, kim), held(ben)
    page = lou.filled(f"{STEPS}{step}/confirm/")
    entered(installation, kim).press(f"{STEPS}{step}/withdraw/")
    answer = lou.post(f"{STEPS}{step}/confirm/", page | {OWN_PASSWORD: STAFF_PASSWORD})
    assert "no longer open" in problems(answer)
    assert (held(ben), status(step)) == (before, "withdrawn")


def test_what_nobody_confirms_in_time_is_closed(ben: Player, office_sets: Any) -> None:
    office_sets(asked_days=2)
    kim, lou = hire_staff(*RIGHTS), hire_staff(*RIGHTS)
    step, before = ask(ben, kim), held(ben)
    with clock.pinned(clock.now() + timedelta(days=2, minutes=1)):
        with pytest.raises(asked_steps.StepClosed):
            asked_steps.confirm(acting(lou), step)
        housekeeping.let_time_pass()
    assert (held(ben), status(step)) == (before, "expired")


def test_what_is_no_longer_what_was_asked_for_is_not_done(cast: Cast, office_sets: Any) -> None:
    """The role that would be given has gained a right to approve since it was asked for."""
    lou = hire_staff()
    sam = User.objects.get(username=hire_staff())
    group = Group.objects.create(name=f"Approvers of {sam.username}")
    with logged(STAFF_RIGHTS):
        User.objects.filter(username=lou).update(is_superuser=True)
        group.permissions.add(Permission.objects.get(codename="approve_run"))
    office_sets(rights_by_two=True)
    with pytest.raises(NeedsSecond):
        staff.change_rights(
            acting(STAFF), sam.pk, is_superuser=False, group_ids=[group.pk], permission_ids=[]
        )
    step = StepAsked.objects.get(person=sam)
    with logged(STAFF_RIGHTS):
        group.permissions.add(Permission.objects.get(codename="add_batch"))
    with pytest.raises(StepChanged):
        asked_steps.confirm(acting(lou), step.pk)
    assert list(sam.groups.all()) == []
    with logged(STAFF_RIGHTS):
        group.permissions.remove(Permission.objects.get(codename="add_batch"))
    asked_steps.confirm(acting(lou), step.pk)
    assert list(sam.groups.all()) == [group]


def confirm_at_once(
    installation: Installation, step: int, names: list[str], server: Server
) -> Counter[int]:
    """These people press the same button at once: how often each answer came."""
    page, presses = f"{STEPS}{step}/confirm/", []
    for name in names:
        visitor = entered(installation, name, server.base_url)
        form = visitor.filled(page) | {OWN_PASSWORD: STAFF_PASSWORD}
        presses.append(partial(visitor.post, page, form))
    gate = Gate(len(names), "members_stepasked, wallet_account", server.database)
    return Counter(answer.status_code for answer in at_once(presses, gate))


def wallet_at(base_url: str, player: Player) -> str:
    client = Client(base_url, player.client.api_key, player.client.access_token)
    return str(data(client.get("ewallet/balance/"))["balance"])


def test_of_two_second_people_at_once_one_does_it(ben: Player, installation: Installation) -> None:
    step, before = ask(ben, hire_staff(*RIGHTS)), held(ben)
    names = [hire_staff(*RIGHTS) for _ in range(2)]
    answers = confirm_at_once(installation, step, names, installation.server)
    assert answers == {302: 1, 200: 1}
    assert (held(ben), status(step)) == (before + MORE, "agreed")


def test_the_race_to_confirm_notices_a_step_that_is_read_and_then_written(
    ben: Player, installation: Installation
) -> None:
    step = ask(ben, hire_staff(*RIGHTS))
    names = [hire_staff(*RIGHTS) for _ in range(2)]
    with faulty_server(installation, "asked_step") as server:
        before = float(wallet_at(server.base_url, ben))
        assert confirm_at_once(installation, step, names, server) == {302: 2}
        assert float(wallet_at(server.base_url, ben)) == pytest.approx(before + 2 * MORE / 100)
    assert status(step) == "asked"


def test_the_preview_of_a_batch_says_what_two_people_keep_out_and_why(
    cast: Cast,
    installation: Installation,
    fill: Callable[..., None],
    bring_to: Callable[..., str],
    office_sets: Any,
) -> None:
    fill(cast.anna, "100.00")
    tell_bank(cast.anna)
    rights = ("payouts.view_payout", "payouts.add_batch", "payouts.approve_payout")
    kim, number = hire_staff(*rights), bring_to(cast.anna, "requested")
    paying_out.approve(acting(kim), number)
    office_sets(payouts_by_two=True)
    page = "/payouts/payout/make-batch/"
    own = entered(installation, kim).get(page).text
    assert f"Waits for someone other than {kim}, who approved it." in own
    other = entered(installation, hire_staff(*rights)).get(page).text
    assert "goes to the bank" in other
    assert "Waits for someone other" not in other
    paying_out.decline(acting(kim), number, "a test")
