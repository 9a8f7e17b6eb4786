"""What must always hold of events and of the mails that deliver them."""

from upline.base.event_kinds import DESCRIBED
from upline.books.invariant import EVENT, MAIL, Invariant
from upline.language import lazy
from upline.mailings.models import MAIL_OF


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))


_KINDS = ", ".join(f"('{kind}', ARRAY[{_listed(each.data)}])" for kind, each in DESCRIBED.items())
_MAILS = ", ".join(f"('{kind}', '{mail}')" for kind, mail in MAIL_OF.items())

EVENTS = [
    Invariant(
        lazy("Each event has the data that its kind names"),
        EVENT,
        f"""SELECT event.id AS event FROM events_event event
           LEFT JOIN (VALUES {_KINDS}) AS known (kind, names) ON known.kind = event.kind
           WHERE known.names IS DISTINCT FROM
               ARRAY(SELECT name FROM jsonb_object_keys(event.data) AS name
                     ORDER BY name COLLATE "C")""",  # noqa: S608 - words of our own
    ),
    Invariant(
        lazy("Each event was written by a transaction that has begun"),
        EVENT,
        """SELECT id AS event FROM events_event
           WHERE transaction >= events_base()
               + greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
                          coalesce(pg_current_xact_id_if_assigned()::text::bigint, 0) + 1)""",
    ),
    Invariant(
        lazy("Each mail that delivers an event is the mail of its kind"),
        MAIL,
        f"""SELECT mail.id AS mail FROM mailings_mail mail
           JOIN events_event event ON event.id = mail.event_id
           WHERE (event.kind, mail.kind) NOT IN (VALUES {_MAILS})""",  # noqa: S608
    ),
]
