"""What a kept picture is: its size in pixels and bytes, read from its head without drawing it."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image

from backend.images.store import SUFFIXES, file_of

MOST_PIXELS = 80_000_000  # more would be a trap for the memory of whoever draws it
UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Picture:
    """Pixels and bytes."""

    width: int
    height: int
    weight: int

    @property
    def megabytes(self) -> float:
        return round(self.weight / 1_000_000, 2)

    def __str__(self) -> str:
        weight = f"{self.megabytes:.1f} MB" if self.weight >= 1_000_000 else f"{max(1, self.weight // 1000)} KB"
        return f"{self.width}×{self.height} · {weight}"


def picture_at(path: str | None) -> Picture | None:
    """None when there is no such file of ours, or nothing in it that can be drawn."""
    file = file_of(path)
    if file is None:
        return None
    try:
        return _look(file, file.stat().st_size)
    except OSError:
        return None


@lru_cache(maxsize=20_000)
def _look(file: Path, weight: int) -> Picture | None:
    """Cached: a file never changes under its name."""
    try:
        with Image.open(file, formats=tuple(SUFFIXES)) as image:
            width, height = image.size
    except UNREADABLE:
        return None
    return Picture(width, height, weight) if 0 < width * height <= MOST_PIXELS else None
