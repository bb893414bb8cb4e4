"""Small picture files for tests."""

import io
from typing import Any

from PIL import Image


def picture(width: int, height: int, mode: str = "RGB", form: str = "JPEG", colour: Any = None, **how: Any) -> bytes:
    """One colour all over, by default a red that no white or black can be mistaken for."""
    plain = {
        "RGB": (200, 30, 40),
        "RGBA": (200, 30, 40, 255),
        "L": 90,
        "P": 3,
        "CMYK": (0, 200, 200, 20),
        "LA": (90, 255),
        "1": 0,
    }
    image = Image.new(mode, (width, height), plain[mode] if colour is None else colour)
    file = io.BytesIO()
    image.save(file, form, **how)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image
