from django.conf import settings


def url(name: str | None) -> str:
    """The picture's absolute address, or `""` where there is none."""
    return f"{settings.BASE_URL}/pictures/{name}" if name else ""
