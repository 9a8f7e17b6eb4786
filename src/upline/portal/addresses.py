"""The addresses of the portal."""

from django.urls import path, re_path
from django.views.decorators.http import require_GET, require_http_methods

from upline.portal import door, earnings, home, link_picture, me, share, team, tree
from upline.portal import join_addresses as joining
from upline.portal.money import addresses as money
from upline.portal.shop import addresses as shop

urlpatterns = [
    path("sign-in/", door.sign_in, name="sign-in"),
    path("sign-in/forgot/", door.forgot, name="forgot"),
    path("sign-out/", door.sign_out, name="sign-out"),
    *joining.urlpatterns,
    path("home/", require_GET(home.show), name="home"),
    path("me/", me.show, name="me"),
    path("earnings/", require_GET(earnings.overview), name="earnings"),
    path("earnings/so-far/", require_GET(earnings.so_far), name="earnings-so-far"),
    re_path(
        r"^earnings/(?P<run_id>[0-9]{1,18})/$",
        require_GET(earnings.period),
        name="earnings-period",
    ),
    re_path(
        r"^earnings/(?P<run_id>[0-9]{1,18})/statement\.(?P<kind>pdf|csv)$",
        require_GET(earnings.paper),
        name="earnings-paper",
    ),
    *money.urlpatterns,
    path("tree/", require_GET(tree.show), name="tree"),
    path("tree/sponsored/", require_GET(tree.show), {"by_sponsor": True}, name="tree-sponsored"),
    path("tree/find/", require_GET(tree.find), name="tree-find"),
    path("tree/place/", require_GET(tree.place), name="tree-place"),
    re_path(
        r"^tree/branch/(?P<tree>placed|sponsored)/$", require_GET(tree.branch), name="tree-branch"
    ),
    re_path(r"^tree/way/(?P<tree>placed|sponsored)/$", require_GET(tree.way), name="tree-way"),
    *shop.urlpatterns,
    path("share/", require_GET(share.show), name="share"),
    path("share/qr.png", require_GET(share.code_file), name="share-code"),
    re_path(
        r"^share/(?P<username>[A-Za-z0-9._-]{3,30})/(?P<digest>[0-9a-f]{32})\.png$",
        require_GET(link_picture.picture),
        name="link-picture",
    ),
    path("team/", require_http_methods(["GET", "HEAD", "POST"])(team.people), name="team"),
    re_path(
        r"^team/(?P<username>[A-Za-z0-9._-]{3,30})/$", require_GET(team.one), name="team-member"
    ),
]
