"""The keys with which programs call the API."""

from upline.base.unit import UnitOfWork
from upline.company import actions as company
from upline.flows.permissions import Right, needs


@needs(Right.CREATE_API_KEYS)
def create_key(unit: UnitOfWork, name: str, permissions: list[str]) -> str:
    """Make an api key; it is shown once."""
    return unit.commit(lambda: company.create_key(unit, name, permissions))


@needs(Right.REVOKE_API_KEYS)
def revoke_key(unit: UnitOfWork, name: str) -> None:
    """End an api key."""
    unit.commit(lambda: company.revoke_key(unit, name))
