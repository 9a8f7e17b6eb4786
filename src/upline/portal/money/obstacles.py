"""Why a member cannot ask for a payout now, in words, and what to do about each reason."""

from typing import NamedTuple

from django.urls import reverse

from upline.language import gettext
from upline.screens import shown
from upline.screens.payout_readiness import PayoutObstacle, PayoutReadiness


class ObstacleShown(NamedTuple):
    """A reason, what to do about it, and the button that does it ('' where there is none)."""

    sentence: str
    advice: str
    button: str
    address: str


def told(ready: PayoutReadiness) -> list[ObstacleShown]:
    """Each reason that keeps the member from a payout; none where one can be asked for."""
    found = ready.obstacles()
    # Who owes money has too little in the wallet because of it: that is said once.
    if PayoutObstacle.DEBT in found:
        found.remove(PayoutObstacle.MINIMUM)
    return [_told(each, ready) for each in found]


def hold_sentence(ready: PayoutReadiness) -> str:
    """Why a payout asked for now would wait, and until when; '' where it would not."""
    return ready.hold.sentence if ready.hold and ready.hold.until else ""


def _told(of: PayoutObstacle, ready: PayoutReadiness) -> ObstacleShown:
    currency = ready.market.currency
    if of == PayoutObstacle.CLOSED:
        return ObstacleShown(
            gettext("Payouts are switched off at the moment."),
            gettext("Your money stays in your wallet. The company says when payouts go on."),
            "",
            "",
        )
    if of == PayoutObstacle.BANK:
        return ObstacleShown(
            gettext("We need your bank account before we can pay you."),
            gettext("After you enter it, payouts wait for a while for your safety."),
            gettext("Enter your bank account"),
            reverse("bank"),
        )
    if of == PayoutObstacle.IDENTITY:
        return ObstacleShown(
            gettext("The company has to check your identity before it can pay you."),
            gettext("It does this once."),
            gettext("See what to do"),
            reverse("identity"),
        )
    if of == PayoutObstacle.DEBT:
        return ObstacleShown(
            gettext("You owe {amount}.", amount=shown.money(ready.owed, currency)),
            gettext("Your next earnings repay it first. Then you can have the rest paid out."),
            "",
            "",
        )
    return _too_little(ready, currency)


def _too_little(ready: PayoutReadiness, currency: str) -> ObstacleShown:
    if not ready.available:
        sentence = gettext("Your wallet is empty.")
    else:
        sentence = gettext(
            "The minimum payout is {minimum}, and you have {available}.",
            minimum=shown.money(max(ready.minimum, ready.multiple), currency),
            available=shown.money(ready.available, currency),
        )
    return ObstacleShown(sentence, gettext("What you earn is added here when it is paid."), "", "")
