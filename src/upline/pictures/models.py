"""Pictures are rows: machines share nothing but the database, and a backup is whole."""

from django.db import models


class Picture(models.Model):
    """A re-encoded picture. `name` cannot be guessed: who knows it may see the picture."""

    name = models.CharField(max_length=40, unique=True)
    content = models.BinaryField()
    content_type = models.CharField(max_length=20)
    width = models.IntegerField()
    height = models.IntegerField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
