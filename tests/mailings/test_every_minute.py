"""What the worker does by itself."""

from collections.abc import Callable
from datetime import timedelta

from procrastinate.contrib.django import app

from support.cast import Cast, Player
from support.client import data
from support.installation import wait_for
from support.mail import MailServer, Worker
from support.moves import pay_in
from upline.base import attempts, clock, sql
from upline.base.actors import ActingMember
from upline.base.attempts import Limit
from upline.base.unit import Answer, IdempotencyKey, UnitOfWork
from upline.flows import tasks
from upline.mailings import actions
from upline.mailings.models import MailKind
from upline.members import actions as members
from upline.members.models import AccessToken, LinkPurpose, MailedLink
from upline.members.queries import find_link
from upline.orders.models import Order
from upline.payments.models import Payment


def test_time_is_kept_by_periodic_tasks() -> None:
    import_tasks: Callable[[], object] = app.perform_import_paths
    import_tasks()
    crons = {
        periodic.task.name.rpartition(".")[2]: periodic.cron
        for periodic in app.periodic_registry.periodic_tasks.values()
    }
    assert crons == {
        "every_minute": "* * * * *",
        "every_hour": "7 * * * *",
        "commission_runs": "*/10 * * * *",
        "interim_runs": "* * * * *",
        "every_night": "23 2 * * *",
    }


def test_within_a_minute_payments_go_back_orders_lapse_and_lost_mails_leave(
    cast: Cast,
    mail_server: MailServer,
    worker: Worker,
    fill: Callable[[Player, str], None],
    product: Callable[[str], int],
) -> None:
    fill(cast.ben, "50.00")
    pay_in(cast.ben, "20.00")
    age_payments(cast.ben)
    lapsing = order_that_lapsed(cast.erik, product)
    lose_mail_of(cast.ben)
    wait_for(lambda: str(data(cast.ben.client.get("ewallet/balance/"))["balance"]) == "50", 75)
    assert data(cast.erik.client.get(f"orders/{lapsing}/"))["status"] == "cancelled"
    mail_server.await_mail(cast.ben.username, "Set a new transaction password")


def age_payments(player: Player) -> None:
    Payment.objects.filter(member_id=player.id).update(expires_at=clock.now())


def order_that_lapsed(player: Player, product: Callable[[str], int]) -> str:
    """The number of an unpaid order whose 24 hours are over."""

    client = player.client
    client.post("cart/products/", product_id=product("soap"), quantity=1)
    address = dict.fromkeys(("name", "address", "city"), "Bonn")
    client.post("cart/shipping_address/", zip_code="53111", phone="+49 228 1", **address)
    location = client.post("cart/checkout/").headers["Location"]
    orders = Order.objects.filter(member_id=player.id, kind="checkout")
    assert orders.update(lapses_at=clock.now() - timedelta(seconds=1)) == 1
    return str(location.rstrip("/").rpartition("/")[2])


def lose_mail_of(player: Player) -> None:
    """A mail that was written, and whose job is gone with its worker."""

    actions.write(MailKind.RESET_TRANSACTION, player.id, f"{player.username}@example.com")
    sql.run("DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name LIKE '%%mail'")


def test_every_night_what_nobody_looks_at_is_forgotten(cast: Cast) -> None:
    long_ago = clock.now() - timedelta(days=40)
    with clock.pinned(long_ago):
        members.make_link(cast.ben.id, LinkPurpose.LOGIN_PASSWORD)
        attempts.count([Limit("login", cast.ben.username, 5, 900)])
        key = IdempotencyKey("a-key-of-old", "tests", "{}")
        UnitOfWork(ActingMember(cast.ben.id), key=key, answer=lambda _: Answer(204)).commit(
            lambda: None
        )
    AccessToken.objects.filter(user_id=cast.dan.id).update(expires_at=long_ago)
    fresh = members.make_link(cast.ben.id, LinkPurpose.LOGIN_PASSWORD)
    tasks.every_night.func(0)
    assert MailedLink.objects.filter(user_id=cast.ben.id).count() == 1
    assert find_link(fresh, LinkPurpose.LOGIN_PASSWORD).user_id == cast.ben.id
    assert not AccessToken.objects.filter(user_id=cast.dan.id).exists()
    assert AccessToken.objects.filter(user_id=cast.ben.id).exists()
    old = [clock.now() - timedelta(days=30)]
    assert sql.number("SELECT count(*) FROM base_attempt WHERE at < %s", old) == 0
    assert sql.number("SELECT count(*) FROM base_storedanswer WHERE expires_at < %s", old) == 0


def test_done_jobs_are_forgotten_after_a_day(worker: Worker) -> None:
    job = app.configure_task("upline.flows.tasks.deliver_mail").defer(mail_id=0)
    status = "SELECT status::text FROM procrastinate_jobs WHERE id = %s"
    wait_for(lambda: sql.value(str, status, [job]) == "succeeded", 20)
    sql.run("UPDATE procrastinate_events SET at = at - interval '2 days' WHERE job_id = %s", [job])
    app.configure_task("upline.flows.tasks.every_hour").defer(timestamp=0)
    wait_for(lambda: sql.value(str, status, [job]) is None, 20)
