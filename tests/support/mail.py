"""A real mail server that can misbehave, and the real worker that sends to it."""

import asyncio
import os
import re
import subprocess
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from support.installation import ROOT, stop_group, wait_for

HANG_SECONDS = 60


class _Inbox:
    """aiosmtpd's handler: takes mails, or does what `mode` says instead."""

    def __init__(self) -> None:
        self.mode = "take"
        self.mails: list[EmailMessage] = []
        self.refused: list[str] = []
        self.arrived = threading.Event()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mode in {"later", "never"}:
            self.refused.append(address)
            return "451 Come back later" if self.mode == "later" else "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.mode == "spam":
            return "554 This looks like spam"
        if self.mode == "hang":
            self.arrived.set()
            await asyncio.sleep(HANG_SECONDS)
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        if self.mode == "drop":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 Taken"


@dataclass
class MailServer:
    """On `port`; it begins down. Mails are kept in the order in which they came."""

    port: int
    inbox: _Inbox = field(default_factory=_Inbox)
    _controller: Any = None

    def up(self, mode: str = "take") -> None:
        """Answer from now on; `mode` is take, later (451), never (550 for the address), spam
        (554 after the mail), hang (silent after the mail), drop (takes it, then hangs up)."""
        self.inbox.mode = mode
        if self._controller is None:
            self._controller = Controller(self.inbox, hostname="127.0.0.1", port=self.port)
            self._controller.start()

    def down(self) -> None:
        """Refuse connections from now on."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def received(self, username: str, subject: str = "") -> list[EmailMessage]:
        """The mails that name a member and have this subject."""
        return [
            mail
            for mail in list(self.inbox.mails)
            if username in text_of(mail) and subject in str(mail["Subject"])
        ]

    def await_mail(self, username: str, subject: str, seconds: float = 20) -> EmailMessage:
        """The newest mail to this member with this subject, as soon as it is there."""
        wait_for(lambda: self.received(username, subject), seconds)
        return self.received(username, subject)[-1]


def text_of(mail: EmailMessage) -> str:
    return str(mail.get_content())


def link_in(mail: EmailMessage) -> str:
    """The only link of a mail."""
    found = re.findall(r"https?://\S+", text_of(mail))
    assert len(found) == 1, f"one link and no other: {found}"
    return str(found[0])


class Worker:
    """The worker as `./upline serve` starts it; its log is kept."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, **environment: str) -> None:
        """Start it unless it runs."""
        from upline.launch import programs
        from upline.launch.privileges import tether

        if self._process is not None:
            return
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*tether("KILL"), *programs.worker({}).command],
                env=os.environ | {"PYTHONPATH": str(ROOT / "src")} | environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def revive(self, **environment: str) -> None:
        """Start it again where it has ended by itself, as the launcher does."""
        if self._process is not None and self._process.poll() is not None:
            self._process = None
            self.start(**environment)

    def kill(self) -> None:
        """End it as a power cut would, at once."""
        if self._process is not None:
            stop_group(self._process)
            self._process = None

    def log(self) -> str:
        """All that it has said."""
        return self._log.read_text()
