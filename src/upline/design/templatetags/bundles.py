"""`{% bundle "upline.css" %}` and `{% script "copy" %}`: files whose address changes with what is
in them."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from upline.design import bundles

register = template.Library()


@register.simple_tag
def bundle(name: str) -> str:
    """The address of `upline.css` or `icons.svg`, which changes with what is in it."""
    return bundles.address(name)


@register.simple_tag
def script(name: str) -> SafeString:
    """Load `design/scripts/<name>.js` as a module, which runs once the page has been read."""
    return format_html('<script type="module" src="{}"></script>', bundles.address(f"{name}.js"))
