"""The addresses of joining with a member's link."""

from django.urls import path
from django.views.decorators.http import require_safe

from upline.portal import build_team, join, join_last, join_link, newcomers

urlpatterns = [
    # People who copy by hand leave the last slash out.
    path("join/<str:username>", join.face),
    path("join/<str:username>/", join.face, name="join"),
    path("join/<str:username>/pack/", join.pack, name="join-pack"),
    path("join/<str:username>/you/", join.you, name="join-you"),
    path("join/<str:username>/pay/", join_last.pay, name="join-pay"),
    path("join/<str:username>/buy/", join_last.buy, name="join-buy"),
    path("join/<str:username>/discard/", join.discard, name="join-discard"),
    path("join/<str:username>/somebody-else/", join.somebody_else, name="join-somebody-else"),
    path("join/<str:username>/mail/", join.mail_link, name="join-mail"),
    path("build-a-team/", build_team.show, name="build-team"),
    path("home/newcomers/", require_safe(newcomers.show), name="newcomers"),
    path("link/continue-joining/<str:secret>", join_link.continue_joining),
    path("link/continue-joining/<str:secret>/", join_link.continue_joining),
]
