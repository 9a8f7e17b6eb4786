"""The web server's application with password hashing taken out: any password matches, and a new
one is stored as it is. Only for benchmarks: it shows what all the rest costs."""

from upline.base import passwords


def hashed(password: str, *, is_known: bool = True) -> str:
    return password


def matches(password: str, stored: str | None, *, is_known: bool = True) -> bool:
    return True


passwords.hashed = hashed
passwords.matches = matches

from upline.launch.web_app import application  # noqa: E402

__all__ = ["application"]
