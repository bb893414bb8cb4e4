"""Store pictures: of the right size, the same for the same brand, with letters only where they can be written."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.operations.catalogue.smartstore_setup import letters
from backend.operations.catalogue.smartstore_setup.categories import display_categories
from backend.operations.catalogue.smartstore_setup.paint import QUIET, palette, picture_path, store_picture

needs_letters = pytest.mark.skipif(letters.font_file() is None, reason="no Noto font with Hangul on this machine")


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


@pytest.mark.parametrize("size", [(1000, 1000), (960, 300), (375, 300)])
def test_a_picture_is_a_png_of_exactly_its_size(size) -> None:
    data = store_picture("오늘담", *size)
    assert Image.open(io.BytesIO(data)).format == "PNG"
    assert opened(data).size == size
    assert len(data) < 2_000_000  # the least any market takes


def test_the_same_brand_gets_the_same_picture_and_another_brand_another() -> None:
    assert store_picture("오늘담", 300, 300) == store_picture("오늘담", 300, 300)
    assert store_picture("오늘담", 300, 300) != store_picture("달빛연구소", 300, 300)
    assert picture_path("oneul", "오늘담", 300, 300) != picture_path("oneul", "달빛연구소", 300, 300)
    assert picture_path("oneul", "오늘담", 300, 300) != picture_path("oneul", "오늘담", 300, 301)


@needs_letters
def test_the_name_is_written_where_its_letters_exist_and_never_as_boxes() -> None:
    assert letters.font_for("오늘담 Lab 2", 60) is not None
    for unwritable in ("😀", "오늘담😀", "\U0010fffd", "", "   "):
        assert letters.font_for(unwritable, 60) is None


@needs_letters
def test_with_letters_the_lower_half_holds_white_and_without_it_does_not(monkeypatch) -> None:
    def white(data: bytes) -> int:
        low = opened(data).crop((0, 270, 400, 400))
        return sum(1 for pixel in low.get_flattened_data() if min(pixel) > 250)

    assert white(store_picture("오늘담", 400, 400)) > 500
    monkeypatch.setattr(letters, "font_file", lambda: None)
    assert white(store_picture("오늘담", 400, 400)) == 0


def test_without_a_font_the_mark_alone_is_drawn(monkeypatch) -> None:
    monkeypatch.setattr(letters, "font_file", lambda: None)
    assert len(opened(store_picture("오늘담", 300, 300)).getcolors(100_000) or []) > 3


def test_fonts_are_looked_for_in_the_usual_places(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(letters, "_FOLDERS", (str(tmp_path),))
    assert letters.font_file.__wrapped__() is None
    (tmp_path / "noto").mkdir()
    (tmp_path / "noto" / "NotoSansKR-Bold.otf").write_bytes(b"")
    assert letters.font_file.__wrapped__() == tmp_path / "noto" / "NotoSansKR-Bold.otf"


def luminance(colour: tuple[int, ...]) -> float:
    parts = [c / 255 / 12.92 if c / 255 <= 0.03928 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@settings(max_examples=300, deadline=None)
@given(st.text(min_size=1, max_size=20))
def test_white_letters_are_readable_on_every_brands_colours(brand) -> None:
    colours = palette(brand)
    quiet = tuple(round(a + (b - a) * QUIET) for a, b in zip(colours.deep, colours.bright, strict=True))
    assert 1.05 / (luminance(colours.deep) + 0.05) >= 4.5
    assert 1.05 / (luminance(quiet) + 0.05) >= 3  # large letters


PATHS = st.lists(
    st.lists(st.sampled_from(["여성의류", "니트", "가디건", "코트", "잡화", " "]), min_size=1, max_size=5).map(
        " > ".join
    ),
    max_size=20,
)


@given(PATHS, st.integers(1, 4), st.integers(1, 12))
def test_every_parent_stands_before_its_children_and_nothing_twice(paths, depth, most) -> None:
    found = display_categories(paths, depth, most)
    assert len(found) == len(set(found)) <= most
    for place, path in enumerate(found):
        parts = path.split(" > ")
        assert len(parts) <= depth and all(part.strip() for part in parts)
        assert len(parts) == 1 or " > ".join(parts[:-1]) in found[:place]
    assert found == display_categories(list(reversed(paths)), depth, most)


def test_the_fullest_branch_comes_first_with_its_children_below_it() -> None:
    paths = ["여성의류 > 코트", "여성의류 > 니트 > 가디건", "여성의류 > 니트 > 스웨터", "잡화"]
    assert display_categories(paths, 2, 9) == ["여성의류", "여성의류 > 니트", "여성의류 > 코트", "잡화"]
    assert display_categories(paths, 3, 2) == ["여성의류", "잡화"]
