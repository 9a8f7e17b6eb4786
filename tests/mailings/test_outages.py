"""Mail servers go down, hang, hang up and refuse; workers die. No mail is lost, and no link
arrives dead."""

import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.db import connection
from django.test import override_settings

from support.bursts import cut
from support.cast import Cast, Player
from support.installation import free_port, wait_for
from support.mail import MailServer, Worker, link_in
from upline.base import clock, sql
from upline.base.actors import Shell
from upline.base.errors import FieldsWrong, Refusal
from upline.base.unit import UnitOfWork
from upline.flows import mailing
from upline.mailings import actions
from upline.mailings.models import Mail, MailKind
from upline.members.models import MailedLink, User

RESET = "Set a new password"
ANSWER_SECONDS_MAX = 1.0


def newest_mail_to(player: Player) -> Mail:
    return Mail.objects.filter(user_id=player.id).latest("id")


def await_state(player: Player, status: str, tries: int = 1) -> str:
    """Until the newest mail to a player is in this status after so many tries; the last error."""

    def reached() -> bool:
        mail = newest_mail_to(player)
        return mail.status == status and mail.tries >= tries

    wait_for(reached, 20)
    return str(newest_mail_to(player).last_error)


def test_a_mail_leaves_at_once(
    cast: Cast, mail_server: MailServer, worker: Worker, forget: Callable[[Player], None]
) -> None:
    forget(cast.ben)
    mail_server.await_mail(cast.ben.username, RESET)
    mail_server.inbox.mails.clear()
    started = time.monotonic()
    forget(cast.ben)
    mail_server.await_mail(cast.ben.username, RESET)
    assert time.monotonic() - started < 2


def test_what_was_written_during_an_outage_arrives_after_it(
    cast: Cast,
    player: Callable[..., Player],
    mail_server: MailServer,
    worker: Worker,
    forget: Callable[[Player], None],
    minute_passes: Callable[[], None],
) -> None:
    mail_server.down()
    waiting = [player("fay", cast.anna.username) for _ in range(6)]
    for each in waiting:
        started = time.monotonic()
        forget(each)
        assert time.monotonic() - started < ANSWER_SECONDS_MAX
    for each in waiting:
        assert "refused" in await_state(each, "queued").lower()
    assert "was not sent: ConnectionRefusedError" in worker.log()
    an_hour_passes()
    mail_server.up()
    minute_passes()
    for each in waiting:
        link = link_in(mail_server.await_mail(each.username, RESET))
        assert httpx.get(link).status_code == 200
    assert {newest_mail_to(each).status for each in waiting} == {"sent"}


def test_a_worker_whose_connections_were_cut_listens_again(
    no_worker: Worker, tmp_path: Path
) -> None:
    """By itself, or because it ends and the launcher starts it again."""
    name = "to be cut"
    own = Worker(tmp_path / "log")
    own.start(PGAPPNAME=name)

    def listens_anew() -> set[int]:
        own.revive(PGAPPNAME=name)
        return listening(name) - before

    before: set[int] = set()
    try:
        wait_for(listens_anew)
        before = listening(name)
        cut(name)
        wait_for(listens_anew)
    finally:
        own.kill()


def listening(name: str) -> set[int]:
    """The connections of this application that wait for jobs."""

    found = """SELECT pid FROM pg_stat_activity
               WHERE application_name = %s AND query LIKE 'LISTEN %%'"""
    return set(sql.values(int, found, [name]))


def an_hour_passes() -> None:
    """For everything that was written so far."""

    sql.run("UPDATE mailings_mail SET created_at = created_at - interval '1 hour'")
    sql.run("UPDATE members_mailedlink SET expires_at = expires_at - interval '1 hour'")


def test_the_links_secret_is_made_when_the_mail_is_sent(
    cast: Cast,
    mail_server: MailServer,
    worker: Worker,
    forget: Callable[[Player], None],
    minute_passes: Callable[[], None],
) -> None:
    mail_server.inbox.mode = "later"
    forget(cast.ben)
    await_state(cast.ben, "queued")
    an_hour_passes()
    assert not MailedLink.objects.filter(user_id=cast.ben.id, expires_at__gt=clock.now()).exists()
    mail_server.up()
    minute_passes()
    mail_server.await_mail(cast.ben.username, RESET)
    link = MailedLink.objects.filter(user_id=cast.ben.id).latest("expires_at")
    assert link.expires_at - clock.now() > timedelta(minutes=29)


@pytest.mark.parametrize(
    ("mode", "said"), [("later", "451: Come back later"), ("drop", "SMTPServerDisconnected")]
)
def test_a_busy_server_gets_the_mail_later(
    mode: str,
    said: str,
    cast: Cast,
    mail_server: MailServer,
    worker: Worker,
    forget: Callable[[Player], None],
    minute_passes: Callable[[], None],
) -> None:
    mail_server.up(mode)
    forget(cast.ben)
    assert said in await_state(cast.ben, "queued")
    mail_server.up()
    mail_server.inbox.mails.clear()
    minute_passes()
    mail_server.await_mail(cast.ben.username, RESET)
    await_state(cast.ben, "sent", tries=2)


def test_each_wait_is_twice_as_long_and_never_over_ten_minutes(
    cast: Cast, no_worker: Worker
) -> None:
    actions.write(MailKind.RESET_LOGIN, cast.ben.id, "ben@example.com")
    mail = newest_mail_to(cast.ben)
    waits = []
    for _ in range(9):
        actions.try_later(mail, "no answer")
        waits.append(round((mail.next_try_at - clock.now()).total_seconds()))
    assert waits == [5, 10, 20, 40, 80, 160, 320, 600, 600]


def test_a_server_that_hangs_gets_the_mail_later(
    cast: Cast, mail_server: MailServer, no_worker: Worker, forget: Callable[[Player], None]
) -> None:
    mail_server.up("hang")
    forget(cast.ben)
    with override_settings(EMAIL_TIMEOUT=1):
        assert mailing.deliver(newest_mail_to(cast.ben).pk) is False
    mail = newest_mail_to(cast.ben)
    assert (mail.status, mail.tries) == ("queued", 1)
    assert "timed out" in mail.last_error


@pytest.mark.parametrize(
    ("mode", "said"), [("never", "550: No such mailbox"), ("spam", "554: This looks like spam")]
)
def test_a_mail_refused_for_good_shows_as_failed_and_can_be_sent_again(
    mode: str,
    said: str,
    cast: Cast,
    mail_server: MailServer,
    worker: Worker,
    forget: Callable[[Player], None],
    minute_passes: Callable[[], None],
) -> None:
    mail_server.up(mode)
    forget(cast.ben)
    assert await_state(cast.ben, "failed") == said
    mail_server.up()
    minute_passes()
    mailing.send_mail_again(UnitOfWork(Shell()), newest_mail_to(cast.ben).pk)
    link = link_in(mail_server.await_mail(cast.ben.username, RESET))
    assert httpx.get(link).status_code == 200
    await_state(cast.ben, "sent", tries=2)


def test_no_link_to_set_a_password_leaves_for_an_address_of_before(
    cast: Cast,
    mail_server: MailServer,
    worker: Worker,
    forget: Callable[[Player], None],
    minute_passes: Callable[[], None],
) -> None:
    """Neither after an outage during which the address changed, nor by the office's button."""

    mail_server.up("later")
    forget(cast.ben)
    await_state(cast.ben, "queued", tries=1)
    links = MailedLink.objects.filter(user_id=cast.ben.id).count()
    User.objects.filter(pk=cast.ben.id).update(email=f"{cast.ben.username}@elsewhere.example")
    mail_server.up()
    minute_passes()
    assert "another address" in await_state(cast.ben, "failed")
    mailing.send_mail_again(UnitOfWork(Shell()), newest_mail_to(cast.ben).pk)
    assert "another address" in await_state(cast.ben, "failed", tries=3)
    assert mail_server.received(cast.ben.username, RESET) == []
    assert MailedLink.objects.filter(user_id=cast.ben.id).count() == links


def test_a_mail_that_did_not_fail_is_not_sent_again(
    cast: Cast, mail_server: MailServer, worker: Worker, forget: Callable[[Player], None]
) -> None:
    forget(cast.ben)
    mail_server.await_mail(cast.ben.username, RESET)
    await_state(cast.ben, "sent")
    before = outbox_and_jobs()
    with pytest.raises(Refusal):
        mailing.send_mail_again(UnitOfWork(Shell()), newest_mail_to(cast.ben).pk)
    assert outbox_and_jobs() == before
    assert newest_mail_to(cast.ben).status == "sent"


def test_a_server_that_does_not_let_us_in_costs_no_mail(
    cast: Cast,
    mail_server: MailServer,
    no_worker: Worker,
    forget: Callable[[Player], None],
    locked_server: int,
) -> None:
    forget(cast.ben)
    with override_settings(
        EMAIL_PORT=locked_server, EMAIL_HOST_USER="office", EMAIL_HOST_PASSWORD="wrong"
    ):
        assert mailing.deliver(newest_mail_to(cast.ben).pk) is False
    mail = newest_mail_to(cast.ben)
    assert mail.status == "queued"
    assert mail.last_error.startswith("535")


@pytest.fixture
def locked_server() -> Iterator[int]:
    """The port of a mail server whose password nobody knows."""
    port = free_port()
    controller = Controller(
        object(),
        hostname="127.0.0.1",
        port=port,
        authenticator=lambda *_: AuthResult(success=False, handled=False),
        auth_require_tls=False,
    )
    controller.start()
    yield port
    controller.stop()


def test_a_mail_whose_worker_was_killed_while_sending_arrives(
    cast: Cast,
    mail_server: MailServer,
    worker: Worker,
    forget: Callable[[Player], None],
    minute_passes: Callable[[], None],
) -> None:
    mail_server.up("hang")
    forget(cast.ben)
    assert mail_server.inbox.arrived.wait(20)
    worker.kill()
    mail_server.up()
    worker.start()
    minute_passes()
    link = link_in(mail_server.await_mail(cast.ben.username, RESET))
    assert httpx.get(link).status_code == 200


def test_two_workers_send_a_mail_once(
    cast: Cast, mail_server: MailServer, no_worker: Worker, forget: Callable[[Player], None]
) -> None:
    forget(cast.ben)
    mail_id = newest_mail_to(cast.ben).pk
    sent: list[bool] = []

    def send() -> None:
        sent.append(mailing.deliver(mail_id))
        connection.close()

    both = [threading.Thread(target=send) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(sent) == [False, True]
    assert len(mail_server.received(cast.ben.username, RESET)) == 1


def test_what_is_rolled_back_leaves_no_mail_and_no_job(cast: Cast, no_worker: Worker) -> None:
    before = outbox_and_jobs()

    def write_and_fail() -> None:
        actions.write(MailKind.RESET_LOGIN, cast.ben.id, "ben@example.com")
        assert outbox_and_jobs() != before
        raise FieldsWrong()

    with pytest.raises(FieldsWrong):
        UnitOfWork(Shell()).commit(write_and_fail)
    assert outbox_and_jobs() == before


def outbox_and_jobs() -> tuple[int, int]:
    mails = sql.number("SELECT count(*) FROM mailings_mail")
    return mails, sql.number("SELECT count(*) FROM procrastinate_jobs")


def test_a_long_outage_does_not_pile_up_jobs(
    cast: Cast,
    mail_server: MailServer,
    no_worker: Worker,
    forget: Callable[[Player], None],
    minute_passes: Callable[[], None],
) -> None:
    forget(cast.ben)
    before = outbox_and_jobs()
    for _ in range(3):
        minute_passes()
    assert outbox_and_jobs() == before


def test_other_work_goes_before_mails(
    cast: Cast, no_worker: Worker, forget: Callable[[Player], None]
) -> None:
    forget(cast.ben)
    priority = "SELECT priority FROM procrastinate_jobs WHERE task_name LIKE %s ORDER BY id DESC"
    assert sql.number(priority, ["%deliver_mail"]) < 0


def test_without_a_mail_server_mails_wait_in_silence(
    cast: Cast,
    mail_server: MailServer,
    no_worker: Worker,
    forget: Callable[[Player], None],
    minute_passes: Callable[[], None],
    tmp_path: Path,
) -> None:
    idle = Worker(tmp_path / "log")
    forget(cast.ben)
    idle.start(SMTP_URL="")
    wait_for(lambda: jobs_to_do() == 0, 20)
    idle.kill()
    mail = newest_mail_to(cast.ben)
    assert (mail.status, mail.tries, mail.last_error) == ("queued", 0, "")
    assert idle.log().splitlines() == ["Launching a worker on all queues"]
    with override_settings(SMTP=None):
        minute_passes()
        assert jobs_to_do() == 0
    no_worker.start()
    minute_passes()
    mail_server.await_mail(cast.ben.username, RESET)


def jobs_to_do() -> int:
    return sql.number("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")


def test_a_mail_that_cannot_be_put_into_words_for_a_server_fails_at_once(
    cast: Cast, mail_server: MailServer, no_worker: Worker
) -> None:
    actions.write(MailKind.RESET_LOGIN, cast.ben.id, "ben@exa mple.com\nBcc: eve@example.com")
    assert mailing.deliver(newest_mail_to(cast.ben).pk) is False
    mail = newest_mail_to(cast.ben)
    assert mail.status == "failed"
    assert mail_server.inbox.mails == []


def test_the_server_is_what_it_claims(mail_server: MailServer) -> None:
    """The mail server of these tests refuses when it is down, and answers when it is up."""
    mail_server.down()
    with pytest.raises(OSError, match="refused"):
        smtplib.SMTP("127.0.0.1", mail_server.port)
    mail_server.up()
    with smtplib.SMTP("127.0.0.1", mail_server.port) as client:
        assert client.noop()[0] == 250
