"""The settings of a server with a planted fault: the shipped ones, and one more application."""

from upline.settings import *  # noqa: F403
from upline.settings import INSTALLED_APPS as SHIPPED

INSTALLED_APPS = [*SHIPPED, "attacks.faults.apps.FaultsConfig"]
