"""A store's own pictures out of its brand: one hue the brand always gets, a mark of circles, its name where letters exist."""

import colorsys
import io
from dataclasses import dataclass
from hashlib import sha256

from PIL import Image, ImageDraw

from backend.images.store import PREFIX
from backend.operations.catalogue.smartstore_setup.letters import font_file, font_for

Colour = tuple[int, int, int]
_RECIPE = "store-picture-1"  # change the number when the drawing changes
_SMOOTH = 2  # drawn this many times larger, then reduced
_NAME_WIDTH = 0.78  # of the picture, at most
QUIET = 0.25  # of the bright colour in the ground, so that white letters stay readable on it
_WHITE = (255, 255, 255)


@dataclass(frozen=True)
class Palette:
    """`deep` carries white letters (contrast above 4.5), `soft` is its ground, `bright` its companion."""

    deep: Colour
    soft: Colour
    bright: Colour


def palette(brand: str) -> Palette:
    """The same brand gets the same colours for ever: the hue is read from its name."""
    digest = sha256(brand.strip().casefold().encode()).digest()
    hue = int.from_bytes(digest[:2]) / 65536
    return Palette(_rgb(hue, 0.30, 0.42), _rgb(hue, 0.93, 0.40), _rgb((hue + 0.08) % 1, 0.55, 0.45))


def picture_path(mall: str, brand: str, width: int, height: int) -> str:
    """Where that picture belongs, known before it is drawn: called by everything the drawing depends on."""
    font = font_file()
    recipe = f"{_RECIPE} {width} {height} {font.name if font else '-'} {brand}"
    return f"{PREFIX}{mall}/{sha256(recipe.encode()).hexdigest()[:20]}.png"


def store_picture(brand: str, width: int, height: int) -> bytes:
    """A PNG of that size; the name is left out when no font can write it or it would be too small to read."""
    colours, side = palette(brand), min(width, height) * _SMOOTH
    image = Image.new("RGB", (width * _SMOOTH, height * _SMOOTH), colours.deep)
    pen = ImageDraw.Draw(image)
    _ground(pen, image.size, colours, brand)
    mark_height = side * 0.34
    name = _name_size(brand, image.width * _NAME_WIDTH, side * 0.2)
    middle = image.height / 2
    _mark(pen, (image.width / 2, middle - (side * 0.12 if name else 0)), mark_height if name else side * 0.5, colours)
    if name:
        font = font_for(brand.strip(), name)
        pen.text((image.width / 2, middle + side * 0.24), brand.strip(), font=font, fill=_WHITE, anchor="mm")
    small = image.resize((width, height), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.quantize(256, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _ground(pen: ImageDraw.ImageDraw, size: tuple[int, int], colours: Palette, brand: str) -> None:
    """Three large quiet circles; where they lie follows from the brand."""
    digest = sha256(f"ground {brand}".encode()).digest()
    quiet = _between(colours.deep, colours.bright, QUIET)
    for number in range(3):
        x, y, r = (digest[number * 3 + part] / 255 for part in range(3))
        radius = max(size) * (0.12 + 0.16 * r)
        _circle(pen, (size[0] * x, size[1] * y), radius, _between(quiet, colours.deep, number / 3))


def _mark(pen: ImageDraw.ImageDraw, at: tuple[float, float], height: float, colours: Palette) -> None:
    """A disc with a smaller one rising behind it: a shape of its own that says nothing wrong in any language."""
    x, y = at
    _circle(pen, (x + height * 0.22, y - height * 0.16), height * 0.34, colours.bright)
    _circle(pen, (x - height * 0.12, y + height * 0.08), height * 0.42, colours.soft)
    _circle(pen, (x - height * 0.12, y + height * 0.08), height * 0.2, colours.deep)


def _name_size(brand: str, width: float, most: float) -> int:
    """The largest size at which the name fits; 0 when it cannot be written or would come out below 24 px."""
    text = brand.strip()
    font = font_for(text, int(most))
    if font is None:
        return 0
    size = int(min(most, most * width / max(1, font.getlength(text))))
    return size if size >= 24 * _SMOOTH else 0


def _circle(pen: ImageDraw.ImageDraw, at: tuple[float, float], radius: float, fill: Colour) -> None:
    x, y = at
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def _between(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _rgb(hue: float, lightness: float, saturation: float) -> Colour:
    red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, lightness, saturation))
    return red, green, blue
