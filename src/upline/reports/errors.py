"""Refusals of reports."""

from upline.base.errors import FieldsWrong
from upline.language import lazy


class DaysWrong(FieldsWrong):
    """Days or a year that no report can be made of."""

    sentence = lazy("The first day must come before the last one.")


class OfAllMembers(FieldsWrong):
    """One member asked for where all belong together."""

    sentence = lazy("An income disclosure covers all members. Leave out --member.")
