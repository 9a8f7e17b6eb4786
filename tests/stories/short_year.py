"""Upline's commands where the demo company's year has a hundred days and a third of the members, of
whom one is named: `python -m stories.short_year demo_company`."""

import runpy

import django

django.setup()
from upline.demo import joinings  # noqa: E402 - it names models

# Before anything else has looked at them.
joinings.DAYS, joinings.MEMBERS = 100, 100

from upline.demo import story  # noqa: E402

story.SEATS = 1

runpy.run_module("upline.launch.manage", run_name="__main__", alter_sys=True)
