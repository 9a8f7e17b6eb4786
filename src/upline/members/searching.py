"""Finding members by whatever identifies them: name, username, e-mail address, phone number, city.

How words and numbers are compared is in migrations/search.sql.
"""

from django.db.models import Q
from django.db.models.expressions import RawSQL

_MATCHING = "SELECT user_id FROM members_member WHERE search @@ members_search_query(%s)"


def members_matching(said: str, member_id: str = "member_id") -> Q:
    """Rows whose member is meant by `said`: each word of it begins a word of theirs, without
    regard to case and accents; or it is their phone number, in whatever notation. `member_id`
    names the row's column with the member."""
    return Q(**{f"{member_id}__in": RawSQL(_MATCHING, [said])})  # noqa: S611 (a parameter)
