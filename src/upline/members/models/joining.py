"""What somebody who is about to join has typed so far."""

from django.db import models

from upline.members.models.people import Member


class JoinDraft(models.Model):
    """What somebody has typed on the pages for joining, until they have joined or for seven days.
    It holds no password and no code that pays.

    `digest` is a keyed hash of the secret in their browser's cookie, `link_digest` of the one in
    the last link that was mailed to continue, of another kind once the link was used: then `digest`
    is a new one; `sealed` opens with the master keys. `version` rises
    with each change, so that a page knows whether it shows what is there. `member` is who they
    became: a draft makes one person at most, and is empty from then on."""

    digest = models.BinaryField(unique=True)
    link_digest = models.BinaryField(null=True, unique=True)
    sealed = models.BinaryField()
    version = models.IntegerField(default=1)
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField(db_index=True)
