"""Lists in pages: `?limit=` up to 200, `?cursor=`; `next_cursor` is null on the last page."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field

from upline.api.http.kinds import Text, Whole
from upline.api.http.reading import Form
from upline.language import lazy


class Page(Form):
    only_declared: ClassVar[bool] = True
    limit: Annotated[int, Whole(1, 200)] = 50
    cursor: Annotated[
        str,
        Text(
            18,
            may_be_empty=True,
            pattern=r"[0-9]{1,18}",
            sentence=lazy("This is not a valid cursor. Use the next_cursor of an earlier answer."),
        ),
    ] = Field("", description="The next_cursor of the previous page")

    @property
    def before(self) -> int | None:
        """Only entries with a lower id."""
        return int(self.cursor) if self.cursor else None


def next_cursor(found: Sequence[Any], limit: int) -> str | None:
    """`found` holds one entry more than the page where there is a next page."""
    return str(found[limit - 1].id) if len(found) > limit else None
