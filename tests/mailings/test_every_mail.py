"""Every mail that there is, caused through the API and received on a real mail server."""

from collections.abc import Callable
from email.message import EmailMessage
from urllib.parse import urlsplit

import httpx
import pytest
from django.test import override_settings

from support.cast import Cast, Player, unique
from support.client import Client
from support.customers import register
from support.installation import PASSWORD, TRANSACTION_PASSWORD, Installation
from support.mail import MailServer, Worker, link_in, text_of
from support.moves import IBAN, change_address, payment, signup_fields, tell_bank
from upline.base import sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import blocking, correcting, mailing, opening, order_decisions, upgrading
from upline.orders.queries import awaited_package


def done(answer: httpx.Response) -> None:
    assert answer.status_code == 204, answer.text


def address_of(player: Player) -> str:
    return f"{player.username}@example.com"


def read(mail: EmailMessage, to: str, *words: str) -> str:
    """The text of a mail, once its addressee and these words were found."""
    assert mail["To"] == to
    assert "upline@localhost" in str(mail["From"])
    assert mail.get_content_type() == "text/plain"
    text = text_of(mail)
    for word in words:
        assert word in text
    assert "{" not in text
    return text


def test_a_new_member_is_welcomed(
    cast: Cast, mail_server: MailServer, worker: Worker, product: Callable[[str], int]
) -> None:
    fields = signup_fields(
        cast.ben.username, product("starter"), placement_username=cast.dan.username
    )
    answer = cast.ben.client.post("signup/", **fields)
    assert answer.status_code == 201, answer.text
    mail = mail_server.await_mail(fields["username"], "Welcome to Acme")
    text = read(mail, "nora@example.com", "Forgot transaction password")
    assert PASSWORD not in text
    assert "http" not in text


def test_a_further_position_is_told_to_its_member(
    cast: Cast, mail_server: MailServer, worker: Worker, office_sets: Callable[..., None]
) -> None:
    office_sets(positions_max=2)
    dan = cast.dan
    wish = opening.PositionRequest(dan.id, dan.username, 2)
    opening.open_position(UnitOfWork(Shell()), wish, "a test")
    mail = mail_server.await_mail(dan.username, "further position")
    read(mail, address_of(dan), f"{dan.username}/2", f"below {dan.username}, on the right")


def test_a_new_customer_gets_a_link_to_choose_a_password(
    cast: Cast, mail_server: MailServer, worker: Worker, installation: Installation
) -> None:
    username = unique("carl")
    register(cast.ben.username, username)
    mail = mail_server.await_mail(username, "Welcome to Acme")
    read(mail, f"{username}@example.com", "customer account", "30 minutes", "Forgot password")
    assert_is_ours(link_in(mail), installation, "login-password")


def test_who_forgot_the_login_password_gets_a_link(
    cast: Cast,
    mail_server: MailServer,
    worker: Worker,
    forget: Callable[[Player], None],
    installation: Installation,
) -> None:
    forget(cast.ben)
    mail = mail_server.await_mail(cast.ben.username, "Set a new password")
    read(mail, address_of(cast.ben), "30 minutes", "If this was not you")
    assert_is_ours(link_in(mail), installation, "login-password")


def test_who_forgot_the_transaction_password_gets_a_link(
    cast: Cast, mail_server: MailServer, worker: Worker, installation: Installation
) -> None:
    done(cast.ben.client.post("ewallet/password/forget/"))
    mail = mail_server.await_mail(cast.ben.username, "Set a new transaction password")
    read(mail, address_of(cast.ben), "30 minutes", "If this was not you")
    assert_is_ours(link_in(mail), installation, "transaction-password")


def assert_is_ours(link: str, installation: Installation, page: str) -> None:
    assert link.startswith(f"{installation.base_url}/link/{page}/")
    assert httpx.get(link).status_code == 200


def test_a_package_that_the_office_changed_is_told(
    cast: Cast, mail_server: MailServer, worker: Worker
) -> None:
    waiting = awaited_package(cast.cleo.id)
    assert waiting is not None
    order_decisions.cancel_order(UnitOfWork(Shell()), waiting.number)
    upgrading.upgrade(
        UnitOfWork(Shell()), upgrading.UpgradeRequest(cast.cleo.id, "Business"), "a test"
    )
    mail = mail_server.await_mail(cast.cleo.username, "membership package was changed")
    read(mail, address_of(cast.cleo), "Business", "tell the office now")


def test_a_changed_password_is_told(
    cast: Cast, mail_server: MailServer, worker: Worker, installation: Installation
) -> None:
    done(
        cast.ben.client.put(
            "profile/password/",
            current_password=PASSWORD,
            new_password="another horse entirely",
            password_confirmation="another horse entirely",
        )
    )
    mail = mail_server.await_mail(cast.ben.username, "Your password was changed")
    text = read(mail, address_of(cast.ben), "signed out")
    assert "horse" not in text
    assert_is_ours(link_in(mail), installation, "undo-change")


def test_a_changed_address_is_told_to_the_old_one_and_confirmed_by_the_new(
    cast: Cast, mail_server: MailServer, worker: Worker, installation: Installation
) -> None:
    change_address(cast.ben, "ben.new@example.org")
    old = mail_server.await_mail(cast.ben.username, "Your e-mail address was changed")
    read(old, address_of(cast.ben), "ben.new@example.org", "72 hours")
    assert_is_ours(link_in(old), installation, "undo-change")
    new = mail_server.await_mail(cast.ben.username, "Confirm your e-mail address")
    read(new, "ben.new@example.org", "30 minutes")
    assert_is_ours(link_in(new), installation, "confirm-email")


def test_what_the_office_corrected_is_told(
    cast: Cast, mail_server: MailServer, worker: Worker
) -> None:
    correcting.correct(
        UnitOfWork(Shell()), cast.ben.id, {"lastname": "Right"}, "a test", verified=False
    )
    mail = mail_server.await_mail(cast.ben.username, "Your details were corrected")
    text = read(mail, address_of(cast.ben), "last name", "72 hours", "tell Acme")
    assert "http" not in text


def test_a_changed_bank_account_is_told(
    cast: Cast, mail_server: MailServer, worker: Worker, installation: Installation
) -> None:
    done(cast.ben.client.put("profile/bank/", account_number=IBAN))
    mail = mail_server.await_mail(cast.ben.username, "Your bank account was changed")
    text = read(mail, address_of(cast.ben), "ending in", "3000", "72 hours")
    assert IBAN not in text
    assert_is_ours(link_in(mail), installation, "undo-change")


def test_a_changed_transaction_password_is_told(
    cast: Cast, mail_server: MailServer, worker: Worker, installation: Installation
) -> None:
    changed = {"current_password": TRANSACTION_PASSWORD, "new_password": "another horse"}
    done(cast.ben.client.put("ewallet/password/", **changed, password_confirmation="another horse"))
    mail = mail_server.await_mail(cast.ben.username, "Your transaction password was changed")
    assert "horse" not in read(mail, address_of(cast.ben), "72 hours")
    assert_is_ours(link_in(mail), installation, "undo-change")


def test_mails_say_that_a_machine_wrote_them_and_whose(
    cast: Cast, mail_server: MailServer, worker: Worker, forget: Callable[[Player], None]
) -> None:
    forget(cast.ben)
    mail = mail_server.await_mail(cast.ben.username, "Set a new password")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert len(mail.get_all("Message-ID", [])) == 1


def test_ids_of_mails_end_in_the_companys_domain() -> None:
    for site, sender, domain in (
        ("https://back.acme.example", "Acme <no-reply@mail.example>", "back.acme.example"),
        ("http://127.0.0.1:8000", "Acme <no-reply@mail.example>", "mail.example"),
        ("http://localhost:8000", "no-reply@acme.example", "acme.example"),
    ):
        with override_settings(BASE_URL=site, DEFAULT_FROM_EMAIL=sender):
            assert mailing.headers()["Message-ID"].endswith(f"@{domain}>")


def test_until_it_is_confirmed_resets_go_to_the_old_address(
    cast: Cast, mail_server: MailServer, worker: Worker, forget: Callable[[Player], None]
) -> None:
    change_address(cast.ben, "ben.thief@example.org")
    forget(cast.ben)
    mail = mail_server.await_mail(cast.ben.username, "Set a new password")
    assert mail["To"] == address_of(cast.ben)


def test_who_pays_from_anothers_wallet_is_told_to_its_owner(
    cast: Cast, mail_server: MailServer, worker: Worker, fill: Callable[[Player, str], None]
) -> None:
    fill(cast.anna, "100.00")
    done(pay_from_wallet_of(cast.anna, cast.erik, "10.50"))
    subject = "Your wallet paid 10.50 EUR"
    mail = mail_server.await_mail(cast.anna.username, subject)
    assert "http" not in read(mail, address_of(cast.anna), cast.erik.username, "10.50 EUR")


def test_who_pays_from_their_own_wallet_gets_no_mail(
    cast: Cast,
    mail_server: MailServer,
    worker: Worker,
    fill: Callable[[Player, str], None],
    forget: Callable[[Player], None],
) -> None:
    fill(cast.anna, "100.00")
    done(pay_from_wallet_of(cast.anna, cast.anna, "10.50"))
    forget(cast.anna)
    mail_server.await_mail(cast.anna.username, "Set a new password")
    assert mail_server.received(cast.anna.username, "Your wallet paid") == []


def pay_from_wallet_of(owner: Player, payer: Player, amount: str) -> httpx.Response:
    return payer.client.post("ewallet/payment/", **payment(owner.username, amount))


@pytest.mark.parametrize(
    ("status", "subject", "words"),
    [
        ("requested", "You requested a payout of 10.50 EUR", ("3000", "transaction password")),
        ("paid", "Your payout of 10.50 EUR has been sent", ("to your account",)),
        ("failed", "Your payout of 10.50 EUR has failed", ("for a test", "back in your wallet")),
        ("returned", "Your payout of 10.50 EUR came back", ("for a test", "back in your wallet")),
        ("declined", "Your payout of 10.50 EUR was declined", ("for a test", "back in your")),
    ],
)
def test_what_becomes_of_a_payout_is_told(
    status: str, subject: str, words: tuple[str, ...],
    cast: Cast, mail_server: MailServer, worker: Worker,
    fill: Callable[[Player, str], None], bring_to: Callable[..., str],
) -> None:  # fmt: skip
    fill(cast.anna, "10.50")
    tell_bank(cast.anna)
    number = bring_to(cast.anna, status, "10.50")
    mail = mail_server.await_mail(cast.anna.username, subject)
    text = read(mail, address_of(cast.anna), number, "10.50 EUR", *words)
    assert "http" not in text
    assert IBAN not in text


@pytest.mark.parametrize("name", ["nobody", "BLOCKED"])
def test_nobody_else_gets_a_link(
    name: str,
    cast: Cast,
    mail_server: MailServer,
    worker: Worker,
    stranger: Client,
    forget: Callable[[Player], None],
    blocked: Callable[[Player], None],
) -> None:
    asked = unique("nobody") if name == "nobody" else cast.dan.username.upper()
    blocked(cast.dan)
    answer = stranger.post("profile/password/forget/", username=asked)
    assert answer.status_code == 204
    forget(cast.ben)
    mail_server.await_mail(cast.ben.username, "Set a new password")
    assert mail_server.received(cast.dan.username, "Set a new password") == []
    assert mail_server.received(asked, "Set a new password") == []


@pytest.fixture
def blocked() -> Callable[[Player], None]:
    return lambda player: blocking.block_member(UnitOfWork(Shell()), player.id, "for a test")


def test_no_row_and_no_log_holds_a_links_secret(
    cast: Cast, mail_server: MailServer, worker: Worker, forget: Callable[[Player], None]
) -> None:
    forget(cast.ben)
    done(cast.ben.client.post("ewallet/password/forget/"))
    change_address(cast.ben, "ben.new@example.org")
    for subject in ("Set a new password", "Set a new transaction", "Confirm"):
        mail = mail_server.await_mail(cast.ben.username, subject)
        secret = urlsplit(link_in(mail)).path.rstrip("/").rpartition("/")[2]
        assert len(secret) >= 43
        assert tables_with(secret) == []
        assert secret not in worker.log()


def test_the_search_for_secrets_would_find_one(cast: Cast, mail_server: MailServer) -> None:
    assert "members_user" in tables_with(cast.ben.username)


def tables_with(text: str) -> list[str]:
    """All tables, the worker's included, that have a row with this text."""

    names = sql.values(str, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
    return [
        name
        for name in names
        if sql.value(
            bool, f"SELECT EXISTS (SELECT FROM {name} t WHERE position(%s IN t::text) > 0)", [text]
        )
    ]
