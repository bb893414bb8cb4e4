"""The cells of a spreadsheet file that somebody made: .xlsx, .xls or .csv, of whatever quality."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from backend.errors import InvalidInput
from backend.kit.saved_text import decoded

LARGEST = 10 * 1024 * 1024  # bytes of the file
UNPACKED = 300 * 1024 * 1024  # bytes an .xlsx may unfold to
MOST_ROWS = 50_000
Cell = str | float | int | bool | date | datetime | time | timedelta | None
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass
class Sheet:
    """`rows` from the sheet's own first row on; `formulas` and `merged` name cells as (row, column) from zero."""

    rows: list[list[Cell]]
    formulas: set[tuple[int, int]] = field(default_factory=set)
    merged: set[tuple[int, int]] = field(default_factory=set)


def read_sheet(body: bytes) -> Sheet:
    """Raises InvalidInput `import_empty_file`, `import_too_large`, `import_encrypted`, `import_unreadable` or
    `import_too_many_rows`."""
    if not body.strip():
        raise wrong("import_empty_file")
    if len(body) > LARGEST:
        raise wrong("import_too_large", size=len(body), most=LARGEST)
    sheet = _workbook(body) if body.startswith((ZIP, OLE)) else Sheet(_csv(body))
    filled = sum(any(cell not in (None, "") for cell in row) for row in sheet.rows)
    if filled > MOST_ROWS + 1:
        raise wrong("import_too_many_rows", rows=filled - 1, most=MOST_ROWS)
    return sheet


def _workbook(body: bytes) -> Sheet:
    if body.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in body:
        raise wrong("import_encrypted")
    if body.startswith(ZIP):
        _check_unpacked(body)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        names = [meta.name for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet] or book.sheet_names
        found = book.get_sheet_by_name(names[0])
        rows = found.to_python(skip_empty_area=False)
        ranges = found.merged_cell_ranges or []
    except (CalamineError, OSError, ValueError, KeyError, IndexError) as error:
        raise wrong("import_unreadable") from error
    except BaseException as error:  # the Rust reader panics on some broken files; a panic is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise wrong("import_unreadable") from error
    merged = {
        (row, column)
        for (top, left), (bottom, right) in ranges
        for row in range(top, min(bottom, top + MOST_ROWS) + 1)
        for column in range(left, min(right, left + 50) + 1)
    }
    return Sheet([list[Cell](row) for row in rows], _formulas(body) if body.startswith(ZIP) else set(), merged)


def _check_unpacked(body: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except zipfile.BadZipFile as error:
        raise wrong("import_unreadable") from error
    if size > UNPACKED:
        raise wrong("import_too_large", size=size, most=UNPACKED)


def _formulas(body: bytes) -> set[tuple[int, int]]:
    """Cells of the first sheet that are computed: what is stored for them may be old, or nothing at all."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            sheets = sorted(
                (name for name in packed.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)),
                key=lambda name: int(re.sub(r"\D", "", name)),
            )
            written = packed.read(sheets[0]) if sheets else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return set()
    if b"<f" not in written:
        return set()
    found = set()
    try:
        for _, cell in ElementTree.iterparse(io.BytesIO(written)):
            if cell.tag == f"{_MAIN}c":
                place = _PLACE.fullmatch(cell.get("r", ""))
                if place and cell.find(f"{_MAIN}f") is not None:
                    found.add((int(place[2]) - 1, _column(place[1])))
                cell.clear()
    except ElementTree.ParseError:
        return found
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _csv(body: bytes) -> list[list[Cell]]:
    text = decoded(body)
    if text is None or "\x00" in text or text.lstrip()[:1] == "<":  # a web page that calls itself .xls
        raise wrong("import_unreadable")
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        return [list[Cell](row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise wrong("import_unreadable") from error


def wrong(code: str, **data: object) -> InvalidInput:
    return InvalidInput("the file cannot be taken", code=code, fields=[{"field": "file", "message": code}], **data)
