"""What a payment provider says over the network: signed, told once, in any order, and nothing of
whoever else speaks."""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest
from django.db import transaction

from attacks.parallel import Gate, times
from payments.test_waiting import check_out
from support.cast import Cast
from support.installation import Installation
from upline.base.actors import Shell
from upline.base.errors import FieldsWrong
from upline.base.unit import UnitOfWork
from upline.books import invariants
from upline.flows import payment_events, provider_secrets, refunding
from upline.orders.models import Order, RefundToSend
from upline.payments.models import Payment, PaymentEvent, ProviderSecret
from upline.payments.providers import signed

PROVIDER = "acme_pay"
Send = Callable[..., httpx.Response]


@pytest.fixture
def secret() -> str:
    """A secret that the provider has got."""
    return provider_secrets.add(UnitOfWork(Shell()), PROVIDER)


@pytest.fixture
def send(installation: Installation, secret: str) -> Send:
    """Send a message as the provider does, or `signed_with` another secret, `at` another time."""

    def send(
        *events: dict[str, Any], signed_with: str = secret, at: float = 0, to: str = PROVIDER,
        body: bytes | None = None, header: str | None = None,
    ) -> httpx.Response:  # fmt: skip
        message: Any = events[0] if len(events) == 1 else {"events": list(events)}
        sent = json.dumps(message).encode() if body is None else body
        signature = signed.sign(signed_with, int(time.time() + at), sent)
        return httpx.post(
            f"{installation.base_url}/webhooks/payments/{to}/",
            content=sent,
            headers={signed.HEADER: signature if header is None else header},
            timeout=60,
        )

    return send


@pytest.fixture
def ordered(cast: Cast, product: Any) -> Order:
    """Anna's order of 25.00 that awaits payment."""
    assert check_out(cast.anna, product("soap"), 2) == "awaiting_payment"
    return Order.objects.filter(member_id=cast.anna.id).latest("id")


def paid(order: Order, amount: str = "25.00", name: str = "A", **other: Any) -> dict[str, Any]:
    """The provider has got money for an order; `name` tells payments of an order apart."""
    reference = f"{order.number}{name}"
    said = {"event_id": f"evt paid {reference}", "kind": "paid", "reference": reference,
            "amount": amount, "currency": "EUR", "order_id": order.number}  # fmt: skip
    return said | other


def returned(order: Order, amount: str = "25.00", name: str = "A") -> dict[str, Any]:
    """All of it so far went back."""
    return paid(order, amount, name, kind="returned", event_id=f"evt back {order.number}{name}")


def new(answer: httpx.Response) -> int:
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] is True
    return int(answer.json()["data"]["new"])


def status(order: Order) -> str:
    order.refresh_from_db()
    return order.status


def test_a_signed_message_pays_the_order_once(send: Send, ordered: Order) -> None:
    assert new(send(paid(ordered))) == 1
    assert status(ordered) == "complete"
    assert new(send(paid(ordered))) == 0, "the provider tries again"
    (payment,) = Payment.objects.filter(order_id=ordered.pk)
    assert (payment.provider, payment.reference) == (PROVIDER, f"{ordered.number}A")
    assert list(invariants.check()) == []


@pytest.mark.parametrize(
    "turn", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 0, 2, 1, 1), (2, 0, 1, 2, 0)]
)
def test_in_any_order_and_however_often_the_money_is_counted_once(
    send: Send, ordered: Order, turn: Sequence[int]
) -> None:
    """10.00 come and go again, 25.00 come: whatever is said first, these pay the order."""
    ten = paid(ordered, "10.00", "A"), returned(ordered, "10.00", "A")
    said = [*ten, paid(ordered, "25.00", "B")]
    for index in turn:
        new(send(said[index]))
    assert status(ordered) == "complete"
    payment_events.apply_received()
    came = Payment.objects.filter(order_id=ordered.pk)
    assert sum(each.authorised for each in came) == 3500
    gone = came.get(reference=f"{ordered.number}A")
    events = PaymentEvent.objects.filter(reference=gone.reference, kind="returned")
    is_waiting = events.get().status == "waiting"
    assert is_waiting or gone.returned == 1000, "of a complete order staff decide"
    assert list(invariants.check()) == []


def test_events_of_one_message_are_taken_together(send: Send, ordered: Order) -> None:
    assert new(send(paid(ordered, "10.00", "A"), paid(ordered, "15.00", "B"))) == 2
    assert status(ordered) == "complete"


@pytest.mark.parametrize(
    ("turn", "told"), [((0, 1), ["applied", "waiting"]), ((1, 0), ["superseded", "applied"])]
)
def test_a_larger_amount_than_was_recorded_waits_and_a_smaller_one_is_old_news(
    send: Send, ordered: Order, turn: Sequence[int], told: list[str]
) -> None:
    """An event tells all that came so far: of two the larger is right, whichever comes first."""
    said = [paid(ordered, "10.00"), paid(ordered, "15.00", event_id=f"evt more {ordered.number}")]
    for index in turn:
        new(send(said[index]))
    events = PaymentEvent.objects.filter(reference=said[0]["reference"]).order_by("amount")
    assert [each.status for each in events] == told
    assert list(invariants.check()) == []


def test_another_amount_under_the_name_of_an_event_is_refused(send: Send, ordered: Order) -> None:
    assert new(send(paid(ordered, "10.00"))) == 1
    answer = send(paid(ordered, "15.00"), paid(ordered, "3.00", "B"))
    assert answer.status_code == 409, answer.text
    assert PaymentEvent.objects.filter(reference__startswith=ordered.number).count() == 1


def test_the_same_message_at_once_pays_once(send: Send, ordered: Order) -> None:
    answers = times(4, lambda: send(paid(ordered)), Gate(4, "payments_paymentevent"))
    assert sum(new(answer) for answer in answers) == 1
    assert Payment.objects.filter(order_id=ordered.pk).count() == 1
    assert list(invariants.check()) == []


def test_what_nobody_of_ours_signed_is_refused(send: Send, ordered: Order, secret: str) -> None:
    message = paid(ordered)
    other = provider_secrets.add(UnitOfWork(Shell()), "other_pay")
    body = json.dumps(message).encode()
    good = signed.sign(secret, int(time.time()), body)
    forged = [
        send(message, signed_with="ups_guess"),
        send(message, signed_with=other),
        send(message, to="nobody_pay"),
        send(message, header=""),
        send(message, header=good.replace("v1=", "v0=")),
        send(message, at=-signed.TOLERANCE_SECONDS - 30),
        send(message, at=signed.TOLERANCE_SECONDS + 30),
        send(body=body.replace(b"25.00", b"26.00"), header=good),
        send(body=body, header=good.replace("t=1", "t=2", 1)),
    ]
    for answer in forged:
        assert answer.status_code == 403, answer.text
        assert answer.json()["error"]["code"] == "1101"
    assert not PaymentEvent.objects.filter(reference=message["reference"]).exists()
    assert status(ordered) == "awaiting_payment"


def test_a_message_that_was_overheard_changes_nothing_when_it_is_sent_again(
    send: Send, ordered: Order, secret: str
) -> None:
    body = json.dumps(paid(ordered)).encode()
    header = signed.sign(secret, int(time.time()), body)
    assert new(send(body=body, header=header)) == 1
    assert new(send(body=body, header=header)) == 0
    late = signed.sign(secret, int(time.time()) - signed.TOLERANCE_SECONDS - 30, body)
    assert send(body=body, header=late).status_code == 403
    assert Payment.objects.filter(order_id=ordered.pk).count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "lost"}, "events.0.kind"), ({"amount": "-1"}, "events.0"),
        ({"amount": "1.001"}, "events.0"), ({"amount": None}, "events.0.amount"),
        ({"currency": "CHF"}, "events.0"), ({"event_id": ""}, "events.0.event_id"),
        ({"reference": "x" * 101}, "events.0.reference"),
        ({"reference": "\ufb2c" * 100}, "events.0"), ({"event_id": "\ufb2c" * 100}, "events.0"),
        ({"amount": 10**20}, "events.0"),
    ],
)  # fmt: skip
def test_a_message_that_makes_no_sense_is_refused_whole(
    send: Send, ordered: Order, wrong: dict[str, Any], field: str
) -> None:
    before = PaymentEvent.objects.count()
    answer = send(paid(ordered) | wrong)
    assert answer.status_code == 422, answer.text
    named = list(answer.json()["error"]["fields"])
    assert any(name.startswith(field) for name in named), named
    second = send(paid(ordered), paid(ordered, name="B") | wrong)
    assert second.status_code == 422
    assert PaymentEvent.objects.count() == before


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"events": []}', b'{"events": 3}', b"\xff"])
def test_what_is_no_message_is_refused(send: Send, body: bytes) -> None:
    assert send(body=body).status_code == 422


def test_only_posts_of_a_reasonable_size_are_read(send: Send, installation: Installation) -> None:
    address = f"{installation.base_url}/webhooks/payments/{PROVIDER}/"
    assert httpx.get(address).status_code == 405
    assert send(body=b" " * 300_000).status_code == 413


def test_a_body_of_unknown_length_is_read_whole(
    ordered: Order, secret: str, installation: Installation
) -> None:
    body = json.dumps(paid(ordered)).encode()
    answer = httpx.post(
        f"{installation.base_url}/webhooks/payments/{PROVIDER}",
        content=iter([body[:20], body[20:]]),
        headers={signed.HEADER: signed.sign(secret, int(time.time()), body)},
        timeout=60,
    )
    assert new(answer) == 1
    assert status(ordered) == "complete"


def test_a_secret_is_replaced_without_losing_a_message(
    send: Send, ordered: Order, secret: str
) -> None:
    newer = provider_secrets.add(UnitOfWork(Shell()), PROVIDER)
    assert new(send(paid(ordered, "10.00", "A"), signed_with=newer)) == 1
    provider_secrets.end(UnitOfWork(Shell()), PROVIDER, secret[-4:])
    assert send(paid(ordered, "15.00", "B")).status_code == 403
    assert new(send(paid(ordered, "15.00", "B"), signed_with=newer)) == 1
    assert status(ordered) == "complete"
    with pytest.raises(FieldsWrong):
        provider_secrets.end(UnitOfWork(Shell()), PROVIDER, secret[-4:])


def test_a_secret_is_kept_sealed(secret: str) -> None:
    kept = ProviderSecret.objects.filter(provider=PROVIDER).latest("pk")
    assert secret.encode() not in bytes(kept.sealed)
    with transaction.atomic():
        ProviderSecret.objects.filter(pk=kept.pk).update(sealed=b"x")
        assert any("provider's secret" in promise for promise in invariants.breaches())
        transaction.set_rollback(True)


def test_a_provider_has_a_code_of_its_own() -> None:
    before = ProviderSecret.objects.count()
    for code in ("outside", "wallet", "epin", "A", "x", "a-b", "9pay", "a" * 21):
        with pytest.raises(FieldsWrong):
            provider_secrets.add(UnitOfWork(Shell()), code)
    assert ProviderSecret.objects.count() == before


def test_a_refund_of_what_a_provider_brought_is_sent_by_staff(
    send: Send, ordered: Order, cast: Cast
) -> None:
    new(send(paid(ordered)))
    pieces = {line.pk: line.quantity for line in ordered.lines.all()}
    refunding.refund_order(UnitOfWork(Shell()), ordered.number, pieces, "returned")
    to_send = RefundToSend.objects.get(refund__order_id=ordered.pk)
    assert to_send.amount == 2500
    new(send(returned(ordered)))
    to_send.refresh_from_db()
    assert to_send.sent_at is not None, "the provider has sent it back"
    assert list(invariants.check()) == []
