"""Draws a picture anew onto a white square of the size a market wants: whole, in the middle, never stretched."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from backend.images.store import SUFFIXES

WHITE = (255, 255, 255)
_QUALITIES = (92, 86, 78, 68, 56, 44, 32)


class TooHeavy(ValueError):
    """No quality gets the picture under the largest weight."""


@dataclass(frozen=True)
class Canvas:
    """`side` in pixels, `most_bytes` of the file; a small picture is enlarged `most_enlarged` times at most."""

    side: int
    most_bytes: int
    most_enlarged: float

    @property
    def recipe(self) -> str:
        """Everything the drawing depends on besides the original; change the number when the drawing changes."""
        return f"white-square-1 {self.side} {self.most_bytes} {self.most_enlarged}"


def draw(original: Path, canvas: Canvas) -> bytes:
    """The JPEG file; raises OSError for a file that is no picture and TooHeavy."""
    with Image.open(original, formats=tuple(SUFFIXES)) as opened:
        opened.draft("RGB", (canvas.side, canvas.side))  # a large JPEG need not be decoded in full
        image = _on_white(ImageOps.exif_transpose(opened))
    scale = min(canvas.side / max(image.size), canvas.most_enlarged)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    if size != image.size:
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    square = Image.new("RGB", (canvas.side, canvas.side), WHITE)
    square.paste(image, ((canvas.side - size[0]) // 2, (canvas.side - size[1]) // 2))
    return _as_jpeg(square, canvas.most_bytes)


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", clear.size, (*WHITE, 255)), clear).convert("RGB")


def _as_jpeg(image: Image.Image, most_bytes: int) -> bytes:
    for quality in _QUALITIES:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
        if file.tell() <= most_bytes:
            return file.getvalue()
    raise TooHeavy(f"no quality gets under {most_bytes} bytes")
