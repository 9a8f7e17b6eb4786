"""What signing in leaves: tokens, sessions, second factors, and who had a hand in it."""

from django.contrib.sessions.models import Session
from django.db import models

from upline.base import clock
from upline.company.models import ApiClient
from upline.members.models.people import User


class AccessToken(models.Model):
    """A token of the API, of which we keep a keyed hash; valid only for its api client. Without one
    it is a browser's, in which somebody is signed in to the portal."""

    digest = models.BinaryField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    client = models.ForeignKey(ApiClient, null=True, on_delete=models.CASCADE)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(db_index=True)


class SecondFactor(models.Model):
    """The authenticator app of somebody who signs in. It counts once it is confirmed.

    `sealed` is its secret under the person's own key; `last_step` the time step of the last
    code that was used, so that no code works twice."""

    user = models.OneToOneField(
        User, primary_key=True, on_delete=models.CASCADE, related_name="second_factor"
    )
    sealed = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """A code for when the app is lost, of which we keep a keyed hash; deleted when it is used."""

    digest = models.BinaryField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")


class OfficeSession(models.Model):
    """A browser in which a staff user is signed in. It ends with its row, or with Django's.

    `confirmed_at` is when the person last proved who they are: by signing in, or again."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    browser = models.CharField(max_length=300)
    address = models.CharField(max_length=45)
    signed_in_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()


class KnownNetwork(models.Model):
    """The network that somebody set their password from lately. See devices.py."""

    user = models.OneToOneField(
        User, primary_key=True, on_delete=models.CASCADE, related_name="known_network"
    )
    network = models.CharField(max_length=50)
    until = models.DateTimeField(db_index=True)


class SignInHelp(models.Model):
    """Somebody had a hand in how a staff user signs in: invited them, had a link made, changed
    their address, reset their second factor. `actor` is null on the server. Only added to."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
