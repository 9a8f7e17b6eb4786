from upline.base.errors import Refusal


class KycNotVerified(Refusal):
    code, status = "1019", 403
    meaning = "KYC not verified"
    sentence = "The office must verify who you are before you can do this."
