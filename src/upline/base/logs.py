"""How a line of the log looks: one line for each record, whatever it tells.

Links that mails carry hold a secret, and never get there. What happens in a request bears the
request's id, which its answer bears too."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

from upline.base.outages import is_outage

request_id: ContextVar[str] = ContextVar("request_id", default="")

_LINK = re.compile(r"(/link/[a-z-]+/)[A-Za-z0-9_%.~-]+")
_NEW_LINES = re.compile(r"\s*[\n\r\v\f\x85\u2028\u2029]\s*")
# They move a terminal's cursor, or turn the direction of reading.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class LogLine(logging.Formatter):
    """Time, level, logger, the request's id in brackets, message; a traceback on the same line."""

    def format(self, record: logging.LogRecord) -> str:
        id_shown = f" [{request_id.get()}]" if request_id.get() else ""
        words = [_at(record), record.levelname, record.name + id_shown, _told(self, record)]
        line = _NEW_LINES.sub(" | ", " ".join(words))
        return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


class Json(logging.Formatter):
    """The same as an object of JSON, the traceback in a field of its own."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": _at(record),
            "level": record.levelname,
            "logger": record.name,
            "request_id": request_id.get(),
            "message": _without_secrets(record.getMessage()),
            "traceback": _without_secrets(_traceback(self, record)),
        }
        return json.dumps({name: value for name, value in fields.items() if value})


class OutageInAWord(logging.Filter):
    """A database that is away fails each request in the same way: the error is enough of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if is_outage(error):
            record.msg, record.args = f"{record.getMessage()}: {error}".strip(), ()
            record.exc_info = record.exc_text = None
        return True


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _told(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return _without_secrets("\n".join([record.getMessage(), _traceback(formatter, record)]).strip())


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return formatter.formatException(record.exc_info) if record.exc_info else ""


def _without_secrets(text: str) -> str:
    return _LINK.sub(r"\1…", text)
