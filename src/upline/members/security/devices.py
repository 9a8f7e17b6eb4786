"""Known devices: who has signed in on one before can do so while strangers guess at the name.

After a right password a device gets a token: in the API `device_token`, in pages a cookie. It
comes along with the next sign-in, whose wrong guesses then have a counter of their own, which
strangers cannot fill. The token is signed and stored nowhere. Its signature depends on the stored
password, so it ends when a password is set; then the network that this came from counts as known
for a day."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing

from upline.base import clock, sql
from upline.base.network import network_of

DEVICE_SECONDS = 90 * 24 * 3600
_NETWORK_HOURS = 24
_SALT = "upline.members.devices"


def token_for(user_id: int, stored: str, factor: str = "") -> str:
    """A device token for somebody whose password, stored as `stored`, was right just now, and so
    was the code of their second factor, which they have since `factor`."""
    ends = int(clock.now().timestamp()) + DEVICE_SECONDS
    facts = [user_id, ends, secrets.token_urlsafe(9), factor]
    return signing.dumps(facts, key=_key(stored), salt=_SALT)


def known_as(
    username: str,
    user_id: int,
    stored: str,
    device_token: str,
    address: str,
    factor: str | None = None,
) -> str:
    """What wrong guesses at this name are counted under where the device or the network is
    known, else ''. With `factor`, only devices on which the second factor that the person has
    since then was used count as known. Costs the same for a name that nobody has."""
    known = sql.value(
        str,
        """SELECT known.network FROM members_knownnetwork known
           JOIN members_user person ON person.id = known.user_id
           WHERE lower(person.username) = lower(%s) AND known.until > %s""",
        [username, clock.now()],
    )
    try:
        facts = signing.loads(device_token, key=_key(stored), salt=_SALT)
    except signing.BadSignature:
        facts = [None, 0, ""]
    owner, ends, device, *used = facts
    is_proven = factor is None or used == [factor]
    if owner == user_id and ends > clock.now().timestamp() and is_proven:
        return f"device {device}"
    network = network_of(address)
    return f"network {network}" if network and network == known else ""


def know_network(user_id: int, address: str) -> None:
    """Inside a transaction: this person has just set their password from `address`."""
    if not address:
        return
    sql.run(
        """INSERT INTO members_knownnetwork (user_id, network, until) VALUES (%s, %s, %s)
           ON CONFLICT (user_id) DO UPDATE
           SET network = excluded.network, until = excluded.until""",
        [user_id, network_of(address), clock.now() + timedelta(hours=_NETWORK_HOURS)],
    )


def _key(stored: str) -> str:
    return f"{settings.SECRET_KEY}{stored}"
