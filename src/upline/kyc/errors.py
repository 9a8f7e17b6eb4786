from upline.base.errors import Refusal
from upline.language import lazy


class KycNotVerified(Refusal):
    code, status = "1019", 403
    meaning = "KYC not verified"
    sentence = lazy("The office must verify who you are before you can do this.")
