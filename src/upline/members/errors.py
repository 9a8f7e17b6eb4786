from upline.base.errors import Conflict, FieldsWrong, NotFound, Refusal
from upline.language import gettext, lazy


class ApiKeyWrong(Refusal):
    code, status = "1001", 401
    meaning = "Invalid API key: missing, unknown or revoked"
    sentence = lazy("The api_key is missing, unknown or revoked.")


class AccessTokenWrong(Refusal):
    code, status = "1002", 401
    meaning = "Invalid access token: missing, unknown, expired or revoked, or the member is blocked"
    sentence = lazy("The access_token is missing, unknown, expired or revoked.")


class CredentialsWrong(Refusal):
    code, status = "1003", 401
    meaning = "Invalid username or password"
    sentence = lazy("The username or the password is wrong.")


class LoginBlocked(Refusal):
    code, status = "1005", 403
    meaning = "Login blocked by the office, or for a while after too many failed attempts"
    sentence = lazy("The office has blocked this login.")


class LoginLocked(Refusal):
    code, status = "1005", 429
    sentence = lazy("Too many failed logins. Try again later.")


class UsernameTaken(Refusal):
    code, status = "1010", 422
    meaning = "Username already exists"
    sentence = lazy("This username is not available.")

    def __init__(self) -> None:
        super().__init__(fields={"username": self.sentence})


class EmailInUse(FieldsWrong):
    taken = lazy("Another member already has this e-mail address.")

    def __init__(self) -> None:
        super().__init__(fields={"email": self.taken})


class CurrentPasswordWrong(FieldsWrong):
    def __init__(self) -> None:
        super().__init__(fields={"current_password": gettext("This is not your current password.")})


class PasswordsAlike(FieldsWrong):
    def __init__(self, field: str) -> None:
        sentence = gettext("The login password and the transaction password must differ.")
        super().__init__(fields={field: sentence})


class CodeWrong(FieldsWrong):
    def __init__(self) -> None:
        super().__init__(fields={"code": gettext("This code is wrong or has already been used.")})


class UsernameNotFound(Refusal):
    code, status = "1011", 422
    meaning = "Username not found"
    sentence = lazy("No member has this username.")


class TransactionPasswordWrong(Refusal):
    code, status = "1015", 422
    meaning = "Incorrect transaction password, or none set yet"
    sentence = lazy("The transaction password is wrong, or you have not set one yet.")

    def __init__(self, field: str = "transaction_password") -> None:
        super().__init__(fields={field: self.sentence})


class LinkUsedUp(NotFound):
    sentence = lazy(
        "This link has already been used, or it is older than 30 minutes. Request a new one."
    )


class UndoUsedUp(LinkUsedUp):
    sentence = lazy("This change has already been undone, or it is too old to undo.")


class ConfirmationUsedUp(LinkUsedUp):
    sentence = lazy("This order has already been confirmed, or it can no longer be confirmed.")


class InvitationUsedUp(LinkUsedUp):
    sentence = lazy(
        "This invitation has already been used, or it is older than 3 days. Ask an "
        "owner for a new one."
    )


class AlreadyJoined(Conflict):
    """The draft has made a member or customer already; `member_id` says whom."""

    sentence = lazy("You have already joined.")

    def __init__(self, member_id: int) -> None:
        super().__init__()
        self.member_id = member_id


class DraftChanged(Conflict):
    sentence = lazy(
        "You changed something in another tab or on another device. Check what is here now, and "
        "press the button again."
    )


class DraftGone(Conflict):
    sentence = lazy("What you typed before is no longer here: it is kept for 7 days.")
