"""What a flow refuses, shown in the form that asked for it."""

from django import forms

from upline.base.errors import Refusal


def show_in(form: forms.Form, refusal: Refusal) -> None:
    """Each sentence beside its field; on top of the form what belongs to none of its fields."""
    told = {name: said for name, said in refusal.fields.items() if name in form.fields}
    for name, sentence in told.items():
        form.add_error(name, sentence)
    others = [said for name, said in refusal.fields.items() if name not in form.fields]
    for sentence in others or ([] if told else [refusal.sentence]):
        form.add_error(None, sentence)
