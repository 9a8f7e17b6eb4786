"""The office makes secrets of payment providers, puts them in use with a second person, and ends
them; nobody is shown one twice."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from support.cast import unique
from support.installation import STAFF, STAFF_PASSWORD, Installation
from support.office import Visitor, acting, hire_staff, problems
from upline.base.errors import Conflict
from upline.flows import asked_steps, provider_secrets
from upline.flows.two_people import NeedsSecond
from upline.members.models import StepAsked
from upline.payments.models import ProviderSecret

RIGHTS = ("payments.view_providersecret", "payments.change_providersecret")
LIST = "/payments/providersecret/"


def a_code() -> str:
    """The code of a provider that is new."""
    return unique("pay").replace("-", "_").lower()[:20]


def made_of(visitor: Visitor, code: str) -> tuple[str, ProviderSecret]:
    """A secret as the page shows it once, and its row."""
    page = unescape(visitor.send(f"{LIST}new/", provider=code).text)
    row = ProviderSecret.objects.filter(provider=code).latest("pk")
    secret = provider_secrets.opened(row)
    assert secret in page
    return secret, row


def test_a_secret_is_shown_once_and_works_at_once_where_one_person_is_enough(
    olga: Visitor, office_sets: Any, audited: Callable[..., Any]
) -> None:
    office_sets(rights_by_two=False)
    code = a_code()
    secret, row = made_of(olga, code)
    assert provider_secrets.living(code) == [secret]
    for page in (LIST, f"{LIST}{row.pk}/"):
        shown = olga.get(page).text
        assert secret not in shown
        assert f"…{secret[-4:]}" in shown
    assert audited("provider_secret.add", f"provider:{code}") == {"last_four": secret[-4:]}


def test_a_secret_of_staff_signs_nothing_until_a_second_person_has_confirmed_it(
    olga: Visitor, office_sets: Any, nothing_changes: Any
) -> None:
    """Whoever knows a secret can say that orders were paid."""
    office_sets(rights_by_two=True)
    code = a_code()
    secret, row = made_of(olga, code)
    assert provider_secrets.living(code) == []
    assert "not in use yet" in olga.get(f"{LIST}{row.pk}/").text
    with pytest.raises(NeedsSecond):
        provider_secrets.put_in_use(acting(STAFF), row.pk)
    assert provider_secrets.living(code) == []
    step = StepAsked.objects.get(event="provider_secret.use", subject=f"provider:{code}")
    shown = unescape(olga.get(f"/members/stepasked/{step.pk}/").text)
    assert code in shown
    assert f"…{secret[-4:]}" in shown
    assert secret not in shown
    with nothing_changes(), pytest.raises(asked_steps.OwnStep):
        asked_steps.confirm(acting(STAFF), step.pk)
    asked_steps.confirm(acting(hire_staff(*RIGHTS)), step.pk)
    assert provider_secrets.living(code) == [secret]
    with nothing_changes(), pytest.raises(Conflict, match="in use already"):
        provider_secrets.put_in_use(acting(STAFF), row.pk)


def test_one_secret_replaces_another_without_a_gap(olga: Visitor, office_sets: Any) -> None:
    office_sets(rights_by_two=False)
    code = a_code()
    (old, row), (new, _) = made_of(olga, code), made_of(olga, code)
    assert provider_secrets.living(code) == [old, new]
    assert olga.press(f"{LIST}{row.pk}/end/") == "The secret has ended."
    assert provider_secrets.living(code) == [new]
    assert "End</a>" not in olga.get(f"{LIST}{row.pk}/").text


def test_a_code_that_cannot_be_is_refused(olga: Visitor, nothing_changes: Any) -> None:
    with nothing_changes():
        for code in ("wallet", "Acme Pay", "x"):
            answer = olga.send(f"{LIST}new/", provider=code)
            assert "provider's code" in unescape(str(problems(answer)))


def test_staff_without_the_right_make_no_secret(
    installation: Installation, nothing_changes: Any
) -> None:
    visitor = Visitor(installation.base_url)
    visitor.sign_in(hire_staff(RIGHTS[0]), STAFF_PASSWORD)
    assert "New secret" not in visitor.get(LIST).text
    with nothing_changes():
        assert visitor.get(f"{LIST}new/").status_code == 403
