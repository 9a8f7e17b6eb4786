"""A mail server, and the worker that sends to it; between tests the outbox is emptied."""

from collections.abc import Callable, Iterator

import pytest

from support.cast import Player
from support.client import Client
from support.installation import Installation, wait_for
from support.mail import MailServer, Worker
from support.moves import worker_looks_up


@pytest.fixture(scope="module")
def running_worker(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Worker]:
    empty_outbox()
    found = Worker(tmp_path_factory.mktemp("worker") / "log")
    yield found
    found.kill()


@pytest.fixture
def mail_server(installation: Installation) -> Iterator[MailServer]:
    """Up, and taking mails; ask for the `worker` beside it, or for `no_worker`."""
    empty_outbox()
    found = MailServer(installation.smtp_port)
    found.up()
    yield found
    found.down()


@pytest.fixture
def worker(mail_server: MailServer, running_worker: Worker) -> Worker:
    """Sending to the mail server of this test."""
    running_worker.start()
    return running_worker


@pytest.fixture
def no_worker(running_worker: Worker) -> Worker:
    """Nobody sends, unless the test does."""
    running_worker.kill()
    return running_worker


@pytest.fixture
def minute_passes() -> Callable[[], None]:
    """What the worker does every minute, now, with every waiting time of mails over."""
    from upline.base import sql
    from upline.flows import tasks

    def run() -> None:
        sql.run("UPDATE mailings_mail SET next_try_at = created_at WHERE status = 'queued'")
        tasks.every_minute.func(0)

    return run


@pytest.fixture
def forget(stranger: Client) -> Callable[[Player], None]:
    """Ask for a reset of somebody's login password, and have the mail written, by the worker
    where one runs."""
    from upline.mailings.models import Mail

    def ask(player: Player) -> None:
        mails = Mail.objects.filter(user_id=player.id)
        before = mails.count()
        answer = stranger.post("profile/password/forget/", username=player.username)
        assert answer.status_code == 204
        worker_looks_up()
        wait_for(lambda: mails.count() > before)

    return ask


def empty_outbox() -> None:
    """What earlier tests left waiting is none of ours."""
    from upline.base import sql

    sql.run("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
    sql.run("DELETE FROM mailings_mail WHERE status = 'queued'")
