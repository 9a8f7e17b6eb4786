"""A product's square picture, on a soft tint by which one knows its category again."""

from typing import NamedTuple
from zlib import crc32

from upline.design.faces import TINTS


class ProductPicture(NamedTuple):
    """What `<c-product>` shows. `picture` is an address, "" for none; `tint` 0 to 5."""

    picture: str
    tint: int


def product_picture(category: str, picture: str | None) -> ProductPicture:
    """The picture of a product; `picture` is its name."""
    address = f"/pictures/{picture}" if picture else ""
    return ProductPicture(address, crc32(category.encode()) % TINTS)
