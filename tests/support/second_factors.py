"""An authenticator app, as a person holds it beside the browser."""

import re
import time
from html import unescape

import pyotp

from support.office import Visitor, problems

STEP_SECONDS = 30


class App:
    """Shows the codes of one secret. Each code works once, so the next one asked for is that of
    another step: the server takes the one before, the one of now, and the one after."""

    def __init__(self, secret: str) -> None:
        self._totp = pyotp.TOTP(secret)
        self._last = 0

    def code(self, *, steps: int = 0) -> str:
        """A code that was not used yet, or that of some steps from now."""
        now = int(time.time()) // STEP_SECONDS
        step = now + steps if steps else max(now - 1, self._last + 1)
        if step > now + 1 and not steps:
            time.sleep(STEP_SECONDS - time.time() % STEP_SECONDS)
        self._last = max(self._last, step)
        return str(self._totp.generate_otp(step))

    def wrong_code(self) -> str:
        """One that is none of about now."""
        now = int(time.time()) // STEP_SECONDS
        right = {self._totp.generate_otp(now + off) for off in range(-3, 4)}
        return next(f"{n:06}" for n in range(1000) if f"{n:06}" not in right)


def secret_on(page: str) -> str:
    """The secret that the page of setting up shows."""
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    assert found, "the page shows a secret"
    return found[1].replace(" ", "")


def set_up(visitor: Visitor) -> tuple[App, list[str]]:
    """Set a second factor up through the pages. Returns the app and the recovery codes."""
    visitor.post("/account/second-factor/begin/", visitor.open("/account/second-factor/"))
    app = App(secret_on(visitor.get("/account/second-factor/").text))
    answer = visitor.send("/account/second-factor/", code=app.code())
    assert answer.status_code == 200, problems(answer)
    return app, recovery_codes_on(answer.text)


def recovery_codes_on(page: str) -> list[str]:
    return [unescape(each) for each in re.findall(r"<li><code>([a-z0-9-]+)</code></li>", page)]
