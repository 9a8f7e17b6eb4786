"""What the worker does. Each task is one call; the rules are in the flows."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from upline.commissions.steps import WORK
from upline.flows import (
    commission_run,
    forgotten,
    housekeeping,
    jobs,
    join_links,
    mailing,
    retention,
    staff,
)
from upline.mailings.actions import DELIVER, tell_worker


@app.task(name=DELIVER)
def deliver_mail(mail_id: int) -> None:
    mailing.deliver(mail_id)


@app.task(name=forgotten.LOGIN)
def login_forgotten(username: str, past_limit: bool = False) -> None:
    forgotten.mail_login(username, past_limit=past_limit)


@app.task(name=forgotten.STAFF)
def staff_forgot(username: str, past_limit: bool = False) -> None:
    staff.mail_forgotten(username, past_limit=past_limit)


# A mail server that is away is back within the hour; the draft is not, after its days.
@app.task(name=join_links.TASK, retry=RetryStrategy(max_attempts=8, exponential_wait=5))
def mail_join_link(draft: str) -> None:
    join_links.send(draft)


@app.periodic(cron="* * * * *")
@app.task(pass_context=False)
def every_minute(timestamp: int) -> None:
    housekeeping.let_time_pass()
    for mail_id in mailing.due():
        tell_worker(mail_id)
    jobs.take_up_stalled()


@app.periodic(cron="7 * * * *")
@app.task(pass_context=False)
def every_hour(timestamp: int) -> None:
    jobs.forget_done()


@app.periodic(cron="23 2 * * *")
@app.task(queueing_lock="clean_up", pass_context=False)
def every_night(timestamp: int) -> None:
    retention.clean_up()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="commission_runs", pass_context=False)
def commission_runs(timestamp: int) -> None:
    commission_run.on_schedule()


@app.task(name=WORK)
def work_on_run(run_id: int, step: str, actor_id: int) -> None:
    commission_run.as_asked(run_id, step, actor_id)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="interim_runs", pass_context=False)
def interim_runs(timestamp: int) -> None:
    commission_run.interim_on_schedule()
