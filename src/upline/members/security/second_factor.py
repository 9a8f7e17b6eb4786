"""Second factors: codes of an authenticator app (TOTP), and recovery codes for when it is lost.

How often a code may be guessed is the caller's matter (`members/security/checks.py`).
"""

import secrets

import pyotp

from upline.base import clock, encryption, sql
from upline.members.models import RecoveryCode, SecondFactor

RECOVERY_CODES = 10
# Without letters and digits that look alike.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
# A clock may be one step of 30 seconds off, to either side.
_STEPS_OFF = 1


def is_on(user_id: int) -> bool:
    """Whether signing in takes a code."""
    return SecondFactor.objects.filter(user_id=user_id).exclude(confirmed_at=None).exists()


def on_since(user_id: int) -> str:
    """When it was set up, as text; '' where there is none."""
    found = SecondFactor.objects.filter(user_id=user_id).exclude(confirmed_at=None).first()
    return found.confirmed_at.isoformat() if found and found.confirmed_at else ""


def begin(user_id: int) -> None:
    """Make the secret of an app that is not confirmed yet, in place of an earlier one such."""
    sealed = encryption.seal_for(_context(user_id), pyotp.random_base32())
    sql.run(
        """INSERT INTO members_secondfactor (user_id, sealed, last_step) VALUES (%s, %s, 0)
           ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed
           WHERE members_secondfactor.confirmed_at IS NULL""",
        [user_id, sealed],
    )


def pending_secret(user_id: int) -> str | None:
    """What the app is given to begin with; None once it is confirmed, or where none was made."""
    found = SecondFactor.objects.filter(user_id=user_id, confirmed_at=None).first()
    return _unsealed(found) if found else None


def confirm(user_id: int, code: str) -> bool:
    """The app counts from now on, if this is its code."""
    return _use_step(user_id, code, confirmed=False)


def use_code(user_id: int, code: str) -> bool:
    """Whether this is the app's code of now, never used before. It is used by that."""
    return _use_step(user_id, code, confirmed=True)


def use_recovery_code(user_id: int, code: str) -> bool:
    """Whether this is one of the recovery codes, and still there. It is gone by that."""
    used, _ = RecoveryCode.objects.filter(user_id=user_id, digest=_digest(user_id, code)).delete()
    return bool(used)


def new_recovery_codes(user_id: int) -> list[str]:
    """Fresh recovery codes; those before them end. Shown once: only hashes are kept."""
    RecoveryCode.objects.filter(user_id=user_id).delete()
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user_id=user_id, digest=_digest(user_id, code)) for code in codes
    )
    return codes


def recovery_codes_remaining(user_id: int) -> int:
    """How many codes can still be used."""
    return RecoveryCode.objects.filter(user_id=user_id).count()


def drop(user_id: int) -> bool:
    """Forget app and recovery codes. Returns whether there was an app that counted."""
    was_on = is_on(user_id)
    SecondFactor.objects.filter(user_id=user_id).delete()
    RecoveryCode.objects.filter(user_id=user_id).delete()
    return was_on


def app_address(username: str, secret: str, company: str) -> str:
    """What the QR code says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=company)


def _use_step(user_id: int, code: str, *, confirmed: bool) -> bool:
    found = SecondFactor.objects.filter(user_id=user_id, confirmed_at__isnull=not confirmed).first()
    step = _step_of(_unsealed(found), code) if found else None
    if step is None:
        return False
    # Of those who send one code at once, the database lets one in.
    used = sql.run(
        """UPDATE members_secondfactor SET last_step = %s, confirmed_at = coalesce(confirmed_at, %s)
           WHERE user_id = %s AND last_step < %s AND (confirmed_at IS NOT NULL) = %s""",
        [step, clock.now(), user_id, step, confirmed],
    )
    return bool(used)


def _step_of(secret: str, code: str) -> int | None:
    """The time step that a code belongs to, where it is the code of about now."""
    app, digits = pyotp.TOTP(secret), "".join(code.split())
    now = app.timecode(clock.now())
    for step in range(now - _STEPS_OFF, now + _STEPS_OFF + 1):
        if secrets.compare_digest(app.generate_otp(step).encode(), digits.encode()):
            return step
    return None


def _unsealed(found: SecondFactor) -> str:
    return encryption.open_for(_context(found.user_id), found.sealed)


def _context(user_id: int) -> str:
    return f"members_secondfactor.sealed:{user_id}"


def _new_code() -> str:
    """Ten letters, some 50 bits: `abcde-fghjk`."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def _digest(user_id: int, code: str) -> bytes:
    """Spaces, hyphens and capitals do not matter."""
    plain = "".join(code.replace("-", "").split()).lower()
    return encryption.digest("recovery_code", f"{user_id}:{plain}")
