"""The web server's application with password hashing taken out: any password matches, and a new
one is stored as it is. Only for benchmarks: it shows what all the rest costs."""

from upline.base import passwords

passwords.hashed = lambda password: password
passwords.matches = lambda password, stored: True

from upline.launch.web_app import application  # noqa: E402

__all__ = ["application"]
