"""What members do again and again on the way to what a test is about."""

from typing import Any, NamedTuple

from support.cast import Player, unique
from support.client import Client, data
from support.installation import PASSWORD, TRANSACTION_PASSWORD

IBAN = "DE89 3704 0044 0532 0130 00"
ADDRESS = {
    "name": "Mia",
    "address": "Hill 1",
    "zip_code": "53111",
    "city": "Bonn",
    "phone": "12345",
}


class AskedMail(NamedTuple):
    username: str
    past_limit: bool


def signup_fields(sponsor: str, product_id: int, **more: Any) -> dict[str, Any]:
    """What a signup sends that is right in every field: a free join at the sponsor's left."""
    return {
        "sponsor_username": sponsor,
        "placement_username": sponsor,
        "position": "L",
        "product_id": product_id,
        "firstname": "Nora",
        "lastname": "Example",
        "date_of_birth": "1990-05-17",
        "email": "nora@example.com",
        "mobile": "+49 170 1234567",
        "username": unique("nora"),
        "password": PASSWORD,
        "password_confirmation": PASSWORD,
        "agree_terms": "true",
        "payment_method": "free_join",
    } | more


def sign_up(member: Player, body: dict[str, Any], **other: Any) -> Any:
    return member.client.call("POST", "signup/", data=body | other)


def profile_of(client: Client, username: str) -> Any:
    fresh = Client(client.base_url, client.api_key)
    fresh.sign_in(username, PASSWORD)
    return data(fresh.get("profile/"))


def payment(owner: str, amount: str, **other: str) -> dict[str, str]:
    """What a payment from this member's wallet sends."""
    return {
        "payment_amount": amount,
        "purpose": "purchase",
        "ewallet_username": owner,
        "transaction_password": TRANSACTION_PASSWORD,
    } | other


def pay_in(member: Player, amount: str, owner: Player | None = None) -> None:
    """From the member's wallet, or from its owner's."""
    sent = payment((owner or member).username, amount)
    answer = member.client.post("ewallet/payment/", **sent)
    assert answer.status_code == 204, answer.text


def tell_bank(member: Player, **other: str) -> None:
    """Bank data with which a member can be paid, so long ago that no payout waits for it."""
    bank = {"account_holder": "Anna Example", "account_number": IBAN, "bank_name": "Sparkasse"}
    answer = member.client.put("profile/bank/", **bank | other)
    assert answer.status_code == 204, answer.text
    let_hours_pass(member, 100)


def let_hours_pass(member: Player, hours: int) -> None:
    """What this member changed was changed so much earlier."""
    from upline.base import sql

    sql.run(
        """UPDATE members_protectedchange SET at = at - make_interval(hours => %s)
           WHERE member_id = %s""",
        [hours, member.id],
    )


def let_minutes_pass(minutes: int) -> None:
    """As if all attempts so far had been made earlier."""
    from upline.base import sql

    sql.run("UPDATE base_attempt SET at = at - make_interval(mins => %s)", [minutes])


def ask_payout(member: Player, amount: str, **other: str) -> Any:
    """Ask for money of the wallet to be paid to the bank."""
    sent = {"amount": amount, "transaction_password": TRANSACTION_PASSWORD} | other
    return member.client.post("payouts/", **sent)


def balances(member: Player) -> tuple[str, str]:
    shown = data(member.client.get("ewallet/balance/"))
    return str(shown["balance"]), str(shown["purchase_balance"])


def worker_looks_up() -> None:
    """The worker does at once what people asked for who forgot a username or password."""
    from upline.base import sql
    from upline.flows import forgotten

    asked = sql.rows(
        AskedMail,
        """WITH asked AS (DELETE FROM procrastinate_jobs
                          WHERE task_name = %s AND status = 'todo' RETURNING id, args)
           SELECT args->>'username' AS username, args->>'past_limit' = 'true' AS past_limit
           FROM asked ORDER BY id""",
        [forgotten.LOGIN],
    )
    for each in asked:
        forgotten.mail_login(each.username, past_limit=each.past_limit)


def change_address(member: Player, email: str) -> None:
    """Another e-mail address, shown at once and not yet confirmed."""
    answer = member.client.put(
        "profile/contact/",
        address_line1="Long Street 1",
        country="276",
        city="Bonn",
        email=email,
        mobile="+49 170 1234567",
    )
    assert answer.status_code == 204, answer.text
