"""Which refusal says what: 1004 that something sent is wrong, 1113 that it is not the moment."""

import importlib
import pkgutil
from collections.abc import Iterator

import upline
from upline.base.errors import Conflict, FieldsWrong

# What somebody sent is wrong by itself; all other refusals of flows and domains are of the state.
OF_FIELDS = {
    "AddressMissing", "CartFull", "CodeWrong", "CurrentPasswordWrong", "DateWrong", "DaysWrong",
    "EmailInUse", "NoAddress", "OfAllMembers", "OtherCurrency", "PasswordsAlike", "PlanTooEarly",
    "PlanWrong", "QuantityWrong", "RefundTooMuch", "TooManyAddresses",
}  # fmt: skip
# Of the state, and 1004 all the same, as the published API has it.
PUBLISHED = {"OrderClosed"}


def kinds(of: type[Exception]) -> Iterator[type[Exception]]:
    for each in of.__subclasses__():
        yield each
        yield from kinds(each)


def test_only_wrong_fields_are_refused_as_wrong_fields() -> None:
    for each in pkgutil.walk_packages(upline.__path__, "upline."):
        if each.name.split(".")[1] in {"flows", "members", "orders", "cart", "payments"}:
            importlib.import_module(each.name)
    found = {each.__name__ for each in kinds(FieldsWrong) if each.__module__.startswith("upline.")}
    assert found <= OF_FIELDS | PUBLISHED
    assert len({each.__name__ for each in kinds(Conflict)}) > 20
