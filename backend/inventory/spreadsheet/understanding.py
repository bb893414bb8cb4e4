"""What each row of a sheet says, before anything is looked up: named errors instead of guesses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from backend.inventory.spreadsheet.columns import Column, ImportKind, columns_of, needed_of
from backend.inventory.spreadsheet.reading import Cell, Sheet, wrong

LARGEST = 1_000_000
HEADING_WITHIN = 10  # rows; above it may stand a title
_DATE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}\.?|\d{1,2}[-/]\d{1,2}[-/]\d{2,4}|\d{1,2}월\s*\d{1,2}일")
_NUMBER = re.compile(r"([+-]?)\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(?:개|ea|EA|pcs|장|벌)?")
WHOLE = {"quantity": 1, "counted": 0, "opening": 0, "safety": 0, "cost": 0, "weight_g": 0}  # the least each may be
MOST = {"cost": 1_000_000_000}
TEXT = {
    "note": 200,
    "name": 180,
    "option": 100,
    "location": 100,
    "barcode": 48,
    "code": 60,
    "english_name": 100,
    "hs_code": 15,
    "origin_country": 40,
}

Row = dict[str, Any]


@dataclass(frozen=True)
class BadCell(Exception):
    code: str
    data: dict[str, Any]


def understand(sheet: Sheet, kind: ImportKind) -> list[Row]:
    """One entry for each row that holds anything: {"row", "code", "barcode", "quantity", …} or with "wrong", the name of
    its error. Raises InvalidInput `import_columns` (with what was found and expected) or `import_no_rows`."""
    heading, places = _heading(sheet, kind)
    found, seen = [], dict[tuple[str, str], int]()
    for number in range(heading + 1, len(sheet.rows)):
        cells = sheet.rows[number]
        if all(_empty(cells[place]) for place in places.values() if place < len(cells)):
            continue
        row = _row(sheet, number, places, kind)
        if "wrong" not in row:
            key = ("code", row["code"].upper()) if row.get("code") else ("barcode", row["barcode"])
            if key in seen:
                row |= {"wrong": "row_duplicate", "data": {"first": seen[key]}}
            else:
                seen[key] = row["row"]
        found.append(row)
    if not found:
        raise wrong("import_no_rows")
    return found


def _heading(sheet: Sheet, kind: ImportKind) -> tuple[int, dict[str, int]]:
    """The row that names the columns, and where each column is."""
    columns = columns_of(kind)
    best: tuple[int, dict[str, int]] = (0, {})
    for number, cells in enumerate(sheet.rows[:HEADING_WITHIN]):
        places = _places(columns, cells)
        if len(places) > len(best[1]):
            best = (number, places)
    missing = [column for column in columns if column.key in needed_of(kind) and column.key not in best[1]]
    named = "code" in best[1] or "barcode" in best[1]
    if missing or not named:
        titles = [column.title for column in columns]
        needed = {column.title for column in missing} | (set() if named else {titles[0]})
        cells = sheet.rows[best[0]] if sheet.rows else []
        read = [str(cell).strip()[:40] for cell in cells if not _empty(cell)][:20]
        raise wrong("import_columns", found=read, expected=titles, missing=sorted(needed))
    return best


def _places(columns: Sequence[Column], cells: Sequence[Cell]) -> dict[str, int]:
    places: dict[str, int] = {}
    headings = [(place, str(cell)) for place, cell in enumerate(cells[:50]) if not _empty(cell)]
    for own in (True, False):  # a column's own title before what else it is called
        for column in columns:
            for place, heading in headings:
                fits = column.is_called(heading) if not own else heading.strip() == column.title
                if fits and column.key not in places and place not in places.values():
                    places[column.key] = place
    return places


def _row(sheet: Sheet, number: int, places: dict[str, int], kind: ImportKind) -> Row:
    row: Row = {"row": number + 1}
    cells = sheet.rows[number]
    try:
        for key, place in places.items():
            at = (number, place)
            if at in sheet.formulas:
                raise BadCell("cell_formula", {"column": key})
            if at in sheet.merged:
                raise BadCell("cell_merged", {"column": key})
            value = _value(key, cells[place] if place < len(cells) else None)
            if value is not None:
                row[key] = value
        if not row.get("code") and not row.get("barcode"):
            raise BadCell("code_missing", {})
        for key in needed_of(kind):
            if row.get(key) is None and key != "code":
                raise BadCell("quantity_missing", {"column": key})
        if kind is ImportKind.ITEMS and not row.get("code"):
            raise BadCell("code_missing", {})
    except BadCell as bad:
        row |= {"wrong": bad.code, "data": bad.data}
    return row


def _value(key: str, cell: Cell) -> Any:
    if _empty(cell):
        return None
    if key in WHOLE:
        return _whole(key, cell)
    if isinstance(cell, date | datetime | time | timedelta):
        raise BadCell(
            "code_is_date" if key in ("code", "barcode") else "text_is_date", {"column": key, "found": str(cell)}
        )
    text = _text(cell)
    if len(text) > TEXT.get(key, 200):
        raise BadCell("text_too_long", {"column": key, "most": TEXT.get(key, 200)})
    if key == "tags":
        return [tag for part in re.split(r"[,/;\n]", text) if (tag := part.strip())]
    return text


def _whole(key: str, cell: Cell) -> int:
    """A whole number, also typed as text ("1,200개"); a date is what Excel makes of "1-2"."""
    if isinstance(cell, date | datetime | time | timedelta):
        raise BadCell("quantity_is_date", {"column": key, "found": str(cell)})
    number: float
    if isinstance(cell, bool):
        raise BadCell("quantity_not_number", {"column": key, "found": str(cell)})
    if isinstance(cell, int | float):
        number = float(cell)
    else:
        text = str(cell).strip()
        if _DATE.fullmatch(text):
            raise BadCell("quantity_is_date", {"column": key, "found": text[:40]})
        said = _NUMBER.fullmatch(text)
        if said is None:
            raise BadCell("quantity_not_number", {"column": key, "found": text[:40]})
        number = float(f"{said[1]}{said[2].replace(',', '')}{said[3] or ''}")
    if number != number or number in (float("inf"), float("-inf")):
        raise BadCell("quantity_not_number", {"column": key, "found": str(cell)[:40]})
    if number < 0:
        raise BadCell("quantity_negative", {"column": key, "found": f"{number:g}"})
    if not number.is_integer():
        raise BadCell("quantity_fraction", {"column": key, "found": f"{number:g}"})
    if number > MOST.get(key, LARGEST):
        raise BadCell("quantity_absurd", {"column": key, "found": f"{number:.0f}", "most": MOST.get(key, LARGEST)})
    if number < WHOLE[key]:
        raise BadCell("quantity_zero", {"column": key})
    return int(number)


def _text(cell: Cell) -> str:
    """A code that Excel took for a number loses its ".0" again."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return re.sub(r"\s+", " ", str(cell)).strip().replace("\x00", "")


def _empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
