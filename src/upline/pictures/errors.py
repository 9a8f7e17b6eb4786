from upline.base.errors import Refusal
from upline.language import lazy


class NotAPicture(Refusal):
    code, status = "1017", 422
    meaning = "File type not supported: send PNG, JPEG or WebP"
    sentence = lazy("The file must be a picture: PNG, JPEG or WebP.")


class PictureTooLarge(Refusal):
    code, status = "1018", 422
    meaning = "File size exceeded: at most 10 MiB and 50 megapixels"
    sentence = lazy("The picture must have at most 10 MiB and 50 megapixels.")
