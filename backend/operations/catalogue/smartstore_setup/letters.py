"""A font of this machine that can write a brand's name, or none: better no letters than boxes."""

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

#: where systems keep the Noto fonts with Hangul; a collection (.ttc) holds the Korean face beside the Japanese
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "~/.fonts", "~/.local/share/fonts")
_NAMES = (
    "NotoSansCJK-Bold.ttc", "NotoSansCJKkr-Bold.otf", "NotoSansKR-Bold.otf", "NotoSansKR-Bold.ttf",
    "NotoSansCJK-Regular.ttc", "NotoSansCJKkr-Regular.otf", "NotoSansKR-Regular.otf", "NotoSansKR-Regular.ttf",
)  # fmt: skip
_KOREAN = 1  # face of a Noto collection
_NOBODYS = "\U0010fffe"  # no font has it: it is drawn as the box that stands for what is missing


def font_for(text: str, size: int) -> ImageFont.FreeTypeFont | None:
    """None when no font is installed or it lacks one of the letters. `size` in pixels."""
    file = font_file()
    if file is None or not text.strip():
        return None
    font = ImageFont.truetype(str(file), size, index=_KOREAN if file.suffix == ".ttc" else 0)
    box = bytes(font.getmask(_NOBODYS))
    return font if all(char.isspace() or _drawn(font, char, box) for char in text) else None


@lru_cache
def font_file() -> Path | None:
    folders = [folder for name in _FOLDERS if (folder := Path(name).expanduser()).is_dir()]
    for name in _NAMES:
        for folder in folders:
            if found := min(folder.rglob(name), default=None):
                return found
    return None


def _drawn(font: ImageFont.FreeTypeFont, char: str, box: bytes) -> bool:
    mask = bytes(font.getmask(char))
    return bool(mask) and mask != box
