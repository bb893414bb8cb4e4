"""The documents `purchase_order_pdf` and `purchase_order_xlsx`: a purchase order (발주서) as a supplier gets it."""

from io import BytesIO

import xlsxwriter
from pydantic import BaseModel
from sqlalchemy.orm import Session

from backend.documents.kinds import PDF, XLSX, DocumentKind, File, register
from backend.documents.pdf import pdf_of
from backend.inventory.models import Supplier
from backend.kit.phone import hyphenated
from backend.kit.wording import wording
from backend.purchasing.models import PurchaseOrder
from backend.purchasing.schemas import PurchaseOrderOut
from backend.purchasing.service import order_of, view
from backend.shops.models import Shop
from backend.web.pages import environment

COLUMNS = ("no", "code", "item", "quantity", "cost", "amount")
WIDTHS = (6, 16, 46, 10, 12, 14)


class SheetParams(BaseModel):
    purchase_order_id: str


def file_name(order: PurchaseOrder, form: str) -> str:
    return f"{order.number}.{form}"


def media_type(form: str) -> str:
    return PDF if form == "pdf" else XLSX


def make_pdf(session: Session, shop: Shop, params: SheetParams) -> File:
    """Raises NotFound `purchase_order_not_found`."""
    order = order_of(session, shop.id, params.purchase_order_id)
    html = environment().get_template("purchasing/purchase_order.html").render(
        shop=shop, order=view(session, order), supplier=session.get_one(Supplier, order.supplier_id),
        phone=hyphenated(shop.sender_number or ""),
    )  # fmt: skip
    return File(file_name(order, "pdf"), PDF, pdf_of(html))


def make_xlsx(session: Session, shop: Shop, params: SheetParams) -> File:
    """Names go in as text whatever they begin with: a cell that starts with = is no formula here. The sums are ours."""
    order = order_of(session, shop.id, params.purchase_order_id)
    supplier = session.get_one(Supplier, order.supplier_id)
    return File(file_name(order, "xlsx"), XLSX, _workbook(shop, view(session, order), supplier))


def _workbook(shop: Shop, order: PurchaseOrderOut, supplier: Supplier) -> bytes:
    said = wording()
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    })  # fmt: skip
    sheet = book.add_worksheet(order.number)
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F0F2F6"})
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, said.say("purchasing.sheet.title", number=order.number), bold)
    facts = (
        ("supplier", supplier.name), ("contact", " ".join(filter(None, (supplier.contact, supplier.phone, supplier.email)))),
        ("buyer", shop.name), ("ordered_on", _day(order.ordered_on)), ("due_on", _day(order.due_on)), ("note", order.note or ""),
    )  # fmt: skip
    row = 2
    for key, value in facts:
        sheet.write_string(row, 0, said.say(f"purchasing.sheet.{key}"), bold)
        sheet.write_string(row, 2, value)
        row += 1
    row += 1
    for column, key in enumerate(COLUMNS):
        sheet.write_string(row, column, said.say(f"purchasing.sheet.{key}"), head)
    first = row + 1
    for number, line in enumerate(order.lines, 1):
        row += 1
        sheet.write_number(row, 0, number)
        sheet.write_string(row, 1, line.code)
        sheet.write_string(row, 2, line.item)
        sheet.write_number(row, 3, line.quantity, money)
        if line.cost is not None:
            sheet.write_number(row, 4, line.cost, money)
            sheet.write_formula(row, 5, f"=D{row + 1}*E{row + 1}", money, line.amount)
    row += 1
    sheet.write_string(row, 2, said.say("purchasing.sheet.total"), bold)
    sheet.write_formula(row, 3, f"=SUM(D{first + 1}:D{row})", money, order.pieces)
    sheet.write_formula(row, 5, f"=SUM(F{first + 1}:F{row})", money, order.amount)
    book.close()
    return out.getvalue()


def _day(day: object) -> str:
    return day.isoformat() if hasattr(day, "isoformat") else ""


register(DocumentKind("purchase_order_pdf", SheetParams, make_pdf))
register(DocumentKind("purchase_order_xlsx", SheetParams, make_xlsx))
