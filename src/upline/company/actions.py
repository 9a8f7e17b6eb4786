"""Setting the company up once, and changing what the office may change."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb
from pydantic import ValidationError

from upline.base import audit, clock, edits, encryption, letters, sql
from upline.base.errors import Conflict, FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company import queries
from upline.company.models import ApiClient, Company, PlanKind
from upline.company.settings import IN_CURRENCY, OfficeSettings
from upline.events import actions as events
from upline.language import gettext, lazy


class AlreadyFounded(Conflict):
    sentence = lazy("This company is already set up. What init sets cannot be changed.")


class KeyRevoked(Conflict):
    sentence = lazy("This API key is revoked. Create a new one.")


def found(
    *,
    name: str,
    plan_currency: str,
    plan_exponent: int,
    time_zone: str,
    first_weekday: int,
    plan_kind: PlanKind,
    matrix_width: int | None,
) -> Company:
    """Make the company's row. Raises AlreadyFounded where there is one."""
    if Company.objects.exists():
        raise AlreadyFounded()
    return Company.objects.create(
        name=name,
        plan_currency=plan_currency,
        plan_exponent=plan_exponent,
        time_zone=time_zone,
        first_weekday=first_weekday,
        plan_kind=plan_kind,
        matrix_width=matrix_width,
    )


def change_settings(
    unit: UnitOfWork, seen: Mapping[str, Any] | None = None, **wanted: Any
) -> dict[str, audit.Change]:
    """Change office settings, all or none; `seen` is what a page showed of them before. An amount
    in a further currency (`payout_minimum.JPY`) that is None is calculated from then on. Returns
    what was changed. Raises FieldsWrong with a sentence for each, ChangedMeanwhile."""
    sql.run("SELECT version FROM company_company FOR UPDATE")
    office = queries.load_company().office
    further = dict.fromkeys(name for name in wanted if IN_CURRENCY in name)
    before = further | office.by_name()
    unknown = {name: value for name, value in wanted.items() if name not in before}
    known = {name: value for name, value in wanted.items() if name in before}
    after = with_settings(office, **unknown, **edits.to_write(before, known, seen))
    _only_adds_figures(office, after)
    changes = audit.changes(before, further | after.by_name())
    sql.run(
        "UPDATE company_company SET settings = %s, version = version + 1",
        [Jsonb(after.model_dump(mode="json", exclude_defaults=True))],
    )
    data = {"fields": sorted(changes)}
    events.record(unit, EventKind.SETTINGS_CHANGED, "company", data, changes=changes)
    return changes


def raise_version() -> None:
    """Let every process read anew what it knows of the company and its markets."""
    sql.run("UPDATE company_company SET version = version + 1")


def _only_adds_figures(before: OfficeSettings, after: OfficeSettings) -> None:
    """What was ordered is read by the places of the names. The database refuses it, too."""
    named = before.order_figures
    if after.order_figures[: len(named)] != named:
        listed = ", ".join(named)
        raise FieldsWrong(
            fields={
                "order_figures": gettext(
                    "Keep these names as they are, and add new ones: {listed}.", listed=listed
                )
            }
        )


def with_settings(now: OfficeSettings, **changes: Any) -> OfficeSettings:
    """The settings as they would be. Raises FieldsWrong with a sentence for each wrong one."""
    plain = {name: value for name, value in changes.items() if IN_CURRENCY not in name}
    further = {name: value for name, value in changes.items() if IN_CURRENCY in name}
    wanted = {**now.model_dump(mode="json"), **plain}
    amounts = {**wanted["in_currencies"], **further}
    wanted["in_currencies"] = {name: each for name, each in amounts.items() if each is not None}
    try:
        return OfficeSettings.model_validate(wanted)
    except ValidationError as error:
        raise FieldsWrong(
            fields={_name_in(each["loc"]): each["msg"] for each in error.errors()}
        ) from error


def _name_in(path: Sequence[int | str]) -> str:
    """Which setting is wrong, an amount in a further currency by its own name."""
    return str(path[1] if path[0] == "in_currencies" and len(path) > 1 else path[0])


def create_key(unit: UnitOfWork, name: str, scopes: list[str]) -> str:
    """Make an api key. Returns it: it is shown once, since only its hash is kept. Raises
    FieldsWrong for a name in use."""
    if not _is_name(name):
        raise FieldsWrong(
            gettext("The name of an api key has 1 to 100 characters that can be seen.")
        )
    key = f"upk_{secrets.token_urlsafe(32)}"
    with sql.refused_as(FieldsWrong(gettext("An api key named {name} already exists.", name=name))):
        made = ApiClient.objects.create(
            name=name,
            digest=encryption.digest("api_key", key),
            last_four=key[-4:],
            scopes=scopes,
            created_at=clock.now(),
            created_by_id=unit.actor_id,
        )
    data = {"client_id": made.pk, "scopes": scopes}
    audit.record(unit, EventKind.API_KEY_CREATED, f"key:{name}", scopes=scopes)
    events.write(EventKind.API_KEY_CREATED, f"api_client:{made.pk}", **data)
    return key


def name_of_key(client_id: int) -> str:
    """What an api key is called."""
    return ApiClient.objects.values_list("name", flat=True).get(pk=client_id)


def change_scopes(
    unit: UnitOfWork, client_id: int, scopes: list[str], seen: Mapping[str, Any] | None
) -> set[str]:
    """Let an api key do what these scopes say; `seen` is what a page showed of it. Returns what it
    may do that it could not before. Raises KeyRevoked, ChangedMeanwhile."""
    client = ApiClient.objects.select_for_update().get(pk=client_id)
    if client.revoked_at is not None:
        raise KeyRevoked()
    before = client.scopes
    if not edits.to_write({"scopes": before}, {"scopes": scopes}, seen):
        return set()
    client.scopes = scopes
    client.save(update_fields=["scopes"])
    changes = audit.step("scopes", before, scopes)
    kind = EventKind.API_KEY_SCOPES_CHANGED
    events.write(kind, f"api_client:{client.pk}", client_id=client.pk, scopes=scopes)
    audit.record(unit, kind, f"key:{client.name}", changes=changes)
    return set(scopes) - set(before)


def _is_name(text: str) -> bool:
    try:
        return letters.has_letter(text) and letters.cleaned(text) == text and len(text) <= 100
    except ValueError:
        return False


def revoke_key(unit: UnitOfWork, name: str) -> None:
    """From now on the key answers 1001."""
    found = ApiClient.objects.select_for_update().filter(name=name, revoked_at=None).first()
    if found is not None:
        found.revoked_at = clock.now()
        found.save(update_fields=["revoked_at"])
        events.write(EventKind.API_KEY_REVOKED, f"api_client:{found.pk}", client_id=found.pk)
    audit.record(unit, EventKind.API_KEY_REVOKED, f"key:{name}")
