"""Changing what the company sells. Orders keep what they were made with."""

from collections.abc import Mapping
from typing import Any

from upline.base import audit, edits, sql
from upline.base.audit import AuditEvent
from upline.base.errors import FieldsWrong
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package
from upline.company import current as company
from upline.pictures import actions as pictures
from upline.pictures.actions import Drawn


def create(unit: UnitOfWork, picture: Drawn | None, **fields: Any) -> Package:
    """Offer a new package; `fields` are columns, money in minor units, points in hundredths.

    Raises FieldsWrong for a code in use, or more commissionable value than the price without
    tax."""
    package = Package(**fields)
    _save(unit, package, picture, AuditEvent.PACKAGE_CREATE, fields)
    return package


def change(
    unit: UnitOfWork,
    package_id: int,
    picture: Drawn | None,
    seen: Mapping[str, Any] | None = None,
    **fields: Any,
) -> None:
    """Change a package from now on; `picture` None keeps the one it has. `seen` is what a page
    showed of it before: what was left as it was is not written. Raises as `create`, and
    ChangedMeanwhile."""
    package = Package.objects.select_for_update(no_key=True).get(pk=package_id)
    if picture is not None and seen is not None and seen.get("picture") != package.picture_id:
        raise edits.ChangedMeanwhile({"picture": package.picture_id})
    now = {name: getattr(package, name) for name in fields}
    changed = edits.to_write(now, fields, seen)
    for name, value in changed.items():
        setattr(package, name, value)
    _save(
        unit, package, picture, AuditEvent.PACKAGE_CHANGE, {"changes": audit.changes(now, changed)}
    )


def _save(
    unit: UnitOfWork,
    package: Package,
    picture: Drawn | None,
    event: AuditEvent,
    facts: dict[str, Any],
) -> None:
    net = package.amount - package.tax
    if package.commissionable_value > net:
        most = company.current().money(net)
        raise FieldsWrong(fields={"commissionable_value": f"The price without tax is only {most}."})
    before = package.picture
    if picture is not None:
        package.picture = pictures.keep(picture)
    with sql.refused_as(FieldsWrong(fields={"code": "Another package already has this code."})):
        package.save()
    if picture is not None and before is not None:
        before.delete()
    audit.record(unit, event, f"package:{package.code}", picture=picture is not None, **facts)
