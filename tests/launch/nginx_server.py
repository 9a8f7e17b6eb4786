"""A real nginx with deploy/nginx.conf, in front of any port."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from upline.launch.privileges import tether

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
MODULE = Path("/usr/lib/nginx/modules/ngx_http_js_module.so")
NGINX = Path("/usr/sbin/nginx")


def is_installed() -> bool:
    """Whether this machine has nginx with its JavaScript module."""
    return NGINX.exists() and MODULE.exists()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def site(folder: Path, port: int, upstream: int) -> str:
    """The site as shipped, without TLS, on these ports and with files in this folder."""
    text = (DEPLOY / "nginx.conf").read_text()
    first, second = text.split("server {\n    listen 443")
    upstreams, _plain = first.split("server {\n    listen 80")
    text = upstreams + "server {\n    listen 443" + second
    text = re.sub(r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};", text)
    text = re.sub(r"\n    (listen \[::\]|ssl_).*", "", text)
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    text = text.replace("/etc/nginx/upline-headers.js", f'"{DEPLOY / "nginx-headers.js"}"')
    return text.replace("/var/log/nginx", str(folder))


def main_file(folder: Path, included: str) -> str:
    """What Debian's own nginx.conf does, as far as a test needs it."""
    user = "user root;" if os.geteuid() == 0 else ""
    return (
        f"{user}\nload_module {MODULE};\npid {folder}/nginx.pid;\ndaemon off;\n"
        f"error_log {folder}/error.log;\nevents {{}}\nhttp {{\n"
        f"client_body_temp_path {folder}/body;\nproxy_temp_path {folder}/proxy;\n"
        f"fastcgi_temp_path {folder}/f;\nuwsgi_temp_path {folder}/u;\nscgi_temp_path {folder}/s;\n"
        f"{included}\n}}\n"
    )


@contextlib.contextmanager
def running_nginx(folder: Path, upstream: int) -> Iterator[int]:
    """Run it in front of `upstream`; gives the port it listens on."""
    port = free_port()
    file = folder / "main.conf"
    file.write_text(main_file(folder, site(folder, port, upstream)))
    command = [str(NGINX), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(file)]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = subprocess.Popen([*tether("TERM"), *command])
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise TimeoutError("nginx does not listen")
