"""A throw-away installation for a benchmark: a private PostgreSQL that loses nothing in a power
cut, a migrated database, a company, and web servers as `./upline serve` starts them."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from upline.launch import ports, programs, secret_keys
from upline.launch.environment import read_settings
from upline.launch.postgres import PrivatePostgres

PASSWORD = "correct horse battery"
TRANSACTION_PASSWORD = "staple the wallet shut"
HERE = Path(__file__).resolve().parent
MEMBERSHIPS = {"Starter": (10_000, 5_000), "Business": (25_000, 15_000)}
WARES = {"Soap": (1_250, 1_000), "Tea": (499, 325), "Scales": (19_900, 12_000)}


@contextlib.contextmanager
def installation() -> Iterator[PrivatePostgres]:
    """A founded company in a database of its own; all of it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="upline-benchmark-"))
    folder.chmod(0o755)
    try:
        with PrivatePostgres(folder) as postgres:
            _prepare(postgres, folder)
            yield postgres
            _close_connections()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(postgres: PrivatePostgres, folder: Path) -> None:
    os.environ.update(
        secret_keys.new_secrets(),
        DATA_DIR=str(folder),
        DATABASE_URL=postgres.app_url,
        DATABASE_OWNER_URL=postgres.owner_url,
        DJANGO_SETTINGS_MODULE="upline.settings",
        # Each member calls from an address of their own, as a proxy tells it.
        UPLINE_BEHIND_PROXY="on",
    )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    found_company()


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()


def found_company() -> None:
    """Binary, euros. Limits are counted as ever, and too high to stop anybody.

    A company of the benchmarks' own, though the tests found one much like it: figures stay
    comparable when the tests come to want another, and nothing is sold with tax here."""
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.company.models import PlanKind
    from upline.flows import configuring, founding, offering

    founding.found_company(
        UnitOfWork(Shell()),
        founding.Founding(
            name="Acme",
            currency="EUR",
            exponent=2,
            time_zone="Europe/Berlin",
            first_weekday=1,
            plan_kind=PlanKind.BINARY,
            matrix_width=None,
            root_username="acme",
            root_password=PASSWORD,
            root_email="acme@example.com",
            staff_username="olga",
            staff_password=PASSWORD,
        ),
    )
    configuring.change_settings(
        UnitOfWork(Shell()),
        signup_fee=1_000,
        spill_over=True,
        signup_limit=10**6,
        request_limit=10**6,
    )
    for kind, wares in (("membership", MEMBERSHIPS), ("cart", WARES)):
        for name, (amount, points) in wares.items():
            offering.create_package(
                UnitOfWork(Shell()),
                None,
                kind=kind,
                name=name,
                code=f"{kind[0].upper()}-{name}",
                amount=amount,
                commissionable_value=amount * 8 // 10,
                points=points,
                tax_class="none",
            )


@dataclass(frozen=True)
class Server:
    """A web server at work."""

    port: int
    process: int

    def cpu_seconds(self) -> float:
        """CPU time of the server and its workers, since they began."""
        ticks = 0
        for status in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                head, _, rest = status.read_text().rpartition(") ")
                fields = rest.split()
                if str(self.process) in (head.split(" ")[0], fields[1]):
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def web_server(application: str | None = None) -> Iterator[Server]:
    """The web server of `./upline serve`, or another `application` under the same command
    line."""
    taken = ports.take_next("127.0.0.1", 8800)
    assert taken is not None, "there is a free port"
    port, reservation = taken
    child = programs.web_server(read_settings(), port, dict(os.environ))
    command = [*child.command[:-1], application] if application else child.command
    path = os.pathsep.join([str(HERE), str(HERE.parent / "src")])
    process = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": path}, start_new_session=True
    )
    try:
        while not ports.answers("127.0.0.1", port):
            time.sleep(0.05)
        yield Server(port, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        reservation.close()
