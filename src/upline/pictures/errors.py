from upline.base.errors import Refusal


class NotAPicture(Refusal):
    code, status = "1017", 422
    sentence = "The file must be a picture: PNG, JPEG or WebP."


class PictureTooLarge(Refusal):
    code, status = "1018", 422
    sentence = "The picture must have at most 10 MiB and 50 megapixels."
