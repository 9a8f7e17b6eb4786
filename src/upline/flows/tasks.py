"""What the worker does. Each task is one call; the rules are in the flows."""

from procrastinate import JobContext, builtin_tasks
from procrastinate.contrib.django import app

from upline.commissions.actions import WORK
from upline.flows import commission_run, housekeeping, mailing
from upline.mailings.actions import DELIVER, tell_worker

_KEPT_HOURS = 24


@app.task(name=DELIVER)
def deliver_mail(mail_id: int) -> None:
    mailing.deliver(mail_id)


@app.periodic(cron="* * * * *")
@app.task(pass_context=False)
def every_minute(timestamp: int) -> None:
    housekeeping.let_time_pass()
    for mail_id in mailing.due():
        tell_worker(mail_id)


@app.periodic(cron="7 * * * *")
@app.task(pass_context=False)
def every_hour(timestamp: int) -> None:
    housekeeping.forget_expired()


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


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="forget_done_jobs", pass_context=True)
async def forget_done_jobs(context: JobContext, timestamp: int) -> None:
    await builtin_tasks.remove_old_jobs(context, max_hours=_KEPT_HOURS, remove_failed=True)
