"""docs/events.md lists every kind of event, as the code describes it."""

from support.installation import ROOT
from upline.base.event_kinds import DESCRIBED, EventKind
from upline.office import audit_words

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
