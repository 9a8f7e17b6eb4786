"""How a line of the log looks. Links that mails carry hold a secret, and never get there."""

import logging
import re

_LINK = re.compile(r"(/link/[a-z-]+/)[A-Za-z0-9_%.~-]+")


class Line(logging.Formatter):
    """Time, level, logger, message, and the traceback where there is one."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return _LINK.sub(r"\1…", super().format(record))
