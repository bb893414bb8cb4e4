"""The document `labels`: shipping labels (송장) of exactly the chosen parcels, by each courier's form (source: 002, 송장양식).

Every label begins a page of its form's size. A list of goods that is longer than the page goes on upon the next one, under
the parcel's number again: nothing is cut and nothing runs over the edge.
"""

import base64
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from typing import Annotated, Any

import barcode
from barcode.writer import SVGWriter
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from backend.documents.kinds import PDF, DocumentKind, File, register
from backend.documents.pdf import pdf_of
from backend.errors import Conflict
from backend.inventory_settings.catalogue import LabelField, LabelForm, PrintOrder
from backend.inventory_settings.read import values_of
from backend.kit.phone import hyphenated
from backend.orders.models import OrderLine
from backend.shipping.couriers import couriers
from backend.shipping.masking import masked_name, masked_phone
from backend.shipping.parcels import AT_MOST, Parcel, parcels
from backend.shops.models import Shop
from backend.web.pages import environment

HOME = "KR"
LETTERS = ((90, 6.5), (150, 8.0))  # labels narrower than so many millimetres are set in so many points
LARGE_LETTERS = 10.5  # points


class LabelsParams(BaseModel):
    shipment_ids: Annotated[list[str], Field(min_length=1, max_length=AT_MOST)]


def make(session: Session, shop: Shop, params: LabelsParams) -> File:
    """Raises NotFound `shipment_not_found`, Conflict `shipment_not_labelled` for one without a number."""
    html = page_of(session, shop, params.shipment_ids)
    return File("labels.pdf", PDF, pdf_of(html))


def page_of(session: Session, shop: Shop, shipment_ids: Sequence[str]) -> str:
    asked = values_of(session, shop.id, "label_forms", "label_products", "label_print_order")
    chosen = parcels(session, shop.id, shipment_ids)
    for parcel in chosen:
        if not parcel.shipment.tracking_no or not parcel.shipment.courier:
            raise Conflict(
                "it has no number",
                code="shipment_not_labelled",
                order_no=parcel.order_no,
                number=parcel.shipment.number,
            )
    forms: dict[str, LabelForm] = asked["label_forms"]
    in_order = sorted(chosen, key=lambda parcel: place(parcel, asked["label_print_order"]))
    used = {parcel.shipment.courier or "": forms.get(parcel.shipment.courier or "", LabelForm()) for parcel in in_order}
    labels = [_label(shop, parcel, used[parcel.shipment.courier or ""], asked["label_products"]) for parcel in in_order]
    sizes = [
        {"key": key, "width": form.width, "height": form.height, "letters": letters_for(form.width)}
        for key, form in used.items()
    ]
    return environment().get_template("shipping/labels.html").render(labels=labels, sizes=sizes)


def letters_for(width: int) -> float:
    return next((points for narrower, points in LETTERS if width < narrower), LARGE_LETTERS)


def place(parcel: Parcel, order: PrintOrder) -> tuple[Any, ...]:
    """Where the label stands among the others; equals stay in the order they came in."""
    first = parcel.first_order
    last = (first.ordered_at, first.order_no, parcel.shipment.id)
    lines = sorted(parcel.lines, key=lambda line: (parcel.name_of(line), line.id))
    name = parcel.name_of(lines[0]) if lines else ""
    places = sorted((parcel.items[i.item_id].location or "~") for i in lines if i.item_id)
    return {
        PrintOrder.ORDERED_AT: last,
        PrintOrder.ORDER_NO: (first.order_no, *last),
        PrintOrder.RECIPIENT: (parcel.recipient or "", *last),
        PrintOrder.PRODUCT: (name, *last),
        PrintOrder.LOCATION: (places[0] if places else "~", name, *last),
    }[order]


def _label(shop: Shop, parcel: Parcel, form: LabelForm, fields: Sequence[LabelField]) -> dict[str, Any]:
    """A parcel abroad bears the whole name, whatever the form says: customs compares it with the declaration."""
    shipment, number = parcel.shipment, parcel.shipment.tracking_no or ""
    courier = couriers().get(shipment.courier or "")
    name, phone = shipment.recipient_name or "", hyphenated(shipment.recipient_phone or "")
    if form.mask_name and shipment.country == HOME:
        name, phone = masked_name(name), masked_phone(phone)
    remote = next((order.remote_area for order in parcel.orders.values() if order.remote_area), None)
    return {
        "courier_key": shipment.courier, "courier": courier.name if courier else shipment.courier, "tracking_no": number,
        "barcode": barcode_of(number), "number": shipment.number,
        "orders": [order.order_no for order in sorted(parcel.orders.values(), key=lambda o: o.order_no)],
        "name": name, "phone": phone, "postcode": shipment.postcode, "address": shipment.address, "country": shipment.country,
        "message": shipment.message if form.show_message else None, "remote": remote,
        "sender": {"name": shop.name, "phone": hyphenated(shop.sender_number or "")} if form.show_sender else None,
        "lines": [_goods(parcel, line, fields) for line in parcel.lines], "pieces": sum(i.open_quantity for i in parcel.lines),
        "fields": [field.value for field in fields],
    }  # fmt: skip


def _goods(parcel: Parcel, line: OrderLine, fields: Sequence[LabelField]) -> dict[str, str]:
    """Only what the setting label_products asks for (source: 002, 송장 내 상품리스트)."""
    item = parcel.items.get(line.item_id or "")
    option = item.option_name if item else line.market_option
    whole = parcel.name_of(line)
    name = whole.removesuffix(f" / {option}") if option else whole
    told = {
        LabelField.NAME: name, LabelField.OPTION: option or "", LabelField.CODE: item.code if item else line.seller_code or "",
        LabelField.QUANTITY: str(line.open_quantity), LabelField.LOCATION: (item.location if item else None) or "",
        LabelField.BARCODE: (item.barcode if item else None) or "", LabelField.AMOUNT: f"{line.amount - line.discount:,}",
    }  # fmt: skip
    return {field.value: told[field] for field in fields}


@lru_cache(maxsize=1024)
def barcode_of(number: str) -> str:
    """Code 128 as a picture inside the page: nothing is fetched from anywhere."""
    drawn = BytesIO()
    code = barcode.get("code128", number, writer=SVGWriter())
    code.write(drawn, {"module_height": 12, "module_width": 0.3, "quiet_zone": 3, "write_text": False})
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode("ascii")


register(DocumentKind("labels", LabelsParams, make))
