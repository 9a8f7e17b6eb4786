"""The keys with which programs call the API, and what each of them may do."""

from collections.abc import Collection, Mapping

from upline.base.errors import FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company import actions as company
from upline.flows import second_person, two_people
from upline.flows.permissions import DEFAULT_SCOPES, SCOPES, Right, needs
from upline.language import gettext


@needs(Right.CREATE_API_KEYS)
def create_key(unit: UnitOfWork, name: str, scopes: Collection[str] = DEFAULT_SCOPES) -> str:
    """Make an api key that may do what these scopes say; it is shown once. Raises FieldsWrong, also
    for the scope to report sales where staff give it and the office wants two people for that."""
    wanted = _checked(scopes)
    if Right.REPORT_ORDERS in wanted and second_person.takes_two(unit):
        sentence = gettext(
            "It takes two people to let a key report sales. Create the key without this, and add "
            "it with Change scopes."
        )
        raise FieldsWrong(sentence, fields={"scopes": sentence})
    return unit.commit(lambda: company.create_key(unit, name, wanted))


@needs(Right.CREATE_API_KEYS)
def change_scopes(
    unit: UnitOfWork,
    client_id: int,
    scopes: Collection[str],
    seen: Mapping[str, object] | None = None,
) -> None:
    """Let an api key do what these scopes say from now on; `seen` is what a page showed of it.
    Raises FieldsWrong, KeyRevoked, ChangedMeanwhile; NeedsSecond where staff let it report sales
    and the office wants two people for that."""
    wanted = _checked(scopes)
    step = two_people.Step(
        EventKind.API_KEY_SCOPES_CHANGED,
        Right.CREATE_API_KEYS,
        {"client_id": client_id, "scopes": wanted},
        what=f"{EventKind.API_KEY_SCOPES_CHANGED} {client_id} {' '.join(wanted)}",
        subject=f"key:{company.name_of_key(client_id)}",
    )

    def change() -> None:
        added = company.change_scopes(unit, client_id, wanted, seen)
        if Right.REPORT_ORDERS in added and second_person.takes_two(unit):
            two_people.agree(unit, step.right, step.what)

    two_people.commit_or_ask(unit, step, change)


@needs(Right.REVOKE_API_KEYS)
def revoke_key(unit: UnitOfWork, name: str) -> None:
    """End an api key."""
    unit.commit(lambda: company.revoke_key(unit, name))


def _checked(scopes: Collection[str]) -> list[str]:
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown:
        known = ", ".join(SCOPES)
        raise FieldsWrong(
            fields={
                "scopes": gettext(
                    "{scope} is not a scope. Scopes: {known}.", scope=unknown[0], known=known
                )
            }
        )
    if not scopes:
        raise FieldsWrong(fields={"scopes": gettext("Choose at least one.")})
    return [str(each) for each in SCOPES if each in scopes]
