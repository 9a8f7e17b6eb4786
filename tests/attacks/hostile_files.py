"""Files that somebody might upload as a picture: broken, bombs, disguised, or with cargo."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

from PIL import Image, ImageCms, PngImagePlugin

PHP = b"<?php system($_GET['c']); ?>"
SCRIPT = b"<script>alert(document.domain)</script>"
GPS_IFD, ORIENTATION = 0x8825, 0x0112


def picture(
    kind: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object
) -> bytes:
    """A good picture: red above, blue below, with a green corner at the top left."""
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 30, 200), (0, size[1] // 2, size[0], size[1]))
    image.paste((30, 200, 30), (0, 0, size[0] // 4, size[1] // 4))
    return saved(image.convert(mode), kind, **options)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def noise(kind: str, size: tuple[int, int]) -> bytes:
    """A picture that cannot be made small."""
    pixels = random.Random(1).randbytes(size[0] * size[1] * 3)
    return saved(Image.frombytes("RGB", size, pixels), kind)


def chunk(name: bytes, content: bytes, crc: int | None = None) -> bytes:
    check = zlib.crc32(name + content) if crc is None else crc
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def png(width: int, height: int, *more: bytes, bits: int = 1, colour: int = 0) -> bytes:
    """A PNG put together by hand: header, `more` chunks as they are, end."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(more) + chunk(b"IEND", b"")


def zeros(count: int) -> bytes:
    """So many zero bytes, deflated piece by piece."""
    packer = zlib.compressobj(9)
    piece = bytes(1 << 20)
    packed = [packer.compress(piece) for _ in range(count // len(piece))]
    packed.append(packer.compress(bytes(count % len(piece))))
    return b"".join([*packed, packer.flush()])


def png_bomb(width: int, height: int) -> bytes:
    """A whole and valid PNG of one bit a pixel: deflate makes a thousandth of it."""
    return png(width, height, chunk(b"IDAT", zeros(height * (1 + (width + 7) // 8))))


def jpeg_bomb(width: int, height: int) -> bytes:
    """A JPEG whose header promises more pixels than it has."""
    good = picture("JPEG", (16, 16))
    at = good.index(b"\xff\xc0") + 5
    return good[:at] + struct.pack(">HH", height, width) + good[at + 4 :]


def webp_bomb() -> bytes:
    """As many pixels as WebP can have, in one colour."""
    return saved(Image.new("L", (16383, 16383)), "WEBP", lossless=True, method=0)


def with_exif(kind: str, orientation: int = 6) -> bytes:
    """A picture that knows where it was taken, and which way up it is to be shown."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "CanaryCamera"
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (52.0, 31.0, 12.025), 3: "E", 4: (13.0, 24.0, 17.8)})
    return picture(kind, exif=exif.tobytes())


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("shell.php", PHP)
    return target.getvalue()


def good_but_odd() -> dict[str, bytes]:
    """What must be taken: real pictures, however strange."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "canary " * 1000)
    many = [Image.new("RGB", (40, 40), (5 * n, 0, 0)) for n in range(50)]
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return {
        "plain.png": picture("PNG"),
        "plain.jpg": picture("JPEG"),
        "plain.webp": picture("WEBP"),
        "clear.png": picture("PNG", mode="RGBA"),
        "palette.png": picture("PNG", mode="P"),
        "black-and-white.png": picture("PNG", mode="1"),
        "grey.jpg": picture("JPEG", mode="L"),
        "cmyk.jpg": picture("JPEG", mode="CMYK"),
        "progressive.jpg": picture("JPEG", progressive=True),
        "16-bit.png": saved(Image.new("I;16", (64, 48), 40000), "PNG"),
        "one-pixel.png": picture("PNG", (1, 1)),
        "65535x1.png": png(65535, 1, chunk(b"IDAT", zeros(1 + 8192))),
        "1x65535.png": png(1, 65535, chunk(b"IDAT", zeros(2 * 65535))),
        "gps.jpg": with_exif("JPEG"),
        "gps.png": with_exif("PNG"),
        "gps.webp": with_exif("WEBP"),
        "php-tail.png": picture("PNG") + PHP,
        "php-tail.jpg": picture("JPEG") + PHP,
        "php-tail.webp": picture("WEBP") + PHP,
        "script-tail.png": picture("PNG") + SCRIPT,
        "zip-tail.png": picture("PNG") + zipped(),
        "php-comment.jpg": picture("JPEG", comment=PHP),
        "php-text.png": picture("PNG", pnginfo=text),
        "profile.jpg": picture("JPEG", icc_profile=profile),
        "php-profile.png": picture("PNG", icc_profile=PHP * 100),
        "apng.png": saved(many[0], "PNG", save_all=True, append_images=many[1:]),
        "animated.webp": saved(many[0], "WEBP", save_all=True, append_images=many[1:]),
        "named.exe": picture("JPEG"),
    }


def not_pictures() -> dict[str, bytes]:
    """What must be refused with 1017: no picture of the three kinds, or no whole one."""
    good = picture("PNG")
    crc = bytearray(good)
    crc[29] ^= 0xFF
    data = bytearray(good)
    data[-20] ^= 0xFF
    return {
        "empty.png": b"",
        "zeros.png": bytes(1000),
        "text.png": b"this is no picture",
        "gif.png": picture("GIF", mode="P"),
        "bmp.png": picture("BMP"),
        "tiff.png": picture("TIFF"),
        "ico.png": picture("ICO"),
        "ppm.png": picture("PPM"),
        "eps.png": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n%%EOF",
        "svg.png": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "html.png": b"<!doctype html><script>alert(1)</script>",
        "php.png": PHP,
        "zip.png": zipped(),
        "pdf.png": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
        "riff.webp": b"RIFF\x24\x00\x00\x00WAVEfmt ",
        "signature-only.png": good[:8],
        "signature-only.jpg": b"\xff\xd8\xff",
        "signature-only.webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        "header-crc.png": bytes(crc),
        "data-crc.png": bytes(data),
        "no-data.png": png(8, 8),
        "zero-size.png": png(0, 0, chunk(b"IDAT", zeros(1))),
        "short-data.png": png(3000, 3000, chunk(b"IDAT", zeros(10))),
        "not-deflated.png": png(8, 8, chunk(b"IDAT", b"not deflated at all")),
        "odd-bits.png": png(8, 8, chunk(b"IDAT", zeros(16)), bits=7),
        "short-jpeg.jpg": jpeg_bomb(3000, 3000)[:300],
        "text-bomb.png": png(8, 8, chunk(b"zTXt", b"k\x00\x00" + zeros(1 << 27)),
                             chunk(b"IDAT", zeros(16))),
        "endless-chunk.png": good[:33] + struct.pack(">I", 0x7FFFFFFF) + b"tEXt" + bytes(64),
    }  # fmt: skip


def too_large() -> dict[str, bytes]:
    """What must be refused with 1018: too many bytes, or too many pixels."""
    return {
        "heavy.png": noise("PNG", (1900, 1900)),
        "heavy-tail.jpg": picture("JPEG") + bytes(10 * 1024 * 1024),
        "5001x10001.png": png_bomb(5001, 10001),
        "900-megapixels.png": png_bomb(30000, 30000),
        "900-megapixels.jpg": jpeg_bomb(30000, 30000),
        "2-gigapixels.png": png(0x7FFFFFFF, 1, chunk(b"IDAT", zeros(64))),
        "65535x65535.png": png(65535, 65535, chunk(b"IDAT", zeros(64))),
        "268-megapixels.webp": webp_bomb(),
    }


def broken() -> Iterator[tuple[str, bytes]]:
    """Good pictures cut short and with bytes changed: each is taken or refused, never a crash."""
    chance = random.Random(7)
    sources = {
        "png": picture("PNG"),
        "jpg": with_exif("JPEG"),
        "webp": with_exif("WEBP"),
        "apng": good_but_odd()["apng.png"],
    }
    for kind, good in sources.items():
        for cut in sorted({len(good) * step // 16 for step in range(1, 16)} | {9, 21, 33, 40}):
            yield f"{kind} cut at {cut}", good[:cut]
        for number in range(25):
            spoiled = bytearray(good)
            for _ in range(chance.choice((1, 3, 20))):
                spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
            yield f"{kind} spoiled {number}", bytes(spoiled)
