"""docs/events.md lists every kind of event, as the code describes it."""

from support.installation import ROOT
from upline.base.event_kinds import DESCRIBED, EventKind
from upline.mailings.models import MAIL_OF, MailKind
from upline.office import audit_words

# Mails that deliver no event, and what they are for.
OF_NO_EVENT = {
    MailKind.CONFIRM_EMAIL: "a link that proves an address",
    MailKind.CONFIRM_ORDER: "a link that confirms an order",
    MailKind.PASSWORDS_ALIKE: "a link to set a transaction password",
    MailKind.RESET_LOGIN: "a link that was asked for",
    MailKind.RESET_TRANSACTION: "a link that was asked for",
    MailKind.USERNAMES: "links that were asked for",
    MailKind.SECOND_FACTOR: "how staff sign in",
    MailKind.STEP_REFUSED: "what came of something that staff asked for",
    MailKind.STAFF_CHANGED: "what staff may do, told to owners",
    MailKind.STAFF_INVITATION: "a link to choose a password",
    MailKind.STAFF_PASSWORD: "a link to choose a password",
}
PAGE = ROOT / "docs" / "events.md"


def table() -> str:
    """What the page has to list."""
    rows = [
        f"| `{kind}` | {described.meaning} | {', '.join(f'`{name}`' for name in described.data)} |"
        for kind, described in DESCRIBED.items()
    ]
    return "\n".join(["| kind | what happened | data |", "| --- | --- | --- |", *rows])


def test_the_page_lists_each_kind_with_its_meaning_and_data() -> None:
    text = PAGE.read_text()
    assert table() in text, f"docs/events.md needs this table:\n\n{table()}"


def test_the_page_lists_which_event_is_delivered_by_which_mail() -> None:
    rows = [f"| `{kind}` | `{mail}` |" for kind, mail in MAIL_OF.items()]
    assert "\n".join(["| event | mail |", "| --- | --- |", *rows]) in PAGE.read_text()


def test_each_kind_of_mail_delivers_an_event_or_answers_a_request() -> None:
    assert {*MAIL_OF.values(), *OF_NO_EVENT} == set(MailKind)
    assert not {*MAIL_OF.values()} & set(OF_NO_EVENT)


def test_each_kind_is_described_once_in_a_sentence_and_in_the_offices_words() -> None:
    assert list(DESCRIBED) == list(EventKind)
    meanings = [described.meaning for described in DESCRIBED.values()]
    assert len(set(meanings)) == len(meanings)
    assert [each for each in meanings if not (each[0].isupper() and each.endswith("."))] == []
    assert [kind for kind in EventKind if kind not in audit_words.EVENTS] == []


def test_data_hold_no_name_and_no_address() -> None:
    names = {name for described in DESCRIBED.values() for name in described.data}
    personal = {"name", "username", "firstname", "lastname", "email", "address", "mobile", "reason"}
    assert names & personal == set()
