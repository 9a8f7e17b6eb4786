"""A mail goes out in the language of whoever gets it."""

import re
from pathlib import Path

import pytest

import upline.mailings
from support.cast import Cast, Player
from support.markets import emigrated, open_japan
from support.speaking import bare_words
from upline.base import clock
from upline.flows import mailing
from upline.flows.permissions import TABLE, Right, meaning
from upline.flows.rights_told import from_to
from upline.language import current
from upline.language.loading import MARKED, MARKED_FROM_RIGHT
from upline.mailings.models import Mail, MailKind
from upline.members.models import User
from upline.members.queries import language_of

LINK = "https://upline.example/link"
TEMPLATES = Path(upline.mailings.__file__).parent / "templates/mailings"
# What a mail of some kind may know, so that each of its sentences is said.
FACTS = {
    "ending": "3000", "new_email": "new@example.com", "number": "PO-1", "reason": "(reason)",
    "order": "UP-1", "payer": "anna", "before": "Starter", "after": "Business",
    "since": "2026-11-01", "by": "olga", "what": [], "amount": 123450, "currency": "EUR",
    "asked": "Issue e-pins",
    "fields": ["email"], "sentence": "", "position": "anna/2", "below": "anna", "side": "L",
}  # fmt: skip


def speak(player: Player, tag: str) -> None:
    User.objects.filter(pk=player.id).update(language=tag)


def text_of(kind: str, player: Player, link: str = LINK, **facts: object) -> str:
    mail = Mail(
        kind=kind, user=User.objects.get(pk=player.id), to_address="x@example.com",
        facts=FACTS | facts, created_at=clock.now(), next_try_at=clock.now(),
    )  # fmt: skip
    return "\n".join(mailing.render(mail, link))


@pytest.mark.parametrize("kind", list(MailKind))
@pytest.mark.parametrize("link", [LINK, ""])
def test_every_sentence_of_a_mail_goes_through_a_catalog(
    cast: Cast, kind: MailKind, link: str
) -> None:
    speak(cast.ben, MARKED)
    text = text_of(kind, cast.ben, link)
    speak(cast.ben, "")
    assert text.startswith("⟦")
    rest = re.sub(r"⟦[^⟦⟧]*(⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧", "", text).replace(LINK, "")
    assert rest.strip() == ""


@pytest.mark.parametrize("kind", list(MailKind))
def test_a_mail_in_english_is_as_it_was(cast: Cast, kind: MailKind) -> None:
    text = text_of(kind, cast.ben)
    assert not set("{}%⟦⟧") & set(text)


def test_every_mail_has_its_template() -> None:
    assert {path.stem for path in TEMPLATES.glob("*.txt")} == {str(kind) for kind in MailKind}


def test_who_chose_no_language_gets_that_of_the_market(cast: Cast) -> None:
    assert language_of(cast.ben.id) == "en"
    emigrated(cast.ben, open_japan("de-AT"))
    assert language_of(cast.ben.id) == "de"
    speak(cast.ben, "en")
    assert language_of(cast.ben.id) == "en"


def test_amounts_in_a_mail_are_written_in_its_language(cast: Cast) -> None:
    assert "1,234.50 EUR" in text_of(MailKind.PAYOUT_PAID, cast.ben)
    speak(cast.ben, "de")
    assert "1.234,50 EUR" in text_of(MailKind.PAYOUT_PAID, cast.ben)
    speak(cast.ben, MARKED_FROM_RIGHT)
    assert "⟦" in text_of(MailKind.PAYOUT_PAID, cast.ben)
    speak(cast.ben, "")


def test_what_owners_are_told_of_rights_goes_through_a_catalog() -> None:
    told = from_to({"Owner": False, "Roles": []}, {"Owner": True, "Roles": ["Sales"]})
    assert [str(each) for each in told] == ["Owner: no → yes.", "Roles: none → Sales."]
    with current.bound(MARKED):
        said = [str(each) for each in told]
    for sentence in said:
        assert bare_words(sentence) == set()
        assert sentence.startswith("⟦")


def test_what_each_right_allows_goes_through_a_catalog() -> None:
    with current.bound(MARKED):
        assert [right for right in Right if not meaning(right).startswith("⟦")] == []
    assert [right for right in TABLE if "⟦" in meaning(right)] == []
