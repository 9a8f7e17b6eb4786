"""Staff upload what the bank gives them."""

from typing import Any

from payments.test_camt053 import entry, statement
from payments.test_waiting import check_out
from support.cast import Cast, unique
from support.office import Visitor, problems
from upline.books import invariants
from upline.orders.models import Order
from upline.payments.models import Payment, PaymentEvent

IMPORT = "/payments/paymentevent/import/"


def test_staff_upload_a_statement_that_pays_an_order_once(
    olga: Visitor, cast: Cast, product: Any
) -> None:
    assert check_out(cast.anna, product("soap"), 2) == "awaiting_payment"
    order = Order.objects.filter(member_id=cast.anna.id).latest("id")
    reference = unique("T")
    content = statement(entry(reference=reference, text=f"Order {order.number}")).encode()
    for said in ("1 new transfer was imported.", "0 new transfers were imported."):
        form = olga.open(IMPORT)
        answer = olga.post(IMPORT, form, files={"file": ("statement.xml", content, "text/xml")})
        assert said in olga.get(answer.headers["Location"].removeprefix("/office")).text
    order.refresh_from_db()
    assert order.status == "complete"
    assert Payment.objects.filter(reference=reference).count() == 1
    assert list(invariants.check()) == []


def test_a_form_with_both_or_neither_and_a_file_that_is_no_text_are_refused(olga: Visitor) -> None:
    before = PaymentEvent.objects.count()
    file = ("statement.xml", statement(entry()).encode(), "text/xml")
    assert "Choose a file, or paste its lines." in problems(olga.send(IMPORT))
    both = olga.post(IMPORT, olga.open(IMPORT) | {"lines": "a,b"}, files={"file": file})
    assert "Choose a file, or paste its lines." in problems(both)
    odd = olga.post(IMPORT, olga.open(IMPORT), files={"file": ("x.bin", b"\x00\x01", "text/csv")})
    assert "characters" in problems(odd)
    assert PaymentEvent.objects.count() == before
