"""Files that commands write."""

from pathlib import Path

from django.core.management.base import CommandError

FORMS = ("table", "csv", "excel", "pdf")
FORMS_HELP = "excel: CSV that Excel opens with the right letters"


def keep(content: bytes, path: Path) -> None:
    """For its owner's eyes only, and never over another file. Raises CommandError."""
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(content)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file's name"
        raise CommandError(f"{path} cannot be written: {reason}.") from error
