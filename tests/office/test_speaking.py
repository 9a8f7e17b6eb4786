"""Each page of the office, and the form of each button, speaks the language of whoever looks at it:
what is no data went through a catalog."""

from collections.abc import Iterator

import pytest
from django.apps import apps

from office.asked import ASKED
from office.shelves import desks
from support.installation import STAFF, STAFF_PASSWORD, Installation
from support.marked import bare_words, words_of
from support.office import Visitor
from upline.base import sql
from upline.base.countries import all_countries
from upline.base.event_kinds import DESCRIBED
from upline.commissions.models import PlanVersion
from upline.company.queries import load_company
from upline.flows.permissions import Role
from upline.language.loading import MARKED
from upline.members.models import User
from upline.plan_documents import parse

# Columns in which people and programs write what they like; it is shown as they wrote it.
WRITTEN = (
    "account_holder", "address", "category", "city", "code", "debtor_name", "description", "email",
    "firstname", "last_error", "last_four", "lastname", "message_id", "mobile", "name", "note",
    "number", "outside_id", "provider", "rank_name", "reason", "reference", "request_id", "seller",
    "seller_address", "text", "to_address", "username",
)  # fmt: skip
# What stands in texts by its own name: file types, norms, papers, browsers, months as in English.
NAMES = {
    "BIC", "CSV", "Chrome", "Deutsch", "English", "Firefox", "IBAN", "IFSC", "JPEG", "KYC", "PAN",
    "Europe", "PNG", "SEPA", "Safari", "Sparkasse", "Upline", "WebP", "python-httpx",
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
}  # fmt: skip


@pytest.fixture
def speaker(installation: Installation, shelves: dict[str, int]) -> Iterator[Visitor]:
    """An owner whose office speaks the marked language."""
    visitor = Visitor(installation.base_url)
    visitor.sign_in(STAFF, STAFF_PASSWORD)
    speak(MARKED)
    yield visitor
    speak("")


def speak(tag: str) -> None:
    """Mails to everybody, too: their page shows them in the language of who got them."""
    User.objects.update(language=tag)


def pages(shelves: dict[str, int]) -> Iterator[str]:
    """Every list, one thing of each, and the form of every button."""
    yield from ("/", "/account/", "/company/company/", "/search/?q=a")
    for model, desk in desks().items():
        shelf = f"{model._meta.app_label}/{model._meta.model_name}"
        if shelf in shelves:
            thing = f"/{shelf}/{shelves[shelf]}/"
            yield from (f"/{shelf}/", thing)
            yield from (f"/{shelf}/{each.name}/" for each in desk.list_buttons)
            yield from (f"{thing}{each.name}/" for each in desk.buttons)


def data() -> set[str]:
    """The words that the database holds as somebody wrote them, and names of the world."""
    columns = sql.values(
        str,
        """SELECT format('SELECT DISTINCT %%I::text FROM %%I WHERE %%I IS NOT NULL',
                         column_name, table_name, column_name)
           FROM information_schema.columns JOIN information_schema.tables USING (table_name)
           WHERE columns.table_schema = 'public' AND table_type = 'BASE TABLE'
             AND column_name = ANY(%s) AND NOT table_name = ANY(%s)
             AND data_type IN ('text', 'character varying')""",
        [list(WRITTEN), ["auth_permission", PlanVersion._meta.db_table]],
    )
    written = {
        word for each in columns for text in sql.values(str, each) for word in words_of(text)
    }
    places = {word for each in all_countries().values() for word in words_of(each.name)}
    of_events = {name for each in DESCRIBED.values() for name in each.data}
    asked = words_of(str(list(ASKED.values())))
    bonuses = [
        each.name for plan in PlanVersion.objects.all() for each in parse(plan.text, "").bonuses
    ]
    own = words_of(str([*load_company().office.order_types, *bonuses]))
    return written | places | of_events | own | asked | NAMES | set(map(str, Role))


def test_each_word_of_each_page_goes_through_a_catalog(
    speaker: Visitor, shelves: dict[str, int]
) -> None:
    known = data()
    found: dict[str, set[str]] = {}
    for path in pages(shelves):
        page = speaker.get(path)
        assert page.status_code == 200, path
        if words := bare_words(page, known):
            found[path] = words
    assert "\n".join(f"{page}: {sorted(words)}" for page, words in found.items()) == ""


def test_what_each_button_answers_goes_through_a_catalog(
    speaker: Visitor, shelves: dict[str, int]
) -> None:
    known = data()
    found: dict[str, set[str]] = {}
    for button, asked in ASKED.items():
        shelf, _, name = button.rpartition("/")
        app, model = shelf.split("/")
        desk = desks()[apps.get_model(app, model)]
        is_of_list = name in {each.name for each in desk.list_buttons}
        path = f"/{shelf}/" if is_of_list else f"/{shelf}/{shelves[shelf]}/"
        page = speaker.send(f"{path}{name}/", **asked)
        if page.status_code == 302:
            page = speaker.get(page.headers["Location"].removeprefix("/office"))
        is_page = "html" in page.headers["Content-Type"]
        if is_page and (words := bare_words(page, known)):
            found[button] = words
    assert "\n".join(f"{page}: {sorted(words)}" for page, words in found.items()) == ""
