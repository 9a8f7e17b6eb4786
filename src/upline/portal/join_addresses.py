"""The addresses of joining with a member's link."""

from django.urls import path

from upline.portal import join, join_last

urlpatterns = [
    # People who copy by hand leave the last slash out.
    path("join/<str:username>", join.face),
    path("join/<str:username>/", join.face, name="join"),
    path("join/<str:username>/pack/", join.pack, name="join-pack"),
    path("join/<str:username>/you/", join.you, name="join-you"),
    path("join/<str:username>/pay/", join_last.pay, name="join-pay"),
    path("join/<str:username>/buy/", join_last.buy, name="join-buy"),
    path("join/<str:username>/discard/", join.discard, name="join-discard"),
]
