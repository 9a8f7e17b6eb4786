"""Every address of the installation: the API, the office, pictures, and what mails link to."""

from django.contrib import admin
from django.urls import path

from upline.api import openapi
from upline.api.routes import api
from upline.portal import links, pictures

urlpatterns = [
    path("api/openapi.json/", openapi.document),
    path("api/docs/", openapi.docs),
    path("api/", api.urls),
    path("office/", admin.site.urls),
    path("pictures/<str:name>", pictures.picture),
    path("link/login-password/<str:secret>/", links.login_password),
    path("link/transaction-password/<str:secret>/", links.transaction_password),
    path("link/confirm-email/<str:secret>/", links.confirm_email),
]
