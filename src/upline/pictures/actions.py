"""Taking pictures in: checked by their content, made anew, without whatever came along."""

import io
import secrets
import threading
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from upline.base import clock
from upline.pictures.errors import NotAPicture, PictureTooLarge
from upline.pictures.models import Picture

FORMATS = ("PNG", "JPEG", "WEBP")
BYTES_MAX = 2 * 1024 * 1024
PIXELS_MAX = 12_000_000
SIDE_MAX = 1024
# A decoded picture of 12 megapixels takes some 50 MB.
_decoding = threading.BoundedSemaphore(2)


def store(content: bytes, *, field: str = "image") -> Picture:
    """Keep an uploaded picture: decoded, scaled to at most 1024 pixels, encoded anew.

    Raises NotAPicture and PictureTooLarge, naming `field`. The size is read from the header,
    so a small file that would decode to a huge picture is refused before it is decoded."""
    image = _open(content, field)
    with _decoding:
        encoded, content_type = _encode(image, field)
    return Picture.objects.create(
        name=secrets.token_urlsafe(24),
        content=encoded,
        content_type=content_type,
        width=image.width,
        height=image.height,
        created_at=clock.now(),
    )


def _open(content: bytes, field: str) -> Image.Image:
    too_large = PictureTooLarge(fields={field: PictureTooLarge.sentence})
    if len(content) > BYTES_MAX:
        raise too_large
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise too_large from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotAPicture(fields={field: NotAPicture.sentence}) from error
    if image.width * image.height > PIXELS_MAX:
        raise too_large
    return image


def _encode(image: Image.Image, field: str) -> tuple[bytes, str]:
    try:
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((SIDE_MAX, SIDE_MAX))
        clear = upright.has_transparency_data
        plain = upright.convert("RGBA" if clear else "RGB")
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise NotAPicture(fields={field: NotAPicture.sentence}) from error
    # A new image from the pixels alone: metadata, profiles and trailing bytes stay behind.
    fresh = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    target = io.BytesIO()
    if clear:
        fresh.save(target, "PNG", optimize=True)
        return target.getvalue(), "image/png"
    fresh.save(target, "JPEG", quality=88)
    return target.getvalue(), "image/jpeg"
