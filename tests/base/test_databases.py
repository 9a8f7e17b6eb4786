"""A tenant is a database: nothing that a process remembers of one is used in another."""

import ast
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

import upline
from support.installation import ROOT_MEMBER, Installation
from support.modules import modules
from support.other_company import found_in
from upline import environment
from upline.base import databases, encryption, sql
from upline.base.actors import Shell
from upline.base.amounts import Money
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows import configuring
from upline.members.models import Member
from upline.members.queries import find_person
from upline.wallet import actions as wallet
from upline.wallet.models import AccountKind
from upline.wallet.queries import balances, company_account

SECOND = "second"
# Caches that ask no database and no key, and what their answers come from.
OF_NO_DATABASE = {
    "upline.api.describe.openapi.document_text": "the code",
    "upline.api.http.handler._security_headers": "the settings of the process",
    "upline.base.countries._in": "a library's data",
    "upline.base.countries._states": "a file that is shipped",
    "upline.base.countries.all_countries": "a library's data",
    "upline.base.countries.states_of": "a file that is shipped",
    "upline.base.speaking._name_in_django": "a library's data",
    "upline.base.passwords._nobodys_hash": "the strength of hashes, a setting of the process",
    "upline.base.sql._reads": "a class",
    "upline.commissions.queries._parsed": "the text of the plan, which is its key",
    "upline.demo.pictures._portraits": "files that are shipped",
    "upline.design.bundles._scripts": "files that are shipped",
    "upline.design.bundles.bundle": "files that are shipped",
    "upline.design.bundles.worker": "files that are shipped",
    "upline.design.colours.style_sheet": "a colour, which is its key",
    "upline.design.link_pictures._font": "files that are shipped",
    "upline.design.link_pictures._typefaces": "files that are shipped",
    "upline.design.marks.mark": "a name and a colour, which are its key",
    "upline.language.choosing.accepted": "a header and files that are shipped",
    "upline.language.loading.installed": "files that are shipped",
    "upline.language.loading.load": "files that are shipped",
    "upline.language.writing._marks_of": "a library's data",
    "upline.papers.letters.load": "files that are shipped",
    "upline.plans.kernels.compiler": "a library",
}
# What modules keep in variables of their own, and why that is right.
KEPT = {
    "api/http/credentials.py: _requests": "keyed by the alias",
    "api/http/credentials.py: _minute": "the time",
    "api/http/registry.py: CALLS": "filled while modules are imported",
    "company/current.py: _latest": "keyed by the alias",
    "flows/permissions.py: _NEEDED": "filled while modules are imported",
    "markets/current.py: _latest": "keyed by the alias",
}


def caches() -> dict[str, Callable[..., Any]]:
    """Every function that functools remembers the answers of, methods included."""
    found = {}
    for module in modules():
        for owner in (module, *(each for each in vars(module).values() if inspect.isclass(each))):
            for name, value in vars(owner).items():
                if hasattr(value, "cache_info") and value.__module__ == module.__name__:
                    found[f"{module.__name__}.{name}"] = value
    return found


def test_each_cache_is_told_its_database_or_asks_none() -> None:
    found = caches()
    told = {
        name
        for name, each in found.items()
        if next(iter(inspect.signature(each).parameters), "") == "alias"
    }
    assert told >= {
        "upline.base.encryption.proved_masters",
        "upline.wallet.queries._company_account",
    }
    assert set(found) - told == set(OF_NO_DATABASE)


def first_parameter(function: Callable[..., Any]) -> str:
    return next(iter(inspect.signature(function).parameters), "")


def test_variables_of_modules_that_change_are_keyed_by_the_database_or_say_why_not() -> None:
    source = Path(upline.__file__).parent
    found = {
        f"{path.relative_to(source)}: {name}"
        for path in source.rglob("*.py")
        if not {"launch", "plans"} & set(path.relative_to(source).parts)
        for name in changing(ast.parse(path.read_text()))
    }
    assert found == set(KEPT)


def changing(module: ast.Module) -> Iterator[str]:
    """Names that a function sets with `global`, or that begin as an empty container."""
    for node in ast.walk(module):
        if isinstance(node, ast.Global):
            yield from node.names
    for node in module.body:
        value = getattr(node, "value", None)
        is_empty = isinstance(value, ast.Dict) and not value.keys
        is_empty |= isinstance(value, ast.List) and not value.elts
        if is_empty and isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (each.id for each in targets if isinstance(each, ast.Name))


def test_transactions_are_begun_in_the_database_that_is_worked_in() -> None:
    """Django's own `atomic` takes the first one unless it is told."""
    source = Path(upline.__file__).parent
    found = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if "transaction.atomic(" in path.read_text()
    }
    assert found == {"base/databases.py", "shell/management/commands/migrate.py"}


@pytest.fixture
def second(installation: Installation) -> Iterator[None]:
    """A second company, in yen, whose accounts have other ids, known to this process as SECOND."""
    urls, _ = found_in(installation, "upline_second", "unilevel", money=("JPY", 0))
    with known_as(SECOND, urls["DATABASE_URL"]):
        with known_as("its_owner", urls["DATABASE_OWNER_URL"]), databases.using("its_owner"):
            sql.run("UPDATE wallet_account SET id = id + 5000 WHERE member_id IS NULL")
        yield
    installation.postgres.drop_database("upline_second")


@contextmanager
def known_as(alias: str, url: str) -> Iterator[None]:
    known = environment.database("UPLINE_ANOTHER_DATABASE", url)
    known["OPTIONS"] |= {"prepare_threshold": 0}
    connections.settings[alias] = connections.settings["default"] | known
    try:
        yield
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


def test_two_companies_in_one_process_never_see_each_other(second: None) -> None:
    here = company.at_version(company.current().version)
    kinds = (AccountKind.OUTSIDE, AccountKind.SALES)
    accounts = {kind: company_account(kind, "EUR") for kind in kinds}
    with databases.using(SECOND):
        # The same version of the settings, and the same name of the first member.
        there = company.at_version(here.version)
        assert (there.plan_currency, there.plan_exponent) == ("JPY", 0)
        others = {kind: company_account(kind, "JPY") for kind in accounts}
    assert (here.plan_currency, company.current().plan_currency) == ("EUR", "EUR")
    assert company.at_version(here.version) is here
    assert {kind: account + 5000 for kind, account in accounts.items()} == others
    assert {kind: company_account(kind, "EUR") for kind in accounts} == accounts


def test_money_moves_in_the_database_that_is_worked_in(second: None) -> None:
    root = find_person(ROOT_MEMBER)
    assert root is not None
    before = balances(root.id, "EUR")
    with databases.using(SECOND):
        other = find_person(ROOT_MEMBER)
        assert other is not None
        unit = UnitOfWork(Shell())
        unit.commit(lambda: wallet.credit_from_outside(other.id, Money(700, "JPY"), "yen", ""))
        assert balances(other.id, "JPY")[AccountKind.WALLET] == 700
        configuring.change_settings(unit, age_least=21)
        assert company.office().age_least == 21
        assert Member.objects.get(pk=other.id).user.username == ROOT_MEMBER
    assert balances(root.id, "EUR") == before
    assert company.office().age_least == 18


def test_what_a_request_sees_of_its_company_is_seen_of_no_other(second: None) -> None:
    with company.bound(company.current()):
        assert company.current().plan_currency == "EUR"
        with databases.using(SECOND):
            assert company.current().plan_currency == "JPY"
        assert company.current().plan_currency == "EUR"


def test_keys_that_are_right_for_one_database_are_not_taken_for_another(second: None) -> None:
    encryption.masters()
    encryption.digest("access_token", "a token")
    with databases.using(SECOND):
        # As if it had been founded with other secrets.
        sql.run(
            """INSERT INTO base_keycheck (id, sealed, digest) VALUES (1, %s, %s)
               ON CONFLICT (id) DO UPDATE
               SET (sealed, digest) = (excluded.sealed, excluded.digest)""",
            [b"sealed by another key", b"d" * 32],
        )
        with pytest.raises(ImproperlyConfigured, match="UPLINE_MASTER_KEYS"):
            encryption.masters()
        with pytest.raises(ImproperlyConfigured, match="UPLINE_SECRET_KEY"):
            encryption.digest("access_token", "a token")
    encryption.masters()
