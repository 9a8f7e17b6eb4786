"""The addresses of the pages about money."""

from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upline.portal.money import bank, identity, password, payout, wallet

_form = require_http_methods(["GET", "HEAD", "POST"])
urlpatterns = [
    path("money/", require_GET(wallet.overview), name="money"),
    path("money/movements.csv", require_GET(wallet.file), name="money-file"),
    path("money/payout/", _form(payout.ask), name="payout-request"),
    path("money/payout/<slug:number>/", require_GET(payout.show), name="payout"),
    path("money/payout/<slug:number>/cancel/", _form(payout.cancel), name="payout-cancel"),
    path("money/bank/", _form(bank.show), name="bank"),
    path("money/password/", require_GET(password.show), name="transaction-password"),
    path(
        "money/password/link/", require_POST(password.mail_link), name="transaction-password-link"
    ),
    path("money/password/change/", _form(password.change), name="transaction-password-change"),
    path("money/identity/", require_GET(identity.show), name="identity"),
]
