"""A second implementation of what plans pay, written from docs/plans alone: lists and loops.

It is slow and plain on purpose, and shares nothing with `upline.plans` except the words of a plan
and the calendar. `run.run` calculates one period.
"""
