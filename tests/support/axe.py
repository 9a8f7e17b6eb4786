"""axe-core: what of a page people cannot use without a mouse, or without seeing it."""

from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """
const done = arguments[arguments.length - 1];
axe.run({runOnly: arguments[0]}).then(found => done(found.violations.flatMap(
    rule => rule.nodes.map(
        node => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}`))));
"""


@cache
def _script() -> str:
    return _FILE.read_text()


def violations(browser: Any) -> list[str]:
    """The rules of WCAG 2.2 AA and of good practice that the page breaks, each with the element."""
    browser.set_script_timeout(60)
    browser.execute_script(_script())
    return list(browser.execute_async_script(_RUN, _RULES))
