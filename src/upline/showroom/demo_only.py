"""Nothing of the showroom works beside another company than the demo's."""

from django.http import Http404

from upline.demo import building


def require_demo() -> None:
    """Raises Http404 where the company is not the demo's."""
    try:
        is_there = building.exists()
    except building.NotADemo:
        is_there = False
    if not is_there:
        raise Http404
