"""Barcodes: numbers that scan, and sheets whose bars are read back out of the PDF."""

import io
import re
from collections.abc import Callable
from itertools import groupby
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.documents.kinds import kind_named
from backend.errors import Conflict, InvalidInput, NothingToChange
from backend.inventory.barcode_digits import check_barcode, check_digit, own_ean13
from backend.inventory.barcode_pictures import QUIET, barcode_svg, modules_of
from backend.inventory.models import StockItem
from backend.inventory_settings.catalogue import Symbology
from backend.shops.models import Shop
from tests.backend.inventory.conftest import Set, carry_out, undo

Ids = dict[str, str]
MM = 72 / 25.4  # points
#: the left digits of an EAN-13 by their bars, A (odd) and B (even), and which of them spell the first digit (GS1)
A = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"]
B = ["0100111", "0110011", "0011011", "0100001", "0011101", "0111001", "0000101", "0010001", "0001001", "0010111"]
FIRST = ["AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"]


def read_ean13(modules: str) -> str:
    """The number the bars spell, by the norm's own table."""
    assert (len(modules), modules[:3], modules[45:50], modules[92:]) == (95, "101", "01010", "101")
    left = [modules[3 + 7 * n : 10 + 7 * n] for n in range(6)]
    right = [modules[50 + 7 * n : 57 + 7 * n] for n in range(6)]
    first = FIRST.index("".join("A" if bars in A else "B" for bars in left))
    inverted = ["".join("10"[int(bit)] for bit in bars) for bars in right]
    return (
        str(first)
        + "".join(str((A if bars in A else B).index(bars)) for bars in left)
        + "".join(str(A.index(bars)) for bars in inverted)
    )


@given(st.integers(1, 10**9 - 1))
def test_an_own_number_has_a_right_check_digit_and_its_bars_spell_it(number: int) -> None:
    code = own_ean13(number)
    check_barcode(code)
    assert read_ean13(modules_of(code, Symbology.EAN13)) == code


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(1, 9))
def test_a_mistyped_last_digit_is_refused_with_the_right_one(twelve: str, off: int) -> None:
    wrong = str((int(check_digit(twelve)) + off) % 10)
    with pytest.raises(InvalidInput) as refused:
        check_barcode(twelve + wrong)
    assert refused.value.data["expected"] == check_digit(twelve)


def test_the_check_digit_is_the_one_of_the_norms_own_example() -> None:
    assert check_digit("629104150021") == "3"


@pytest.mark.parametrize(("code", "symbology"), [
    ("12345", Symbology.EAN13), ("ABCDEFGHIJKLM", Symbology.EAN13), ("lower-case", Symbology.CODE39),
])  # fmt: skip
def test_what_a_symbology_cannot_draw_is_refused(code: str, symbology: Symbology) -> None:
    with pytest.raises(InvalidInput) as refused:
        barcode_svg(code, symbology, 60, 15)
    assert refused.value.error_code == "barcode_not_in_symbology"


def bars_of(svg: str) -> str:
    """Modules as drawn, quiet zones taken off."""
    total = int(re.search(r'viewBox="0 0 (\d+) 10"', svg)[1])  # type: ignore[index]
    black = [(int(x), int(w)) for x, w in re.findall(r"M(\d+) 0h(\d+)v10", svg)]
    drawn = ["0"] * total
    for at, width in black:
        drawn[at : at + width] = "1" * width
    assert set(drawn[:QUIET] + drawn[-QUIET:]) == {"0"}, "the white at both ends"
    return "".join(drawn[QUIET:-QUIET])


@pytest.mark.parametrize("symbology", [Symbology.CODE128, Symbology.CODE39, Symbology.EAN13])
def test_the_picture_holds_the_bars_of_the_code(symbology: Symbology) -> None:
    code = own_ean13(7) if symbology is Symbology.EAN13 else "P00012-03"
    svg = barcode_svg(code, symbology, 60, 15)
    assert bars_of(svg) == modules_of(code, symbology)
    assert float(re.search(r'width="([\d.]+)mm"', svg)[1]) <= 60  # type: ignore[index]


def sheet(session: Session, shop: Shop, *items: tuple[str, int]) -> PdfReader:
    document = kind_named("barcodes")
    params = document.params(items=[{"item_id": item, "copies": copies} for item, copies in items])
    return PdfReader(io.BytesIO(document.make(session, shop, params).body))


def runs_in(reader: PdfReader) -> list[str]:
    """Every row of filled rectangles of the first page's content streams, as modules."""
    found = []
    for stream in streams(reader):
        rows = re.findall(rb"([\d.]+) 0 m\s+([\d.]+) 0 l", stream)
        black = [(round(float(a)), round(float(b)) - round(float(a))) for a, b in rows]
        if len(black) > 15:
            end = black[-1][0] + black[-1][1]
            drawn = ["0"] * end
            for at, width in black:
                drawn[at : at + width] = "1" * width
            found.append("".join(drawn)[QUIET:])
    return found


def streams(reader: PdfReader) -> list[bytes]:
    def inside(resources: Any) -> list[bytes]:
        forms = (resources or {}).get("/XObject", {})
        told = []
        for form in (forms[name].get_object() for name in forms):
            if form.get("/Subtype") == "/Form":
                told += [form.get_data(), *inside(form.get("/Resources"))]
        return told

    page = reader.pages[0]
    return [page.get_contents().get_data(), *inside(page.get("/Resources"))]  # type: ignore[union-attr]


def test_a_sheet_is_read_back_its_size_its_pages_its_texts_and_its_bars(
    session: Session, shop: Shop, owner: Actor, ids: Ids, setting: Set
) -> None:
    setting("barcode_form", {"symbology": "ean13", "width": 60, "height": 30, "columns": 3, "rows": 4})
    carry_out(session, owner, "barcode.assign", item_ids=[ids["item"]])
    item = session.get_one(StockItem, ids["item"])
    reader = sheet(session, shop, (item.id, 13))
    assert len(reader.pages) == 2, "twelve on a page"
    assert [round(float(side) / MM) for side in (reader.pages[0].mediabox.width, reader.pages[0].mediabox.height)] == [
        210,
        297,
    ]
    texts = [page.extract_text() for page in reader.pages]
    assert [text.count(str(item.barcode)) for text in texts] == [12, 1]
    assert str(item.option_name) in texts[0]
    read = {read_ean13(bars) for bars in runs_in(reader) if len(bars) == 95}
    assert read == {item.barcode}


def test_a_form_of_one_label_is_a_roll(session: Session, shop: Shop, ids: Ids, setting: Set) -> None:
    setting("barcode_form", {"width": 50, "height": 30, "columns": 1, "rows": 1})
    reader = sheet(session, shop, (ids["item"], 3))
    assert len(reader.pages) == 3
    assert [round(float(side) / MM) for side in (reader.pages[0].mediabox.width, reader.pages[0].mediabox.height)] == [
        50,
        30,
    ]


def test_an_item_without_a_barcode_is_printed_by_its_code_but_not_as_ean13(
    session: Session, shop: Shop, ids: Ids, setting: Set
) -> None:
    item = session.get_one(StockItem, ids["item"])
    for symbology in ("code128", "qr"):
        setting("barcode_form", {"symbology": symbology})
        assert item.code in sheet(session, shop, (item.id, 1)).pages[0].extract_text()
    setting("barcode_form", {"symbology": "ean13"})
    with pytest.raises(Conflict) as refused:
        sheet(session, shop, (item.id, 1))
    assert refused.value.error_code == "barcode_missing"


def test_the_form_decides_what_stands_on_a_label(session: Session, shop: Shop, ids: Ids, setting: Set) -> None:
    item = session.get_one(StockItem, ids["item"])
    setting("barcode_form", {"show_name": False, "show_option": False, "show_price": True})
    text = sheet(session, shop, (item.id, 1)).pages[0].extract_text()
    assert str(item.option_name) not in text
    assert "원" in text


def test_a_long_name_has_two_lines_where_the_label_is_tall_and_ends_in_dots_where_it_is_not(
    session: Session, shop: Shop, ids: Ids, setting: Set
) -> None:
    item = session.get_one(StockItem, ids["item"])
    item.name, item.option_name = "시그니처 캐시미어 블렌드 울 라운드넥 오버핏 롱 가디건", None
    setting("barcode_form", {"width": 50, "height": 34, "columns": 1, "rows": 1})
    assert sheet(session, shop, (item.id, 1)).pages[0].extract_text().replace("\n", " ").startswith(item.name)
    setting("barcode_form", {"width": 50, "height": 20, "columns": 1, "rows": 1})
    short = sheet(session, shop, (item.id, 1)).pages[0].extract_text().splitlines()
    assert short[0].endswith("…") and item.name.startswith(short[0][:10])
    assert short[1] == item.code


@pytest.mark.parametrize(("form", "copies", "error"), [
    ({"width": 64, "height": 34, "columns": 4, "rows": 8}, 1, "barcode_form_too_large"),
    ({"width": 15, "height": 30, "columns": 1, "rows": 1}, 1, "barcode_too_narrow"),
    ({"width": 50, "height": 15, "columns": 1, "rows": 1, "show_price": True}, 1, "barcode_too_narrow"),
    ({}, 300, "barcode_too_many"),
])  # fmt: skip
def test_what_cannot_be_printed_is_refused_before_there_is_a_link(
    client: Callable[[Actor | None], TestClient], session: Session, owner: Actor, ids: Ids, setting: Set,
    form: dict, copies: int, error: str,
) -> None:  # fmt: skip
    setting("barcode_form", form)
    session.commit()
    wanted = [{"item_id": ids[name], "copies": copies} for name in ("item", "item_2")]
    refused = client(owner).post("/api/inventory/barcodes", json={"items": wanted})
    assert (refused.status_code, refused.json()["code"]) == (409, error)


def test_the_link_opens_the_sheet_without_signing_in(
    client: Callable[[Actor | None], TestClient], session: Session, owner: Actor, ids: Ids
) -> None:
    session.commit()
    told = (
        client(owner).post("/api/inventory/barcodes", json={"items": [{"item_id": ids["item"], "copies": 25}]}).json()
    )
    assert (told["labels"], told["sheets"]) == (25, 2)
    opened = client(None).get(told["link"]["path"])
    assert (opened.status_code, opened.headers["content-type"]) == (200, "application/pdf")
    assert len(PdfReader(io.BytesIO(opened.content)).pages) == 2


def test_numbers_are_given_to_those_without_and_never_twice(session: Session, owner: Actor, ids: Ids) -> None:
    first = carry_out(session, owner, "barcode.assign", item_ids=[ids["item"]])
    carry_out(session, owner, "barcode.assign")
    items = [session.get_one(StockItem, ids[name]) for name in ("item", "item_2", "item_3")]
    assert len({item.barcode for item in items}) == 3
    with pytest.raises(NothingToChange):
        carry_out(session, owner, "barcode.assign")
    undo(session, owner, first)
    assert items[0].barcode is None
    assert [key for key, _ in groupby(sorted(filter(None, (item.barcode for item in items))))] != []
