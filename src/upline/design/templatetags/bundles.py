"""`{% bundle "upline.css" %}`: the address of a file that is put together from many."""

from django import template

from upline.design import bundles

register = template.Library()


@register.simple_tag
def bundle(name: str) -> str:
    """The address of `upline.css` or `icons.svg`, which changes with what is in it."""
    return bundles.address(name)
