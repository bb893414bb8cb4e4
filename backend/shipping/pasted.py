"""Tracking numbers out of what people paste or hand in: lines of a message, rows of a spreadsheet, a CSV."""

import csv
import re
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO, StringIO
from typing import Any

import yaml
from python_calamine import CalamineError, load_workbook

from backend.errors import InvalidInput
from backend.kit.saved_text import decoded
from backend.shipping.couriers import REFERENCE, bare_number, courier_named
from backend.shipping.register import InvoiceItem

MOST_ROWS = 1000
_SPLIT = re.compile(r"[\t,;|]+|\s{2,}")
_ORDER = re.compile(r"\d{8}-\d{5,8}|S\d{8}-\d{3,}(?:-X\d+)?|[A-Z]{0,3}\d[\dA-Z-]{6,}", re.IGNORECASE)


@lru_cache
def _headings() -> dict[str, str]:
    columns = yaml.safe_load((REFERENCE / "invoice_columns.yml").read_text(encoding="utf-8"))
    return {_bare(said): column for column, names in columns.items() for said in names}


def _bare(said: Any) -> str:
    return re.sub(r"[\s*()_\-:/]+", "", str(said)).casefold()


def read_text(text: str) -> list[tuple[int, InvoiceItem | None]]:
    """(line, item or None where a line has not all three); empty lines are left out."""
    rows = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    cells = [(n, [c.strip() for c in _SPLIT.split(line) if c.strip()]) for n, line in rows]
    if cells and len(heading := _columns(cells[0][1])) == 3:
        return [(n, _by_columns(row, heading)) for n, row in cells[1:]]
    return [(n, _guess(line)) for n, line in rows]


def read_file(body: bytes, name: str) -> list[tuple[int, InvoiceItem | None]]:
    """Raises InvalidInput `invoice_file_unreadable`, `invoice_columns` (what was found), `invoice_file_long`."""
    rows = _csv(body) if name.lower().endswith((".csv", ".txt", ".tsv")) else _sheet(body)
    for index, row in enumerate(rows[:20]):
        heading = _columns(row)
        if len(heading) == 3:
            found = [
                (n, _by_columns(cells, heading))
                for n, cells in enumerate(rows[index + 1 :], index + 2)
                if any(str(cell).strip() for cell in cells)
            ]
            if len(found) > MOST_ROWS:
                raise InvalidInput(
                    "too many rows", code="invoice_file_long", rows=len(found), most=MOST_ROWS, fields=[]
                )
            return found
    first = [str(cell) for cell in rows[0]][:20] if rows else []
    raise InvalidInput("the columns are missing", code="invoice_columns", found=first, fields=[
        {"field": "columns", "message": ", ".join(first)}
    ])  # fmt: skip


def _sheet(body: bytes) -> list[list[Any]]:
    try:
        book = load_workbook(BytesIO(body))
        return list(book.get_sheet_by_index(0).to_python(skip_empty_area=False))
    except (CalamineError, ValueError, IndexError, OSError) as error:
        raise InvalidInput(
            "no spreadsheet", code="invoice_file_unreadable", fields=[{"field": "file", "message": "?"}]
        ) from error


def _csv(body: bytes) -> list[list[Any]]:
    text = decoded(body)
    if text is None:
        raise InvalidInput("no text", code="invoice_file_unreadable", fields=[{"field": "file", "message": "?"}])
    delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
    return list(csv.reader(StringIO(text), delimiter=delimiter))


def _columns(row: Sequence[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, cell in enumerate(row):
        column = _headings().get(_bare(cell))
        if column is not None:
            found.setdefault(column, index)
    return found


def _by_columns(row: Sequence[Any], heading: dict[str, int]) -> InvoiceItem | None:
    said = {column: _text(row[index]) if index < len(row) else "" for column, index in heading.items()}
    if not all(said.values()) or any(len(value) > 60 for value in said.values()):
        return None
    return InvoiceItem(order_id=said["order"], courier=said["courier"], tracking_no=said["tracking_no"])


def _text(cell: Any) -> str:
    """A number that a spreadsheet keeps as 123456789012.0 is the text people see."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _guess(line: str) -> InvoiceItem | None:
    """Of "20261118-0000012 CJ대한통운 6123-4567-8901": the courier by its name, the order first, the number after it."""
    words = [word for word in re.split(r"[\s,;|:]+", line) if word]
    courier, at = None, -1
    for size in (3, 2, 1):
        for start in range(len(words) - size + 1):
            said = " ".join(words[start : start + size])
            if courier is None and not said.replace("-", "").isdigit() and courier_named(said):
                courier, at = said, start
                words[start : start + size] = []
    numbers = [word for word in words if _ORDER.fullmatch(word) or bare_number(word).isdigit()]
    if courier is None or len(numbers) < 2:
        return None
    order = numbers[0]
    rest = "".join(numbers[1:]) if at <= words.index(order) + 1 else numbers[-1]
    return InvoiceItem(order_id=order, courier=courier, tracking_no=rest)
