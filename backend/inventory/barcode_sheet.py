"""Labels with barcodes as a PDF, in the shop's own form (source: 002, 바코드 양식 설정)."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.documents.kinds import PDF, DocumentKind, File, register
from backend.documents.pdf import pdf_of
from backend.errors import Conflict, NotFound
from backend.inventory.barcode_pictures import as_data, barcode_svg, is_too_narrow
from backend.inventory.models import StockItem
from backend.inventory.states import ItemState
from backend.inventory_settings.catalogue import BarcodeForm, Symbology
from backend.inventory_settings.read import value_of
from backend.kit.wording import wording
from backend.products.models import Product
from backend.shops.models import Shop
from backend.web.pages import environment

PAPER = (210.0, 297.0)  # A4, mm
PADDING = 2.0  # mm inside a label
TEXT_LINE = 3.6  # mm
GAP = 0.8  # mm between the text above and the bars: letters that hang down do not touch them
TALL_ENOUGH = 12.0  # mm; bars that stay taller leave a long name its second line
MOST_LABELS = 500


class Wanted(BaseModel):
    item_id: str
    copies: Annotated[int, Field(ge=1, le=1_000_000)] = 1


class BarcodeParams(BaseModel):
    items: Annotated[list[Wanted], Field(min_length=1, max_length=100)]


def make_sheet(session: Session, shop: Shop, params: BarcodeParams) -> File:
    """Raises as `labels_of` does."""
    form, labels = labels_of(session, shop.id, params)
    html = environment().get_template("inventory/barcodes.html").render(page=_page(form), labels=labels, form=form)
    return File(wording().say("barcode.file"), PDF, pdf_of(html))


def labels_of(session: Session, shop_id: str, params: BarcodeParams) -> tuple[BarcodeForm, list[dict[str, Any]]]:
    """Every label in order, an item's copies together.

    Raises NotFound `item_not_found`; Conflict `barcode_too_many` (with `most`), `barcode_form_too_large` for a form that
    its paper cannot hold, `barcode_missing` for an EAN-13 form and items without one, `barcode_too_narrow`; InvalidInput
    `barcode_not_in_symbology`.
    """
    form: BarcodeForm = value_of(session, shop_id, "barcode_form")
    count = sum(wanted.copies for wanted in params.items)
    if count > MOST_LABELS:
        raise Conflict("too many labels", code="barcode_too_many", asked=count, most=MOST_LABELS)
    _check_form(form)
    items = _items(session, shop_id, [wanted.item_id for wanted in params.items])
    prices = _prices(session, shop_id, items.values()) if form.show_price else {}
    missing = [item for item in items.values() if form.symbology is Symbology.EAN13 and not item.barcode]
    if missing:
        raise Conflict("no barcode yet", code="barcode_missing", item=missing[0].name, count=len(missing),
                       item_ids=[item.id for item in missing])  # fmt: skip
    made = {item.id: _label(form, item, prices) for item in items.values()}
    return form, [made[wanted.item_id] for wanted in params.items for _ in range(wanted.copies)]


def _check_form(form: BarcodeForm) -> None:
    width, height = form.columns * form.width, form.rows * form.height
    if form.columns * form.rows > 1 and (width > PAPER[0] or height > PAPER[1]):
        raise Conflict(
            "the paper is too small", code="barcode_form_too_large", width=width, height=height, paper=list(PAPER)
        )


def _items(session: Session, shop_id: str, ids: Sequence[str]) -> dict[str, StockItem]:
    query = select(StockItem).where(
        StockItem.shop_id == shop_id, StockItem.id.in_(ids), StockItem.state == ItemState.ACTIVE
    )
    found = {item.id: item for item in session.scalars(query)}
    if missing := [item_id for item_id in ids if item_id not in found]:
        raise NotFound("no such item in this shop's stock", code="item_not_found", count=len(missing))
    return {item_id: found[item_id] for item_id in ids}


def _prices(session: Session, shop_id: str, items: Any) -> dict[str, int]:
    ids = {item.product_id for item in items if item.product_id}
    rows = session.execute(select(Product.id, Product.price).where(Product.shop_id == shop_id, Product.id.in_(ids)))
    return dict(rows.tuples().all())


def _label(form: BarcodeForm, item: StockItem, prices: dict[str, int]) -> dict[str, Any]:
    """An item without a barcode of its own is scanned by its item code."""
    code = item.barcode or item.code
    shows_option = form.show_option and item.option_name is not None
    lines = 1 + form.show_name + shows_option + form.show_price
    width, height = form.width - 2 * PADDING, form.height - 2 * PADDING - lines * TEXT_LINE - GAP
    name_lines = 2 if form.show_name and height - TEXT_LINE >= TALL_ENOUGH else 1
    height -= (name_lines - 1) * TEXT_LINE
    if height < 4 or is_too_narrow(code, form.symbology, width):
        raise Conflict(
            "the label is too small for it", code="barcode_too_narrow", barcode=code, width=form.width,
            height=form.height, symbology=form.symbology.value,
        )  # fmt: skip
    return {
        "name": item.name.removesuffix(f" / {item.option_name}") if form.show_name else None,
        "name_lines": name_lines, "option": item.option_name if shows_option else None, "code": code,
        "price": prices.get(item.product_id or "") if form.show_price else None,
        "picture": as_data(barcode_svg(code, form.symbology, width, round(height, 2))),
    }  # fmt: skip


def _page(form: BarcodeForm) -> dict[str, float]:
    """A form of one label is a roll: its page is the label."""
    if form.columns * form.rows == 1:
        return {"width": form.width, "height": form.height, "left": 0.0, "top": 0.0}
    left = (PAPER[0] - form.columns * form.width) / 2
    top = (PAPER[1] - form.rows * form.height) / 2
    return {"width": PAPER[0], "height": PAPER[1], "left": left, "top": top}


register(DocumentKind("barcodes", BarcodeParams, make_sheet))
