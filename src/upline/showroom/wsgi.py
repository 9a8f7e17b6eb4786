"""What `./upline demo` serves: all that Upline has, and the demo's front page."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upline.settings")

from django.conf import settings

# Before Django is set up, and in this process alone.
settings.ROOT_URLCONF = "upline.showroom.addresses"
settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "upline.showroom"]

from upline.wsgi import application  # noqa: E402

__all__ = ["application"]
