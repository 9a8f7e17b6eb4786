"""Each change names the right that it needs, or says why it needs none."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from support.cast import Cast
from support.office import hire_staff
from upline import flows
from upline.api.http.registry import CALLS
from upline.base.actors import ActingClient, ActingMember, Shell, Staff, Worker
from upline.base.actors import Visitor as Somebody
from upline.base.audit import events
from upline.base.errors import NotPermitted
from upline.base.unit import UnitOfWork
from upline.flows import blocking, commission_run, passwords, permissions, profiles
from upline.flows.permissions import (
    SCOPES,
    TABLE,
    Right,
    Role,
    grantable,
    is_guarded,
    name_of,
    right_of,
)
from upline.mailings.models import MailKind
from upline.members.models import Member, User

# What changes something, by the name it is called by.
CHANGES = {"UnitOfWork", "commit", "create", "defer", "delete", "save", "set", "update", "write"}
SAYS_WHY = "Needs no right: "


def modules() -> Iterator[ModuleType]:
    """The flows; tasks.py only calls them, each in one line."""
    for each in pkgutil.iter_modules(flows.__path__):
        if each.name != "tasks":
            yield importlib.import_module(f"upline.flows.{each.name}")


def public_functions(module: ModuleType) -> Iterator[Callable[..., Any]]:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__ and not name.startswith("_"):
            yield function


def called(module: ModuleType, name: str, seen: set[str]) -> Iterator[str]:
    """The names that a function calls, itself and through others of its module."""
    function = getattr(module, name, None)
    if name in seen or not inspect.isfunction(function):
        return
    seen.add(name)
    tree = ast.parse(inspect.getsource(inspect.unwrap(function)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            said = ast.unparse(node.func).rpartition(".")[2]
            if isinstance(node.func, ast.Name) and said != "UnitOfWork":
                yield from called(module, said, seen)
            else:
                yield said


def changes(module: ModuleType, function: Callable[..., Any]) -> bool:
    takes_unit = next(iter(inspect.signature(function).parameters), "") == "unit"
    return takes_unit or bool(CHANGES & set(called(module, function.__name__, set())))


def requires_first(function: Callable[..., Any]) -> bool:
    tree = ast.parse(inspect.getsource(function)).body[0]
    assert isinstance(tree, ast.FunctionDef)
    first = next(each for each in tree.body if not is_text(each))
    return ast.unparse(first).startswith("unit.require(")


def is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def guarded() -> list[Callable[..., Any]]:
    return [each for module in modules() for each in public_functions(module) if is_guarded(each)]


def test_each_change_needs_a_right_or_says_why_it_needs_none() -> None:
    silent, seen = [], 0
    for module in modules():
        for function in public_functions(module):
            seen += 1
            says_why = SAYS_WHY in " ".join((function.__doc__ or "").split())
            has_right = is_guarded(function) or requires_first(function)
            if says_why and has_right:
                silent.append(f"{function.__module__}.{function.__name__} says both")
            if changes(module, function) and not (says_why or has_right):
                silent.append(f"{function.__module__}.{function.__name__}")
    assert seen > 100
    assert silent == []


def test_each_right_allows_something_that_a_flow_does_or_a_page_shows() -> None:
    assert TABLE.keys() == set(Right)
    needed = {right_of(each) for each in guarded()}
    assert {each for each in Right if ".view_" not in each} - set(SCOPES) <= needed
    assert needed & set(SCOPES) == set()


def test_each_scope_allows_a_call() -> None:
    # Reporting is told apart from completing an own order by what is sent (flows/ordering.py).
    assert {each.scope for each in CALLS if each.scope} | {Right.REPORT_ORDERS} == set(SCOPES)
    assert not {name_of(each) for each in grantable()} & set(SCOPES)


def test_nobody_without_the_right_begins_a_change() -> None:
    assert len(guarded()) > 50
    for flow in guarded():
        for actor in (Somebody(), ActingMember(1), ActingClient(1), Worker(), Staff(1)):
            with pytest.raises(NotPermitted):
                flow(UnitOfWork(actor))


def test_a_run_is_not_checked_approved_or_paid_by_the_server() -> None:
    for step in (commission_run.review, commission_run.approve, commission_run.close):
        with pytest.raises(NotPermitted):
            step(UnitOfWork(Shell()), 1)


def test_support_sends_a_reset_link_and_neither_sees_bank_data_nor_ends_a_membership(
    cast: Cast,
) -> None:
    rights = [right for right, allowed in TABLE.items() if Role.SUPPORT in allowed.roles]
    assert {Right.HELP_SIGN_IN, Right.VIEW_MEMBERS} <= set(rights)
    name = hire_staff(*rights)
    unit = UnitOfWork(permissions.staff(User.objects.get(username=name).pk))
    passwords.send_reset_link(unit, cast.ben.id, MailKind.RESET_LOGIN)
    assert "reset_login.send" in events()
    for refused in (
        lambda: profiles.show_bank(unit, cast.ben.id),
        lambda: blocking.block_member(unit, cast.ben.id, "a test"),
        lambda: blocking.close_member(unit, cast.ben.id, "a test"),
    ):
        with pytest.raises(NotPermitted):
            refused()
    assert Member.objects.get(pk=cast.ben.id).standing == "active"
