"""A person gets all that is held of them, and once erased nothing is left that names them."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from PIL import Image

from attacks.planted import copy_database, dump
from support.cast import Cast, Player, fingerprint, unique
from support.client import Client, data, refused
from support.installation import PASSWORD, Installation
from support.moves import pay_in
from support.other_company import does_in
from upline.base import sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.books import invariants
from upline.flows import adjusting, blocking, order_decisions, refunding
from upline.flows.erasing import DELETED
from upline.flows.exporting import PARTS
from upline.members.models import User
from upline.orders.models import Order
from upline.payments import actions as payments

# Where a table names a person and nothing of it is exported or erased, the reason.
STAFF_ONLY = {
    "members_stepasked.closed_by_id",
    "markets_marketrate.added_by_id",
    "markets_taxrate.added_by_id",
    "company_apiclient.created_by_id",
    "epins_epinbatch.issued_by_id",
    "payouts_batch.created_by_id",
    "payouts_payout.approved_by_id",
    "payouts_payout.closed_by_id",
    "payouts_payout.returned_by_id",
    "commissions_planversion.put_by_id",
    "commissions_withheld.forfeited_by_id",
    "orders_refund.actor_id",
    "orders_refundtosend.sent_by_id",
    "kyc_kycreview.actor_id",
    "django_admin_log.user_id",
    "members_rightfact.user_id",
    "members_rightfact.actor_id",
    "payments_surplus.settled_by_id",
    "members_stepasked.actor_id",
    "members_user.own_member_id",
    "members_signinhelp.user_id",
    "members_signinhelp.actor_id",
}
# A fact is a member's own; who else made it is theirs alone.
ACTORS_OF_FACTS = ("fact.by_staff_id", "fact.by_member_id")
NOT_EXPORTED = STAFF_ONLY | {
    "base_personkey.user_id",
    "base_storedanswer.member_id",
    "members_secondfactor.user_id",
    "members_recoverycode.user_id",
    "members_mailedlink.user_id",
    "members_knownnetwork.user_id",
    "members_joindraft.member_id",
    "genealogy_position.sponsor_id",
    "genealogy_sponsorfact.sponsor_id",
    "wallet_transfer.by_staff_id",
    "wallet_transfer.by_member_id",
    "commissions_interimearning.member_id",
    "commissions_interimrank.member_id",
    "commissions_interimteam.member_id",
    "orders_order.volume_member_id",
}
# What stays: numbers, amounts, days and places, under the neutral name.
STAYS = STAFF_ONLY | {
    "members_stepasked.person_id",
    "base_auditentry.by_staff_id",
    "base_auditentry.by_member_id",
    "base_auditentry.member_id",
    "orders_order.volume_member_id",
    "genealogy_position.member_id",
    "genealogy_position.sponsor_id",
    "genealogy_sponsorfact.sponsor_id",
    "wallet_account.member_id",
    "wallet_transfer.by_staff_id",
    "wallet_transfer.by_member_id",
    "epins_epin.owner_id",
    "kyc_kycreview.member_id",
    "payouts_payout.member_id",
    "payments_payment.member_id",
    "orders_order.member_id",
    "orders_orderpayment.payer_id",
    "members_member.user_id",
    "commissions_earning.member_id",
    "commissions_withheld.member_id",
    "commissions_interimearning.member_id",
    "commissions_interimrank.member_id",
    "commissions_interimteam.member_id",
}


def person(*words: str, typed: str = "", monkeypatch: pytest.MonkeyPatch) -> str:
    said = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    call_command("person", *words, stdout=said, stderr=io.StringIO())
    return said.getvalue()


def tell_everything(player: Player, product: Callable[[str], int], fill: Any) -> list[str]:
    """Fill in all there is to fill in; every word of it."""
    told = {name: unique(f"Canary{name}") for name in (
        "firstname", "lastname", "line1", "line2", "city", "addressee", "street", "town", "bank",
        "holder")}  # fmt: skip
    client = player.client
    personal = {"firstname": told["firstname"], "lastname": told["lastname"], "gender": "F",
                "date_of_birth": "1987-03-12"}  # fmt: skip
    contact: dict[str, Any] = {
               "address_line1": told["line1"], "address_line2": told["line2"], "country": 276,
               "city": told["city"], "zip_code": "53199", "mobile": "+49 171 8402957",
               "email": f"{unique('canary')}@mail.example"}  # fmt: skip
    bank = {"bank_name": told["bank"], "account_holder": told["holder"],
            "account_number": "DE89370400440532013000"}  # fmt: skip
    for part, fields in (("personal", personal), ("contact", contact), ("bank", bank)):
        answer = client.put(f"profile/{part}/", **fields)
        assert answer.status_code == 204, answer.text
    image = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(image, "PNG")
    client.call("POST", "profile/image/", files={"image": ("me.png", image.getvalue())})
    fill(player, "100.00")
    pay_in(player, "100.00")
    client.post("cart/products/", product_id=product("soap"), quantity=1)
    address = {"name": told["addressee"], "address": told["street"], "city": told["town"]}
    shipping = {"zip_code": "53198", "phone": "+49 228 8402958"}
    client.post("cart/shipping_address/", **address, **shipping)
    answer = client.post("cart/checkout/")
    assert answer.status_code in (200, 201, 204), answer.text
    client.post("profile/password/forget/", username=player.username)
    return [*told.values(), contact["email"], player.username, "8402957", "8402958", "1987-03-12"]


def settle(player: Player) -> None:
    """The office takes what is left, one order paid outside with it, and blocks the member."""
    sql.run("UPDATE payments_payment SET expires_at = now() WHERE member_id = %s", [player.id])
    UnitOfWork(Shell()).commit(lambda: payments.give_back_expired(player.id))
    waiting = list(Order.objects.filter(member_id=player.id, status="awaiting_payment"))
    for order in waiting[1:]:
        order_decisions.cancel_order(UnitOfWork(Shell()), order.number)
    for order in waiting[:1]:
        order_decisions.approve_order(UnitOfWork(Shell()), order.number)
        pieces = dict(order.lines.filter(package__isnull=False).values_list("pk", "quantity"))
        reason = f"{player.username} changed their mind"
        refunding.refund_order(UnitOfWork(Shell()), order.number, pieces, reason)
    held = sql.number(
        "SELECT balance FROM wallet_account WHERE member_id = %s AND kind = 'wallet'", [player.id]
    )
    if held:
        adjusting.debit_wallet(
            UnitOfWork(Shell()), player.id, held, f"paid in cash to {player.username}"
        )
    blocking.block_member(UnitOfWork(Shell()), player.id, f"{player.username} asked to leave")


def columns() -> set[str]:
    """Every column of every table that names a person."""
    people = {"members.user", "members.member"}
    return {
        f"{model._meta.db_table}.{each.column}"
        for model in apps.get_models()
        for each in model._meta.concrete_fields
        if each.related_model and each.related_model._meta.label_lower in people
    }


def test_nothing_that_an_erased_person_had_entered_is_left_in_the_database(
    installation: Installation,
    cast: Cast,
    fill: Callable[[Player, str], None],
    product: Callable[[str], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cleo = cast.cleo  # whoever stands at the end of a leg would be in the next test's way
    told = tell_everything(cleo, product, fill)
    before = dump(installation).decode(errors="replace")
    sealed = {word for word in told if word.startswith(("Canarybank", "Canaryholder"))}
    assert {word for word in told if word not in before} == sealed
    settle(cleo)
    books = "SELECT count(*) || ' ' || sum(amount) FROM wallet_transfer"
    moved = sql.value(str, books)
    said = person("erase", cleo.username, typed=f"{cleo.username}\n", monkeypatch=monkeypatch)
    assert f"appears in the trees as (erased {cleo.id})" in said

    after = dump(installation).decode(errors="replace")
    assert [word for word in told if word.lower() in after.lower()] == []
    assert invariants.check() == {}
    assert sql.value(str, books) == moved
    stranger = Client(installation.base_url, installation.api_key)
    for name in (cleo.username, f"(erased {cleo.id})"):
        assert stranger.post("auth/access/", username=name, password=PASSWORD).status_code == 401
    refused(cleo.client.get("profile/"), 401, "1002")
    assert data(cast.ben.client.get("profile/"))["username"] == cast.ben.username
    assert sql.number("SELECT count(*) FROM base_personkey WHERE user_id = %s", [cleo.id]) == 0
    assert sql.number("SELECT count(*) FROM mailings_mail WHERE user_id = %s", [cleo.id]) == 0


def test_what_is_not_settled_is_said_and_nobody_is_erased_by_mistake(
    cast: Cast,
    fill: Callable[[Player, str], None],
    give_epin: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(cast.ben, "12.00")
    give_epin(cast.ben, "5.00")
    before = fingerprint()
    with pytest.raises(CommandError, match=r"active.*hold 12\.00.*e-pins hold 5\.00"):
        person("erase", cast.ben.username, typed=cast.ben.username, monkeypatch=monkeypatch)
    with pytest.raises(CommandError, match="Nothing was changed"):
        person("erase", cast.ben.username, typed="yes", monkeypatch=monkeypatch)
    assert fingerprint() == before


def test_the_database_lets_nobody_else_change_what_only_grows(cast: Cast) -> None:
    for statement in ("UPDATE base_auditentry SET facts = '{}'",
                      "UPDATE wallet_transfer SET note = ''"):  # fmt: skip
        with transaction.atomic():
            sql.run("SELECT set_config('upline.erasing', 'on', true)")
            with pytest.raises(DatabaseError), transaction.atomic():
                sql.run(statement)


def erase_again(path: str, user_id: int) -> list[str]:
    """What the command says, and what the person is called then."""
    said = io.StringIO()
    call_command("person", "erase-again", path, stdout=said)
    return [said.getvalue(), User.objects.get(pk=user_id).username]


def test_who_was_erased_is_erased_again_after_an_older_backup_was_restored(
    installation: Installation, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(cast.cleo)
    copy_database(installation, "older")
    try:
        person("erase", cast.cleo.username, typed=cast.cleo.username, monkeypatch=monkeypatch)
        listed = tmp_path / "erased.csv"
        listed.write_text(person("erased", monkeypatch=monkeypatch))
        assert cast.cleo.username not in listed.read_text()
        environment = {"DATABASE_URL": installation.postgres.url("upline_app", "older")}
        said, name = does_in(environment, erase_again, str(listed), cast.cleo.id)
    finally:
        installation.postgres.drop_database("older")
    assert f"{cast.cleo.id}: erased again." in said
    assert name == f"(erased {cast.cleo.id})"


def test_a_person_gets_everything_that_they_entered(
    cast: Cast,
    fill: Callable[[Player, str], None],
    product: Callable[[str], int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = tell_everything(cast.ben, product, fill)
    file = tmp_path / "ben.zip"
    said = person("export", cast.ben.username, "--to", str(file), monkeypatch=monkeypatch)
    assert "person.json, picture." in said
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        text = archive.read("person.json").decode()
        picture = next(name for name in archive.namelist() if name.startswith("picture."))
        assert Image.open(io.BytesIO(archive.read(picture))).size == (20, 20)
    assert [word for word in told if word not in text.replace(" ", "")
            and word not in text] == []  # fmt: skip
    found = json.loads(text)
    assert found["format"] == "upline-person 1"
    assert [order["total_amount"] for order in found["orders"]] != []
    assert "argon2" not in text


def test_every_table_that_names_a_person_is_exported_or_has_a_reason() -> None:
    exported = {f"{table}.{column}" for table, column in PARTS.values()}
    runs = {each for each in columns() if each.startswith("commissions_run.")}
    facts = {each for each in columns() if each.endswith(ACTORS_OF_FACTS)}
    exported |= {"members_member.user_id"} | runs | facts
    assert columns() - exported - NOT_EXPORTED == set(), "name them in flows/exporting.py"


def test_every_table_that_names_a_person_is_emptied_or_has_a_reason() -> None:
    deleted = {f"{table}.{column}" for table, column in DELETED}
    runs = {each for each in columns() if each.startswith("commissions_run.")}
    facts = {each for each in columns() if each.endswith(("fact.member_id", *ACTORS_OF_FACTS))}
    assert columns() - deleted - STAYS - runs - facts == set(), "name them in flows/erasing.py"
