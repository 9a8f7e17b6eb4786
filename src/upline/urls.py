"""Every address of the installation: the API, the office, pictures, and what mails link to."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET
from django.views.generic import RedirectView

from upline.api.describe import openapi
from upline.api.routes import urlpatterns as calls
from upline.portal import addresses
from upline.site import (
    components,
    designs,
    front,
    installing,
    links,
    pictures,
    sponsors,
    webhooks,
)

handler500 = "upline.site.troubles.server_error"
urlpatterns = [
    path("", require_GET(front.front)),
    path("docs", RedirectView.as_view(url="/api/docs")),
    path("docs/", RedirectView.as_view(url="/api/docs")),
    # Without a check for CSRF another method is answered 405, as everywhere in the API.
    path("api/openapi.json/", csrf_exempt(require_GET(openapi.document))),
    path("api/docs/", csrf_exempt(require_GET(openapi.docs))),
    path("api/", csrf_exempt(require_GET(openapi.start))),
    path("api/", include((calls, "api"))),
    path("office", RedirectView.as_view(pattern_name="admin:index")),
    path("office/", admin.site.urls),
    path("", include(addresses)),
    path("design/<slug:digest>/<str:name>", require_GET(designs.bundle)),
    path("pictures/<slug:name>", pictures.picture),
    path("manifest.webmanifest", require_GET(installing.manifest)),
    path("icons/<slug:digest>/<str:name>", require_GET(installing.icon)),
    path("worker.js", require_GET(installing.worker)),
    path("offline/", require_GET(installing.offline), name="offline"),
]
if settings.COMPONENT_PAGE:
    urlpatterns.append(path("design/", require_GET(components.components)))
# Some mail programs, and people who copy by hand, leave the last slash out.
for address, view in {
    "r/<str:username>": require_GET(sponsors.sponsor_link),
    "webhooks/payments/<slug:provider>": webhooks.payments,
    "link/login-password/<str:secret>": links.login_password,
    "link/transaction-password/<str:secret>": links.transaction_password,
    "link/confirm-email/<str:secret>": links.confirm_email,
    "link/undo-change/<str:secret>": links.undo_change,
    "link/confirm-order/<str:secret>": links.confirm_order,
    "link/staff-invitation/<str:secret>": links.staff_invitation,
    "link/staff-password/<str:secret>": links.staff_password,
}.items():
    urlpatterns += [path(address, view), path(f"{address}/", view)]
