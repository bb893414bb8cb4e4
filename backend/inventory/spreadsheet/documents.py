"""The empty spreadsheet to fill in, and the filled one with its results, as files to take away."""

import io
from typing import Any

import xlsxwriter
from pydantic import BaseModel
from sqlalchemy.orm import Session

from backend.documents.kinds import XLSX, DocumentKind, File, register
from backend.errors import NotFound
from backend.inventory.models import StockImport
from backend.inventory.spreadsheet.columns import ImportKind, columns_of, needed_of, title_of, words
from backend.inventory.spreadsheet.understanding import Row
from backend.kit.wording import wording
from backend.shops.models import Shop

#: a merchant's texts are never formulas or links, whatever they begin with
AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class TemplateParams(BaseModel):
    kind: ImportKind


class ResultsParams(BaseModel):
    import_id: str


def template_name(kind: ImportKind) -> str:
    return str(words()["template"]["file"]).format(kind=title_of(kind))


def results_name(row: StockImport) -> str:
    return str(words()["results"]["file"]).format(kind=title_of(ImportKind(row.kind)))


def make_template(session: Session, shop: Shop, params: TemplateParams) -> File:
    """Column titles with notes; codes are text, so that Excel does not make dates of them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, AS_TEXT) as book:
        sheet = book.add_worksheet(title_of(params.kind))
        needed = book.add_format({"bold": True, "bg_color": "#DDEBDD", "bottom": 1})
        other = book.add_format({"bold": True, "bg_color": "#EEEEEE", "bottom": 1})
        text = book.add_format({"num_format": "@"})
        for place, column in enumerate(columns_of(params.kind)):
            is_text = column.key not in ("quantity", "counted", "opening", "safety", "cost", "weight_g")
            sheet.set_column(place, place, column.width, text if is_text else None)
            sheet.write_string(0, place, column.title, needed if column.key in needed_of(params.kind) else other)
            sheet.write_comment(0, place, column.note)
        sheet.freeze_panes(1, 0)
    return File(template_name(params.kind), XLSX, out.getvalue())


def make_results(session: Session, shop: Shop, params: ResultsParams) -> File:
    """Every row with what it does, or why it cannot. Raises NotFound `import_not_found`."""
    row = session.get(StockImport, params.import_id)
    if row is None or row.shop_id != shop.id:
        raise NotFound("no such file", code="import_not_found")
    said = words()["results"]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, AS_TEXT) as book:
        sheet = book.add_worksheet(said["sheet"])
        bold, bad = book.add_format({"bold": True, "bottom": 1}), book.add_format({"font_color": "#B3261E"})
        for place, title in enumerate(said["columns"]):
            sheet.write_string(0, place, title, bold)
        for number, entry in enumerate(row.rows, 1):
            wrong = "error" in entry
            for place, value in enumerate(_cells(entry, str(said["good"]))):
                if value is not None:
                    sheet.write(number, place, value, bad if wrong else None)
        for place, width in enumerate((6, 18, 36, 10, 10, 10, 50)):
            sheet.set_column(place, place, width)
        sheet.autofilter(0, 0, len(row.rows), len(said["columns"]) - 1)
        sheet.freeze_panes(1, 0)
    return File(results_name(row), XLSX, out.getvalue())


def _cells(entry: Row, good: str) -> list[Any]:
    number = next((entry[key] for key in ("quantity", "counted", "opening") if key in entry), None)
    return [
        entry["row"], entry.get("code") or entry.get("barcode"), entry.get("item"), number, entry.get("before"),
        entry.get("after"), say_error(entry) if "error" in entry else good,
    ]  # fmt: skip


def say_error(entry: Row) -> str:
    """The row's error in words; the column by its title."""
    data = dict(entry.get("data", {}))
    if "column" in data:
        data["column"] = words()["columns"][data["column"]]["title"]
    return wording().say(f"row_problem.{entry['error']}", data=data)


register(DocumentKind("stock_template", TemplateParams, make_template))
register(DocumentKind("stock_import_results", ResultsParams, make_results))
