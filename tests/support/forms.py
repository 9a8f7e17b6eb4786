"""Forms of pages, as a browser without scripts sends them: with the hidden fields they carry."""

import html
import re
from typing import Protocol

import httpx

_HIDDEN = re.compile(r"<input[^>]*type=\"hidden\"[^>]*>")
_FORM = re.compile(r"<form[^>]*method=\"post\"[^>]*>.*?</form>", re.S)


class OpensPages(Protocol):
    """A browser that keeps cookies."""

    http: httpx.Client


def carried(page: str, having: str = "") -> dict[str, str]:
    """The hidden fields of a form in the page's main part; of several, the first with this text."""
    main = page.partition("<main")[2]
    form = next(each for each in _FORM.findall(main) if having in each)
    found = {}
    for tag in _HIDDEN.findall(form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name
        found[name[1]] = html.unescape(value[1]) if value else ""
    return found


def press(
    browser: OpensPages, path: str, having: str = "", page: str = "", **typed: str
) -> httpx.Response:
    """Fill in a form of the page at this address, or of the `page` that a press answered, and send
    it to this address."""
    fields = carried(page or browser.http.get(path).text, having)
    return browser.http.post(path, data=fields | typed)


def main_of(answer: httpx.Response) -> str:
    """What a page says in its main part, without its tags."""
    main = answer.text.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    main = re.sub(r'<span class="amount said">(.*?)</span>', r"\1", main)
    text = re.sub(r"<[^>]+>", " ", main.replace('<span class="rest">', ""))
    return " ".join(html.unescape(text).replace("\u00a0", " ").split())
