"""Raster originals for some demo products: the motif of their drawing on a plain ground, in the sizes merchants really have.

Markets take no drawings in SVG, so only these give PRO something to make thumbnails from. Every byte follows from the
product's code, and no two shops share a file.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from backend.images.store import keep
from backend.products.models import SaleStatus
from backend.seed.description import ShopDescription
from backend.seed.images import MOTIFS
from backend.seed.products import SeededProduct

_STEP = re.compile(r"([MLQHVZ])([^MLQHVZ]*)")
Point = tuple[float, float]


@dataclass(frozen=True)
class Shot:
    """How a picture was taken: pixels, JPEG quality, a cut-out without ground (PNG), grain that makes the file heavy."""

    width: int
    height: int
    quality: int = 88
    cut_out: bool = False
    grain: bool = False


SHOTS = (
    Shot(1200, 1200), Shot(800, 600), Shot(600, 800), Shot(480, 480), Shot(1280, 853), Shot(300, 400),
    Shot(1000, 1000, cut_out=True), Shot(2000, 1500, quality=98, grain=True), Shot(700, 700), Shot(900, 1200),
    Shot(560, 420, cut_out=True), Shot(1080, 1080),
)  # fmt: skip


def give_originals(shop: ShopDescription, products: list[SeededProduct], most: int) -> None:
    """The first `most` products on sale get a kept picture instead of the drawing."""
    sold = [p for p in products if p.base and p.row["status"] is SaleStatus.ON_SALE]
    for number, product in enumerate(sold[:most]):
        shot = SHOTS[number % len(SHOTS)]
        content = take(shot, product.category.motif, product.category.tint, f"{shop.mall_id} {product.row['code']}")
        product.row["image"] = keep(shop.mall_id, content, "png" if shot.cut_out else "jpg")


def take(shot: Shot, motif: str, tint: str, seed: str) -> bytes:
    """The file; the same for the same arguments. `seed` moves the motif and its ground a little."""
    dice, colour = Random(seed), _colour(tint)
    size = (shot.width, shot.height)
    ground = (*_mix(colour, (255, 255, 255), dice.uniform(0.78, 0.9)), 0 if shot.cut_out else 255)
    image = Image.new("RGBA", size, ground)
    scale = min(size) / 100 * dice.uniform(0.86, 1.0)
    left, top = ((length - 100 * scale) / 2 for length in size)
    pen, width = ImageDraw.Draw(image), max(2, round(scale * 2))
    for line in _lines(MOTIFS[motif]):
        points = [(left + x * scale, top + y * scale) for x, y in line]
        if len(points) > 2 and points[0] == points[-1]:
            pen.polygon(points, fill=(*_mix(colour, (255, 255, 255), 0.35), 255))
        pen.line(points, fill=(*colour, 255), width=width, joint="curve")
    file = io.BytesIO()
    if shot.cut_out:
        image.save(file, "PNG", compress_level=3)
    else:
        whole = image.convert("RGB")
        if shot.grain:
            noise = Image.frombytes("L", size, dice.randbytes(shot.width * shot.height)).convert("RGB")
            whole = Image.blend(whole, noise, 0.22)
        whole.save(file, "JPEG", quality=shot.quality)
    return file.getvalue()


def _lines(path: str) -> Iterator[list[Point]]:
    """The strokes of a motif, curves as short straight pieces; a closed stroke ends where it begins."""
    line: list[Point] = []
    for step, given in _STEP.findall(path):
        numbers = [float(n) for n in given.split()]
        if step == "M":
            if line:
                yield line
            line = []
        if step == "H":
            line += [(x, line[-1][1]) for x in numbers]
        elif step == "V":
            line += [(line[-1][0], y) for y in numbers]
        elif step == "Z":
            line.append(line[0])
        elif step == "Q":
            for at in range(0, len(numbers), 4):
                line += _curve(line[-1], (numbers[at], numbers[at + 1]), (numbers[at + 2], numbers[at + 3]))
        else:
            line += zip(numbers[::2], numbers[1::2], strict=True)
    if line:
        yield line


def _curve(start: Point, bend: Point, end: Point, pieces: int = 10) -> list[Point]:
    found = []
    for number in range(1, pieces + 1):
        t = number / pieces
        found.append((
            (1 - t) ** 2 * start[0] + 2 * (1 - t) * t * bend[0] + t * t * end[0],
            (1 - t) ** 2 * start[1] + 2 * (1 - t) * t * bend[1] + t * t * end[1],
        ))  # fmt: skip
    return found


def _colour(tint: str) -> tuple[int, int, int]:
    return int(tint[:2], 16), int(tint[2:4], 16), int(tint[4:], 16)


def _mix(colour: tuple[int, int, int], other: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue
