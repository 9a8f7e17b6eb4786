"""What the company sells: its packages."""

from collections.abc import Mapping

from upline.base.unit import UnitOfWork
from upline.catalog import actions as catalog
from upline.flows.permissions import Right, needs
from upline.pictures import actions as pictures


@needs(Right.CREATE_PACKAGES)
def create_package(unit: UnitOfWork, /, picture: bytes | None, **fields: object) -> int:
    """Offer a new package. Returns its id. Raises FieldsWrong, NotAPicture, PictureTooLarge."""
    drawn = pictures.draw_anew(picture, field="picture") if picture else None
    return int(unit.commit(lambda: catalog.create(unit, drawn, **fields)).pk)


@needs(Right.CHANGE_PACKAGES)
def change_package(
    unit: UnitOfWork,
    /,
    package_id: int,
    picture: bytes | None,
    seen: Mapping[str, object] | None = None,
    **fields: object,
) -> None:
    """Change a package; orders that exist stay as they are. `seen` is what a page showed of it.
    Raises as `create_package`, and ChangedMeanwhile."""
    drawn = pictures.draw_anew(picture, field="picture") if picture else None
    unit.commit(lambda: catalog.change(unit, package_id, drawn, seen, **fields))
