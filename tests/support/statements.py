"""The SQL statements of a page of the portal. The page is made in this process: over a socket they
cannot be counted."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client

from support.cast import Player
from support.installation import PASSWORD
from upline.base import sql
from upline.base.actors import Visitor
from upline.base.unit import UnitOfWork
from upline.flows import signing_in
from upline.portal.visiting import COOKIE


def statements_of(member: Player, path: str) -> list[str]:
    """What a page asks of the database, ours and Django's, for a member who is signed in."""
    let_in = signing_in.sign_in(
        UnitOfWork(Visitor(), "127.0.0.1"), None, member.username, PASSWORD, ""
    )
    client = Client(headers={"host": "127.0.0.1"})
    client.cookies[COOKIE] = let_in.access_token
    client.get(path)  # what a process learns once is no part of it
    ran: list[str] = []

    def note(execute: Callable[..., Any], statement: str, *details: Any) -> Any:
        ran.append(statement)
        return execute(statement, *details)

    sql._kept.seen = ran
    try:
        with connection.execute_wrapper(note):
            answer = client.get(path)
    finally:
        sql._kept.seen = None
    assert answer.status_code == 200, answer.status_code
    return ran
