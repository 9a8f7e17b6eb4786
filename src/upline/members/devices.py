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
from upline.base.addresses import network_of

DEVICE_SECONDS = 90 * 24 * 3600
_PLACE_HOURS = 24
_SALT = "upline.members.devices"


def token_for(user_id: int, stored: str) -> str:
    """A device token for somebody whose password, stored as `stored`, was right just now."""
    ends = int(clock.now().timestamp()) + DEVICE_SECONDS
    return signing.dumps([user_id, ends, secrets.token_urlsafe(9)], key=_key(stored), salt=_SALT)


def known_as(username: str, user_id: int, stored: str, device_token: str, address: str) -> str:
    """What wrong guesses at this name are counted under where the device or the network is
    known, else ''. Costs the same for a name that nobody has."""
    place = sql.value(
        """SELECT place.network FROM members_knownplace place
           JOIN members_user person ON person.id = place.user_id
           WHERE lower(person.username) = lower(%s) AND place.until > %s""",
        [username, clock.now()],
    )
    try:
        owner, ends, device = signing.loads(device_token, key=_key(stored), salt=_SALT)
    except signing.BadSignature:
        owner, ends, device = None, 0, ""
    if owner == user_id and ends > clock.now().timestamp():
        return f"device {device}"
    network = network_of(address)
    return f"network {network}" if network and network == place else ""


def know_place(user_id: int, address: str) -> None:
    """Inside a transaction: this person has just set their password from `address`."""
    if not address:
        return
    sql.run(
        """INSERT INTO members_knownplace (user_id, network, until) VALUES (%s, %s, %s)
           ON CONFLICT (user_id) DO UPDATE
           SET network = excluded.network, until = excluded.until""",
        [user_id, network_of(address), clock.now() + timedelta(hours=_PLACE_HOURS)],
    )


def _key(stored: str) -> str:
    return f"{settings.SECRET_KEY}{stored}"
