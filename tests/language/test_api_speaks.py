"""The API answers in English, or in an installed language that a client asks for."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from support.cast import Cast, Player
from support.client import Client, data, document, refused
from support.installation import Installation
from support.modules import modules
from support.speaking import marked, unmarked
from upline.base.errors import Refusal
from upline.language import current
from upline.language.loading import MARKED

SPEAKS_MARKED = {"Accept-Language": MARKED}


def ask(player: Player, header: str, path: str = "orders/UP-1/") -> httpx.Response:
    return player.client.call("GET", path, headers={"Accept-Language": header})


def test_who_asks_for_no_language_gets_the_same_bytes_as_who_asks_for_english(cast: Cast) -> None:
    answers = [ask(cast.ben, header) for header in ("", "en", "en-GB, fr;q=0.2", "tlh", "*")]
    assert {answer.content for answer in answers} == {answers[0].content}
    assert not any("content-language" in answer.headers for answer in answers)
    assert answers[0].json()["error"]["description"] == "You have no order with this id."


def test_a_refusal_is_in_the_language_that_was_asked_for(cast: Cast) -> None:
    answer = ask(cast.ben, f"tlh, {MARKED};q=0.5")
    refused(answer, 404, "1102")
    assert answer.json()["error"]["description"] == marked("You have no order with this id.")
    assert answer.headers["Content-Language"] == MARKED


def test_each_request_speaks_for_itself(cast: Cast) -> None:
    ask(cast.ben, MARKED)
    assert "⟦" not in ask(cast.ben, "").text


def test_a_language_changes_only_sentences(cast: Cast) -> None:
    for path in ("profile/", "package/cart/", "ewallet/balance/", "countries/", "ranks/me/"):
        plain, spoken = ask(cast.ben, "", path), ask(cast.ben, MARKED, path)
        assert unmarked(spoken.text) == plain.text


def test_every_kind_of_refusal_goes_through_a_catalog() -> None:
    assert list(modules())
    with current.bound(MARKED):
        bare = [each.__name__ for each in kinds(Refusal) if not str(each.sentence).startswith("⟦")]
    assert bare == []


def kinds(of: type[Refusal]) -> list[type[Refusal]]:
    return [of, *(each for sub in of.__subclasses__() for each in kinds(sub))]


def bare_sentences(answer: httpx.Response) -> list[str]:
    """What a refusal says that went through no catalog."""
    if answer.status_code < 400:
        return []
    error = answer.json()["error"]
    said = [error["description"], *error.get("fields", {}).values()]
    return [each for each in said if not (each.startswith("⟦") and each.endswith("⟧"))]


@pytest.mark.parametrize("sent", [{}, {"unknown": "x"}])
def test_whatever_a_call_refuses_goes_through_a_catalog(
    cast: Cast, installation: Installation, sent: dict[str, str]
) -> None:
    found = {}
    for method, path, names in calls_of(installation):
        filled = dict.fromkeys(names, "\x00" if sent else "")
        for client in (cast.ben.client, Client(cast.ben.client.base_url, "nothing")):
            answer = client.call(method, path, headers=SPEAKS_MARKED, data=filled | sent)
            if bare := bare_sentences(answer):
                found[f"{method} {path}"] = bare
    assert found == {}


def calls_of(installation: Installation) -> list[tuple[str, str, list[str]]]:
    """Every call that the document lists, with the names of its parameters; but none that would
    end the session."""
    listed = []
    for path, methods in document(installation.base_url)["paths"].items():
        for method, operation in methods.items():
            if "logout" not in path:
                plain = path.removeprefix("/api/").replace("{", "").replace("}", "")
                listed.append((method.upper(), plain, names_in(operation)))
    return listed


def names_in(operation: dict[str, Any]) -> list[str]:
    bodies = operation.get("requestBody", {}).get("content", {})
    shapes = [body["schema"] for body in bodies.values()]
    return sorted({name for shape in shapes for name in shape.get("properties", {})})


def test_a_member_chooses_the_language_of_mails(player: Callable[..., Player]) -> None:
    mia = player("mia")
    before = data(mia.client.get("profile/language/"))
    assert (before["language"], before["mails"]) == ("", "en")
    assert {"tag": "de", "name": "Deutsch"} in before["languages"]
    assert mia.client.put("profile/language/", language="DE").status_code == 204
    after = data(mia.client.get("profile/language/"))
    assert (after["language"], after["mails"]) == ("de", "de")
    assert mia.client.put("profile/language/", language="").status_code == 204
    assert data(mia.client.get("profile/language/")) == before


def test_a_language_that_is_not_installed_is_refused(cast: Cast) -> None:
    refused(cast.ben.client.put("profile/language/", language="tlh"), 422, "1004", "language")
    assert data(cast.ben.client.get("profile/language/"))["language"] == ""
