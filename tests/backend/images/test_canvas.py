"""A picture drawn for a market: its size, on white, whole, in the middle, and never over its weight."""

import io
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.images.canvas import Canvas, TooHeavy, draw
from tests.backend.images.build import opened, picture

WHITE = (255, 255, 255)


def drawn(content: bytes, folder: Path, canvas: Canvas) -> Image.Image:
    file = folder / "original"
    file.write_bytes(content)
    return opened(draw(file, canvas))


def box(image: Image.Image) -> tuple[int, int, int, int]:
    """Where something stands on the white; JPEG blurs an edge by a few pixels."""
    found = image.convert("L").point(lambda v: 255 if v < 200 else 0).getbbox()
    assert found is not None
    return found


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 900), st.integers(1, 900), st.sampled_from([100, 300, 500]), st.sampled_from([1.0, 2.0]))
def test_any_picture_is_whole_in_the_middle_of_the_white_square(
    width: int, height: int, side: int, most: float
) -> None:
    file = io.BytesIO(picture(width, height, form="PNG"))
    image = opened(draw(file, Canvas(side, 5_000_000, most)))  # type: ignore[arg-type]
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (side, side))
    scale = min(side / max(width, height), most)
    wanted = [max(1, round(width * scale)), max(1, round(height * scale))]
    if min(wanted) < 8:
        return  # too thin to be told from the blur
    left, top, right, bottom = box(image)
    assert abs(right - left - wanted[0]) <= 4 and abs(bottom - top - wanted[1]) <= 4
    assert abs((left + right) - side) <= 4 and abs((top + bottom) - side) <= 4


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("RGB", "JPEG"),
        ("CMYK", "JPEG"),
        ("L", "JPEG"),
        ("RGBA", "PNG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("1", "PNG"),
        ("P", "GIF"),
        ("RGBA", "WEBP"),
    ],
)
def test_every_kind_of_picture_can_be_drawn(mode: str, form: str, tmp_path: Path) -> None:
    assert drawn(picture(80, 60, mode, form), tmp_path, Canvas(100, 1_000_000, 2.0)).size == (100, 100)


def test_what_is_transparent_becomes_white(tmp_path: Path) -> None:
    clear = drawn(picture(100, 100, "RGBA", "PNG", (0, 0, 0, 0)), tmp_path, Canvas(100, 1_000_000, 2.0))
    assert clear.getextrema() == ((255, 255), (255, 255), (255, 255))


def test_a_picture_lying_on_its_side_is_set_upright(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # to be turned by a quarter
    left, top, right, bottom = box(
        drawn(picture(200, 100, exif=turned.tobytes()), tmp_path, Canvas(200, 1_000_000, 1.0))
    )
    assert bottom - top > right - left


def test_a_large_photograph_keeps_its_shape_and_colour(tmp_path: Path) -> None:
    image = drawn(picture(4000, 2000), tmp_path, Canvas(500, 5_000_000, 2.0))
    left, top, right, bottom = box(image)
    assert abs((right - left) - 500) <= 4 and abs((bottom - top) - 250) <= 4
    assert all(abs(a - b) < 12 for a, b in zip(image.getpixel((250, 250)), (200, 30, 40), strict=True))  # type: ignore[arg-type]
    assert image.getpixel((250, 20)) == WHITE


def test_quality_gives_way_to_weight_until_it_cannot(tmp_path: Path) -> None:
    file = tmp_path / "noise.png"
    Image.frombytes("RGB", (400, 400), Random(1).randbytes(400 * 400 * 3)).save(file)
    free, held = draw(file, Canvas(400, 5_000_000, 1.0)), draw(file, Canvas(400, 60_000, 1.0))
    assert len(free) > 60_000 >= len(held)
    with pytest.raises(TooHeavy):
        draw(file, Canvas(400, 1_000, 1.0))


def test_drawing_again_gives_the_same_bytes(tmp_path: Path) -> None:
    file = tmp_path / "one.jpg"
    file.write_bytes(picture(640, 480))
    assert draw(file, Canvas(500, 1_000_000, 2.0)) == draw(file, Canvas(500, 1_000_000, 2.0))


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "one.jpg"
    file.write_bytes(b"nothing of the kind")
    with pytest.raises(OSError):
        draw(file, Canvas(100, 1_000_000, 1.0))


def test_another_recipe_is_another_name() -> None:
    assert (
        len(
            {
                Canvas(1000, 1, 1.0).recipe,
                Canvas(1000, 2, 1.0).recipe,
                Canvas(1000, 1, 2.0).recipe,
                Canvas(500, 1, 1.0).recipe,
            }
        )
        == 4
    )
