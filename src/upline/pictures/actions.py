"""Taking pictures in: checked by their content, made anew, without whatever came along."""

import io
import secrets
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from PIL import ExifTags, Image, UnidentifiedImageError
from PIL.Image import Transpose

from upline.base import clock
from upline.pictures.errors import NotAPicture, PictureTooLarge
from upline.pictures.models import Picture

FORMATS = ("PNG", "JPEG", "WEBP")
BYTES_MAX = 10 * 1024 * 1024
# Phones make pictures of 12 to 48 megapixels.
PIXELS_MAX = 50_000_000
SIDE_MAX = 1024
# A progressive JPEG has some 10 scans. Each passes over the whole picture, so thousands of
# empty ones would keep a processor busy for hours.
SCANNED_PIXELS_MAX = 1_200_000_000
_SCAN = b"\xff\xda"
# A JPEG shrinks while it is decoded; a WebP of 50 megapixels takes 800 MB until it is small.
# So a process decodes one large picture at a time. In threads of their own, since each thread
# keeps some of the memory that it once used.
LARGE_PIXELS = 12_000_000
_decoders = ThreadPoolExecutor(2)
_decoder_of_large = ThreadPoolExecutor(1)
# What cameras write into EXIF's Orientation, and what puts the picture upright.
_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Drawn:
    """A picture drawn anew, to be kept."""

    content: bytes
    content_type: str
    width: int
    height: int


def draw_anew(content: bytes, *, field: str = "image") -> Drawn:
    """Decode a picture, scale it to at most 1024 pixels, encode it anew. It may take a second:
    do it before a transaction.

    Raises NotAPicture and PictureTooLarge, naming `field`. The size is read from the header,
    so a small file that would decode to a huge picture is refused before it is decoded."""
    image = _open(content, field)
    is_large = image.width * image.height > LARGE_PIXELS
    decoder = _decoder_of_large if is_large else _decoders
    return decoder.submit(_draw, image, field).result()


def keep(drawn: Drawn) -> Picture:
    """Keep a picture under a name that nobody can guess."""
    return Picture.objects.create(
        name=secrets.token_urlsafe(24), created_at=clock.now(), **asdict(drawn)
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
    pixels = image.width * image.height
    if pixels > PIXELS_MAX:
        raise too_large
    if image.format == "JPEG" and content.count(_SCAN) * pixels > SCANNED_PIXELS_MAX:
        raise NotAPicture(fields={field: NotAPicture.sentence})
    return image


def _draw(image: Image.Image, field: str) -> Drawn:
    pixels = _decode(image, field)
    encoded, content_type = _encode(pixels)
    return Drawn(encoded, content_type, pixels.width, pixels.height)


def _decode(image: Image.Image, field: str) -> Image.Image:
    """The pixels alone, upright and small: metadata, profiles and trailing bytes stay behind."""
    try:
        small = _in_8_bits(image)
        small.thumbnail((SIDE_MAX, SIDE_MAX))
        small.load()
        turn = _turn_of(image)
        upright = small if turn is None else small.transpose(turn)
        plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except Exception as error:
        # Decoders raise whatever a broken file makes of them: OSError, ValueError, struct.error.
        raise NotAPicture(fields={field: NotAPicture.sentence}) from error
    return Image.frombytes(plain.mode, plain.size, plain.tobytes())


def _turn_of(image: Image.Image) -> Transpose | None:
    """How to turn the picture upright. Odd EXIF data, which cameras do write, turn nothing."""
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:
        return None


def _in_8_bits(image: Image.Image) -> Image.Image:
    """A grey picture of 16 bits as one of 8: Pillow itself would make it white."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")


def _encode(pixels: Image.Image) -> tuple[bytes, str]:
    target = io.BytesIO()
    if pixels.mode == "RGBA":
        pixels.save(target, "PNG", optimize=True)
        return target.getvalue(), "image/png"
    pixels.save(target, "JPEG", quality=88)
    return target.getvalue(), "image/jpeg"
