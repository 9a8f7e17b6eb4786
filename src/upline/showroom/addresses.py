"""The addresses of the demo: its own, then those that each installation has."""

from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from upline import urls
from upline.showroom import front, one_click

handler500 = urls.handler500
urlpatterns = [
    path("", require_GET(front.front)),
    path("demo/as/<slug:who>/", require_POST(one_click.sign_in), name="one-click"),
    path("demo/bank-statement.xml", require_GET(front.bank_statement), name="bank-statement"),
    *urls.urlpatterns,
]
