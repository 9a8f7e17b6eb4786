"""Customers of the cast: registered by the office, who then choose a password."""

from typing import Any

from support.cast import Player, set_transaction_password, unique
from support.client import Client
from support.installation import PASSWORD


def register(sponsor: str, name: str, kind: str = "retail", **more: Any) -> int:
    """A new customer of this member, as the office registers them. Returns the id."""
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.flows import customers
    from upline.members.models import MemberKind
    from upline.members.queries import find_person

    facts = {"firstname": name.title(), "lastname": "Example", "email": f"{name}@example.com",
             "mobile": "+49 170 1234567", "username": name}  # fmt: skip
    new = customers.CustomerRegistration(sponsor=sponsor, kind=MemberKind(kind), **facts | more)
    username = customers.register(UnitOfWork(Shell()), new)
    person = find_person(username)
    assert person is not None
    return person.id


def customer_of(sponsor: Player, name: str = "carl", kind: str = "retail") -> Player:
    """A customer who has chosen the cast's passwords and is signed in."""
    from upline.base import passwords
    from upline.members.models import User

    username = unique(name)
    customer_id = register(sponsor.username, username, kind)
    User.objects.filter(pk=customer_id).update(password=passwords.hashed(PASSWORD))
    set_transaction_password(customer_id)
    client = Client(sponsor.client.base_url, sponsor.client.api_key)
    client.sign_in(username, PASSWORD)
    return Player(customer_id, username, client)


def join(customer_id: int, **more: Any) -> str:
    """The customer becomes a member. Returns the number of the membership order."""
    from datetime import date

    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.flows import customers

    asked: dict[str, Any] = {"package": "M-starter", "date_of_birth": date(1990, 5, 17)} | more
    wish = customers.MembershipRequest(customer_id, **asked)
    return customers.become_member(UnitOfWork(Shell()), wish)
