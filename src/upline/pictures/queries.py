"""Pictures by their names."""

from django.conf import settings

from upline.pictures.models import Picture


def url(name: str | None) -> str:
    """The picture's absolute address, or `""` where there is none."""
    return f"{settings.BASE_URL}/pictures/{name}" if name else ""


def find(name: str) -> Picture | None:
    """The picture of this name."""
    return Picture.objects.filter(name=name).first()
