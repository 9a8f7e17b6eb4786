"""The house's own rules about code, where no linter knows them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import upline
from support.installation import ROOT

SOURCE = Path(upline.__file__).parent
TESTS = ROOT / "tests"
LINES_OF_A_FILE_MAX = 400
LINES_OF_A_FUNCTION_MAX = 70

DOMAINS = (
    "members", "genealogy", "wallet", "epins", "catalog", "cart", "shipping", "kyc", "payments",
    "orders", "events", "mailings", "pictures", "company", "markets", "payouts",
    "commissions",
)  # fmt: skip
OF_A_DOMAIN = {
    "__init__", "apps", "models", "actions", "queries", "statements", "errors", "current",
}  # fmt: skip
# Where a domain has one more file, and what for.
MORE_OF_A_DOMAIN = {
    "genealogy/moving": "moving a member with everybody below",
    "orders/opening": "the further position that an order opens",
    "orders/refunds": "taking orders back",
    "payments/surpluses": "money from outside that its order did not need",
    "company/settings": "every office setting with its default",
    "commissions/plans_in_force": "putting a plan in force",
    "commissions/periods": "which periods follow each other",
    "commissions/steps": "the steps of a run that people decide on",
    "commissions/payment": "an approved run paid in chunks",
    "commissions/interim": "what the running periods come to so far",
    "commissions/interim_teams": "the same of each member's team",
}
# The rooms of a domain, and all files of each; its docstring says which rule lives there.
ROOMS = {
    "members/models": {"facts", "joining", "people", "protection", "signing_in", "two_people"},
    "members/security": {"checks", "devices", "new_passwords", "protection", "second_factor",
                         "sessions"},
    "members/person": {"drafts", "identity", "profile", "rules"},
    "payouts/bank": {"details", "files"},
    "payments/providers": {"bank_file", "camt053", "event", "signed"},
    "commissions/computing": {"clawback", "compute", "currencies", "figures", "inputs",
                              "past_runs", "statements", "takeover", "totals"},
    "commissions/storing": {"archive", "copy_format", "legs", "results", "run_figures"},
    "commissions/explaining": {"activity", "lines", "pair_orders", "ranks", "so_far", "statements",
                               "taken_back"},
}  # fmt: skip
IMPORT = re.compile(r"^ *(?:import [\w.]+|from [\w.]+ import)\b", re.M)
IGNORED = "# type: " + "ignore"
# Where money is counted, moved or decided on.
MONEY = ("wallet", "payments", "orders", "payouts", "flows", "commissions")
# Where something is in plan currency, and what. What a member or a market has is in their own:
# `markets.current()`, `market_of(member_id)` or the `currency` beside the amount says which.
IN_PLAN_CURRENCY = {
    "api/calls/ranks.py": "what ranks ask for, as the plan states it",
    "books/currency_promises.py": "what runs in one currency calculate in, and rates to",
    "commissions/computing/compute.py": "the totals of a run, told as an event",
    "commissions/computing/currencies.py": "the market that needs no rate",
    "commissions/computing/totals.py": "earnings of a run that met one currency",
    "commissions/explaining/lines.py": "legs, and amounts of an order that a plan counts",
    "commissions/explaining/pair_orders.py": "legs",
    "commissions/explaining/so_far.py": "legs",
    "commissions/explaining/taken_back.py": "amounts that need not name their currency",
    "commissions/plans_in_force.py": "what a plan's file must be written in",
    "flows/exchanging.py": "what an exchange is worth to the company",
    "flows/founding.py": "chosen once",
    "flows/market_rates.py": "the market that needs no rate",
    "office/markets.py": "what rates are stated by",
    "office/run_results.py": "the totals of a run",
    "office/runs.py": "the totals of a run",
    "office/settings.py": "shown among what was set once",
    "reports/taxes.py": "the tax brackets of a plan",
    "screens/earnings_so_far.py": "legs",
    "screens/package_effects.py": "caps, as the plan states them",
    "screens/run_page.py": "the totals of a run",
    "screens/shown.py": "the totals of a run",
    "shell/management/commands/run.py": "the totals of a run",
}
# Tests that ask in their own process, and why.
IN_PROCESS = {
    "office/test_lists.py": "counts queries, which nobody sees over a socket",
    "support/statements.py": "counts statements of pages of the portal, likewise",
}
# Tests that need what a machine may lack.
MAY_BE_SKIPPED = {
    "launch": "nginx, root, or Debian's tools",
    "attacks/test_headers.py": "nginx",
    "design": "a browser",
    "portal": "a browser",
    "office": "a browser",
    "public_pages": "a browser",
    "stories": "a browser, root or a fresh clone",
    "long/pictures.py": "a browser",
    "docs": "tools of the shell",
    "operations/test_backup.py": "a folder that others may enter",
}


def python_files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if "__pycache__" not in path.parts)


def shipped_files() -> Iterator[Path]:
    return (path for path in python_files(SOURCE) if "migrations" not in path.parts)


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_too_long() -> None:
    lengths = {short(path): len(path.read_text().splitlines()) for path in shipped_files()}
    assert {name: lines for name, lines in lengths.items() if lines > LINES_OF_A_FILE_MAX} == {}


def test_no_function_is_too_long() -> None:
    found = {}
    for path in shipped_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LINES_OF_A_FUNCTION_MAX:
                    found[f"{short(path)}:{node.name}"] = lines
    assert found == {}


def test_reads_hold_nothing() -> None:
    """`queries.py` only reads; a lock belongs to the action that needs it."""
    marks = ("FOR UPDATE", "FOR NO KEY", "select_for_update", "advisory", "statements.LOCK")
    found = [
        short(path)
        for path in shipped_files()
        if path.name == "queries.py" and any(mark in path.read_text() for mark in marks)
    ]
    assert found == []


def test_no_two_classes_have_one_name() -> None:
    """One word for one thing, in every room. Django names `Command` and `Migration` itself."""
    named_by_django = SOURCE / "shell" / "management" / "commands"
    found: dict[str, list[str]] = {}
    for path in shipped_files():
        if path.parent == named_by_django:
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(short(path))
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def test_nothing_is_left_for_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X ")
    kept = {".py", ".sql", ".html", ".css", ".js", ".toml", ".conf"}
    found = [
        short(path)
        for folder in (SOURCE, TESTS, ROOT / "deploy")
        for path in sorted(folder.rglob("*"))
        if path.suffix in kept and "vendor" not in path.parts
        if any(mark in path.read_text() for mark in marks)
    ]
    assert found == []


def test_only_commands_print() -> None:
    found = [
        f"{short(path)}:{node.lineno}"
        for path in shipped_files()
        if not {"launch", "commands", "plan_commands.py"} & set(path.parts)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"print", "breakpoint"}
    ]
    assert found == []


def test_rules_know_no_request() -> None:
    """Only the doors, and what they are built of, know what a request is."""
    doors = {"api", "site", "office", "shell"}
    found = [
        f"{short(path)}:{node.lineno}"
        for path in shipped_files()
        if path.relative_to(SOURCE).parts[0] in {*DOMAINS, "flows", "screens"} - doors
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.arg) and node.arg == "request"
    ]
    assert found == []


def test_a_domain_has_only_its_files_and_rooms() -> None:
    """A file of any name is a place where nobody looks for a rule: each is listed above."""
    found = {
        f"{domain}/{path.relative_to(SOURCE / domain).with_suffix('')}"
        for domain in DOMAINS
        for path in shipped_files()
        if path.is_relative_to(SOURCE / domain)
    }
    usual = {f"{domain}/{name}" for domain in DOMAINS for name in OF_A_DOMAIN}
    in_rooms = {f"{room}/{name}" for room, names in ROOMS.items() for name in {"__init__", *names}}
    assert found - usual == {*MORE_OF_A_DOMAIN, *in_rooms}


def test_domains_have_few_files_of_their_own() -> None:
    """Each is a place more where a rule may be; runs have a life cycle with many steps."""
    elsewhere = [name for name in MORE_OF_A_DOMAIN if not name.startswith("commissions/")]
    assert len(elsewhere) <= 5


def test_a_room_says_which_rule_lives_there() -> None:
    rooms = {path.parent for path in shipped_files() if path.parent.parent != SOURCE} - {SOURCE}
    silent = [short(room) for room in rooms if not ast.get_docstring(ast.parse(room_file(room)))]
    assert [name for name in silent if "management" not in name] == []


def room_file(room: Path) -> str:
    return (room / "__init__.py").read_text()


def test_tests_speak_to_the_shipped_server_and_mock_nothing() -> None:
    """Django's test client never meets the server that drops a header or cuts a body."""
    forbidden = {"django.test.Client", "django.test.RequestFactory", "django.test.client",
                 "unittest.mock"}  # fmt: skip
    found = [
        f"{short(path)}: {name}"
        for path in python_files(TESTS)
        if str(path.relative_to(TESTS)) not in IN_PROCESS
        for node in ast.walk(ast.parse(path.read_text()))
        for name in imported(node)
        if any(name == each or name.startswith(f"{each}.") for each in forbidden)
    ]
    assert found == []


def imported(node: ast.AST) -> list[str]:
    """The full names of what an import brings."""
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{each.name}" for each in node.names]
    return []


def test_tests_hold_no_programs_in_strings() -> None:
    """No linter and no type checker looks into a string. What runs in another process is a
    function (`Company.does`, `support/calling.py`) or a file beside the test."""
    found = [
        f"{short(path)}:{line}"
        for path in python_files(TESTS)
        if path != Path(__file__)
        for line in programs_in(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        'PROGRAM = """\nimport json\nprint(json.dumps(1))\n"""',
        'company.does(f"from x import y\\ny({1})")',
        'run("import django; django.setup()\\n" "from upline.base import sql\\n")',
    ],
)
def test_a_program_in_a_string_would_be_found(code: str) -> None:
    assert [*programs_in(code)]


def programs_in(code: str) -> Iterator[int]:
    """The lines at which a string of several lines imports something. One line may: it asks an
    interpreter for a fact."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        text = "".join(constants(node))
        if isinstance(node, ast.expr) and "\n" in text.strip() and IMPORT.search(text):
            yield node.lineno


def constants(node: ast.AST) -> Iterator[str]:
    """The texts of a string, also of one that is filled in when it runs."""
    if isinstance(node, ast.JoinedStr):
        for each in node.values:
            yield from constants(each)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def test_tests_are_skipped_only_where_a_machine_may_lack_something() -> None:
    found = []
    for path in python_files(TESTS):
        place = path.relative_to(TESTS)
        if not {place.parts[0], str(place)} & MAY_BE_SKIPPED.keys():
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and node.attr in {"skip", "skipif", "xfail"}:
                    found.append(f"{short(path)}:{node.lineno}")
    assert found == []


def test_migrations_of_an_app_follow_each_other() -> None:
    """Their numbers have no gap, so that the next one finds its place; and each script of SQL is
    run by one of them."""
    numbers, unread = {}, []
    for folder in sorted(SOURCE.glob("*/migrations")):
        migrations = sorted(folder.glob("[0-9]*.py"))
        numbers[folder.parent.name] = [int(path.name[:4]) for path in migrations]
        texts = [path.read_text() for path in migrations]
        unread += [
            short(script)
            for script in sorted(folder.glob("*.sql"))
            if sum(f'"{script.name}"' in text for text in texts) != 1
        ]
    wrong = {app: found for app, found in numbers.items() if found != [*range(1, len(found) + 1)]}
    assert (wrong, unread) == ({}, [])


def test_no_planted_fault_is_shipped() -> None:
    hooks = ("PLANTED_FAULT", "attacks.faults")
    assert [
        short(path) for path in shipped_files() if any(h in path.read_text() for h in hooks)
    ] == []


def test_plan_currency_is_asked_for_where_a_plan_is_meant() -> None:
    found = {
        str(path.relative_to(SOURCE))
        for path in shipped_files()
        if path.relative_to(SOURCE).parts[0] != "company"
        if re.search(r"\bplan_(currency|exponent|money)\b", path.read_text())
    }
    assert found == IN_PLAN_CURRENCY.keys()


def test_money_is_moved_with_known_types() -> None:
    """In these rooms no value is `Any`, none is called what it was not found to be, and nothing is
    hidden from the type checker."""
    found = [
        f"{path.relative_to(SOURCE)}:{line}"
        for room in MONEY
        for path in python_files(SOURCE / room)
        if "migrations" not in path.parts
        for line in untyped(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "from typing import Any",
        "def pay(facts: dict[str, Any]) -> None: ...",
        "amount: typing.Any = row",
        "amount = cast(int, row['amount'])",
        "amount = typing.cast('int', row['amount'])",
        "amount = row.amount  # type: ignore",
        "amount = row.amount  # type: ignore[attr-defined]",
    ],
)
def test_an_unknown_type_would_be_found(code: str) -> None:
    assert [*untyped(code)]


def untyped(code: str) -> Iterator[int]:
    """The lines with `Any`, `cast` or `type: ignore`."""
    hidden = {"Any", "cast"}
    for node in ast.walk(ast.parse(code)):
        named = {getattr(node, "id", ""), getattr(node, "attr", "")}
        if isinstance(node, ast.ImportFrom):
            named |= {each.name for each in node.names}
        if isinstance(node, ast.stmt | ast.expr) and named & hidden:
            yield node.lineno
    yield from (number for number, line in enumerate(code.splitlines(), 1) if IGNORED in line)
