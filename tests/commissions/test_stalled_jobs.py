"""A step whose worker was killed in the middle of it is begun again, or a person is asked."""

import os
import signal
import subprocess
import sys

import psycopg

from commissions.conftest import Company
from commissions.world import acting
from support.installation import ROOT, STAFF, STAFF_PASSWORD, free_port, stop_group, wait_for
from support.office import Visitor
from upline.flows import commission_run as flow
from upline.flows import tasks

JOB = "SELECT status::text FROM procrastinate_jobs WHERE task_name LIKE '%work_on_run'"


def ask_worker() -> None:
    flow.ask_worker(acting("olga"), 1, "compute")


def pass_a_minute() -> None:
    tasks.every_minute.func(0)


def execute(company: Company, statement: str) -> None:
    with psycopg.connect(company.installation.postgres.url("postgres", company.name)) as connection:
        connection.execute(statement.encode())


def kill_a_worker(company: Company) -> None:
    """A worker begins with what it is asked for, and is killed before it ends."""
    address = company.installation.postgres.url("postgres", company.name)
    with psycopg.connect(address) as connection:
        connection.execute("SELECT FROM commissions_run FOR UPDATE")
        worker = subprocess.Popen(
            [sys.executable, "-m", "upline.launch.manage", "procrastinate", "worker"],
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")} | company.environment,
        )
        wait_for(lambda: company.value(JOB) == "doing")
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert company.value(JOB) == "doing"
    # A minute later.
    execute(company, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '61 s'")


def test_the_step_of_a_killed_worker_is_begun_again(planned: Company) -> None:
    planned.says("run", "open", person=STAFF)
    planned.does(ask_worker)
    kill_a_worker(planned)
    planned.does(pass_a_minute)
    assert planned.value(JOB) == "todo"
    assert planned.shell("procrastinate", "worker", "--one-shot").returncode == 0
    assert planned.value("SELECT status FROM commissions_run") == "computed"


def test_what_kills_its_worker_three_times_waits_for_a_person(planned: Company) -> None:
    planned.says("run", "open", person=STAFF)
    planned.does(ask_worker)
    execute(
        planned,
        "UPDATE procrastinate_jobs SET status = 'doing', attempts = 2"
        " WHERE task_name LIKE '%work_on_run'",
    )
    planned.does(pass_a_minute)
    assert planned.value(JOB) == "failed"
    listed = planned.says("jobs")
    assert "1 failed" in listed
    assert "work_on_run" in listed
    assert "step=compute run_id=1" in listed
    number = str(planned.value("SELECT min(id) FROM procrastinate_jobs WHERE status = 'failed'"))

    port = free_port()
    url = f"http://127.0.0.1:{port}"
    server = planned.installation.start_server(
        port, environment=planned.environment, UPLINE_BASE_URL=url
    )
    try:
        olga = Visitor(url)
        assert olga.sign_in(STAFF, STAFF_PASSWORD).status_code == 302
        assert "Failed jobs" in olga.get("/").text
        assert "failed to calculate it" in olga.get("/commissions/run/1/").text
        job = f"/procrastinate/procrastinatejob/{number}/"
        assert "Work on run" in olga.get("/procrastinate/procrastinatejob/").text
        assert "is queued again" in olga.press(f"{job}again/")
    finally:
        stop_group(server)
    assert planned.value(JOB) == "todo"
    assert "has not failed" in planned.refuses("jobs", "--again", number)
    assert planned.value(JOB) == "todo"
