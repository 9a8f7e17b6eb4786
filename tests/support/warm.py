"""Python programs that start at once.

A new interpreter needs more than a second to import Upline and what it stands on, and the tests run
many programs and commands. So one process imports all that, and each program runs in a fork of it:
with its own environment, folder, input and exit code, as if it had been started anew.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from functools import cache
from pathlib import Path
from typing import IO, Any, NoReturn

# What takes long to import.
_LIBRARIES = (
    "anyascii", "argon2", "babel.core", "croniter", "cryptography.fernet",
    "django.contrib.admin.options", "django.core.management", "django.db.backends.postgresql.base",
    "django.db.migrations", "django.db.models", "django.forms", "django.template", "httpx",
    "jsonschema", "numba", "numpy", "procrastinate", "psycopg_pool",
    "pyarrow.compute", "pyarrow.parquet", "pycountry", "pydantic", "pyotp", "pytest",
    "reportlab.platypus",
    "segno", "simplejson", "stdnum.bic", "stdnum.iban", "upline.explanations",
    "upline.plan_documents", "upline.plans.run", "upline.plans.kernels.trees",
)  # fmt: skip
_TESTS = Path(__file__).resolve().parents[1]
_PATHS = [str(_TESTS.parent / "src"), str(_TESTS)]


def program(
    text: str, environment: dict[str, str], **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run the text of a program, in this process's environment and `environment`."""
    return _run({"program": text}, environment, **options)


def module(
    words: list[str], environment: dict[str, str], **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run `python -m` with these words: a module and its arguments."""
    return _run({"words": words}, environment, **options)


def script(
    path: Path, words: list[str], environment: dict[str, str], **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run a program's file with these arguments."""
    return _run({"script": str(path), "words": words}, environment, **options)


def _run(
    what: dict[str, Any],
    environment: dict[str, str],
    *,
    typed: str = "",
    folder: Path | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    asked = what | {
        "environment": os.environ | {"PYTHONPATH": os.pathsep.join(_PATHS)} | environment,
        "folder": str(folder or Path.cwd()),
        "typed": typed,
    }
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(timeout)
        connection.connect(_server())
        connection.sendall(json.dumps(asked).encode())
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile() as answer:
            told = json.loads(answer.read())
    return subprocess.CompletedProcess(what.get("words", []), **told)


@cache
def _server() -> str:
    """The address of this process's server; it ends with this process."""
    address = str(Path(tempfile.mkdtemp(prefix="upline-warm-")) / "socket")
    paths = os.pathsep.join(_PATHS)
    process = subprocess.Popen(
        [sys.executable, "-m", "support.warm", address],
        env=os.environ | {"PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    atexit.register(process.kill)
    while not Path(address).exists():
        assert process.poll() is None, "the server of programs has ended"
        time.sleep(0.01)
    return address


def _serve(address: str) -> None:
    for name in _LIBRARIES:
        importlib.import_module(name)
    # The first call of what is compiled makes numba ready for all others.
    depths = importlib.import_module("upline.plans.kernels.trees").depths
    depths(importlib.import_module("numpy").zeros(1, "int32"))
    if "DJANGO_SETTINGS_MODULE" in os.environ:
        importlib.import_module("django").setup()
        for name in ("upline.urls", "upline.books.invariants", "support.company", "support.cast"):
            importlib.import_module(name)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"{address}.new")
    listening.listen(64)
    Path(f"{address}.new").rename(address)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    gc.freeze()  # a collection would copy all memory that the forks share
    while True:
        connection, _ = listening.accept()
        if not os.fork():
            listening.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _answer(connection)
        connection.close()


def _answer(connection: socket.socket) -> NoReturn:
    """Be one program, and tell how it ended."""
    with connection.makefile() as request:
        asked = json.loads(request.read())
    with tempfile.TemporaryFile() as typed, tempfile.TemporaryFile() as out, \
            tempfile.TemporaryFile() as err:  # fmt: skip
        typed.write(asked["typed"].encode())
        typed.seek(0)
        for number, file in enumerate((typed, out, err)):
            os.dup2(file.fileno(), number)
        told = {"returncode": _exit_code(asked), "stdout": _text(out), "stderr": _text(err)}
    connection.sendall(json.dumps(told).encode())
    os._exit(0)


def _exit_code(asked: dict[str, Any]) -> int:
    try:
        _run_here(asked)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _run_here(asked: dict[str, Any]) -> None:
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    _forget_settings()
    if "program" in asked:
        sys.argv = ["-c"]
        exec(compile(asked["program"], "<string>", "exec"), {"__name__": "__main__"})
    elif "script" in asked:
        sys.argv = [asked["script"], *asked["words"]]
        sys.path.insert(0, str(Path(asked["script"]).parent))
        runpy.run_path(asked["script"], run_name="__main__")
    else:
        sys.argv = list(asked["words"])
        runpy.run_module(asked["words"][0], run_name="__main__", alter_sys=True)


def _forget_settings() -> None:
    """Have Django read the settings again when they are next asked for: this program has its own
    environment. No connection was made before."""
    from asgiref.local import Local
    from django.conf import settings
    from django.db import connections
    from django.utils.functional import empty

    for name in [name for name in sys.modules if name.endswith(".settings")]:
        if "INSTALLED_APPS" in vars(sys.modules[name]):
            del sys.modules[name]
    settings._wrapped = empty
    vars(connections).pop("settings", None)
    vars(connections).update(_settings=None, _connections=Local(connections.thread_critical))


def _text(written: IO[bytes]) -> str:
    written.seek(0)
    return written.read().decode()


if __name__ == "__main__":
    _serve(sys.argv[1])
