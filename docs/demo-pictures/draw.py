"""Draws the demo's products, one of Fluent Emoji 3D on the tint of its category, and keeps the
portraits that portraits.mjs has drawn.

    npm install @dicebear/core@9.4.3 @dicebear/notionists@9.4.3 @resvg/resvg-js
    npm pack @lobehub/fluent-emoji-3d@1.1.0 && tar xzf lobehub-fluent-emoji-3d-1.1.0.tgz
    node portraits.mjs drawn
    python draw.py package/assets drawn ../../src/upline/demo/drawings
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

SIDE, OBJECT = 1200, 760
PACKS, TEA, PANTRY, CARE, HOME = "#e8e1d3", "#d6e6da", "#f6e3bf", "#f3dcd6", "#d9e4ec"
WARES = {
    "first-cup": (PACKS, "1f4e6"), "tea-table": (PACKS, "1f381"),
    "full-pantry": (PACKS, "1f6cd-fe0f"),
    "morning-hill": (TEA, "1f375"), "hearth-black": (TEA, "2615"), "garden-mint": (TEA, "1f33f"),
    "teapot": (TEA, "1fad6"), "honey": (PANTRY, "1f36f"), "lemon-syrup": (PANTRY, "1f34b"),
    "olives": (PANTRY, "1fad2"), "chocolate": (PANTRY, "1f36b"), "soap": (CARE, "1f9fc"),
    "body-milk": (CARE, "1f9f4"), "rose-water": (CARE, "1f339"), "slow-bath": (CARE, "1f6c1"),
    "candle": (HOME, "1f56f-fe0f"), "basket": (HOME, "1f9fa"), "scarf": (HOME, "1f9e3"),
    "socks": (HOME, "1f9e6"), "plant": (HOME, "1fab4"), "amphora": (HOME, "1f3fa"),
    "chair": (HOME, "1fa91"),
}  # fmt: skip


def product(emoji: Image.Image, tint: str) -> Image.Image:
    """The object in the middle, with a soft shadow, so that it stands somewhere."""
    emoji = emoji.crop(emoji.getchannel("A").getbbox())
    scale = OBJECT / max(emoji.size)
    width, height = (round(each * scale) for each in emoji.size)
    large = emoji.resize((width, height), Image.Resampling.LANCZOS)
    large = large.filter(ImageFilter.UnsharpMask(3, 90, 2))
    left, top = (SIDE - width) // 2, (SIDE - height) // 2 - 10
    shade, half, bottom = Image.new("L", (SIDE, SIDE), 0), width * 0.42, top + height
    around = (SIDE / 2 - half, bottom - 46, SIDE / 2 + half, bottom + 44)
    ImageDraw.Draw(shade).ellipse(around, fill=64)
    picture = Image.new("RGB", (SIDE, SIDE), tint)
    dark = Image.new("RGB", (SIDE, SIDE), "#2b2620")
    picture.paste(dark, (0, 0), shade.filter(ImageFilter.GaussianBlur(26)))
    picture.paste(large, (left, top), large)
    return picture


def main(emojis: Path, portraits: Path, target: Path) -> None:
    for folder in ("products", "portraits"):
        (target / folder).mkdir(parents=True, exist_ok=True)
    for name, (tint, code) in WARES.items():
        drawn = product(Image.open(emojis / f"{code}.webp").convert("RGBA"), tint)
        drawn.save(target / "products" / f"{name}.webp", quality=84, method=6)
    for each in portraits.glob("*.png"):
        head = Image.open(each).convert("RGB")
        head.save(target / "portraits" / f"{each.stem}.webp", quality=76, method=6)


if __name__ == "__main__":
    main(*(Path(each) for each in sys.argv[1:4]))
