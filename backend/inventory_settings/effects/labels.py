"""What the settings of labels change (source: 002, 송장)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from backend.changes.change import Effect
from backend.inventory_settings.effects.counting import count
from backend.inventory_settings.waiting import waiting_shipments
from backend.orders.models import Shipment

Values = Mapping[str, Any]


def label_forms(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    """Parcels that are labelled for a courier whose form changes, and not printed yet."""
    forms = before["label_forms"], after["label_forms"]
    moved = [code for code in {**forms[0], **forms[1]} if forms[0].get(code) != forms[1].get(code)]
    parcels = waiting_shipments(shop_id).where(Shipment.courier.in_(moved), Shipment.printed_at.is_(None))
    return [Effect("setting_labels_printed", {"count": count(session, parcels)})]


def label_products(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    return _unprinted(session, shop_id)


def label_print_order(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    return _unprinted(session, shop_id)


def _unprinted(session: Session, shop_id: str) -> list[Effect]:
    labelled = waiting_shipments(shop_id).where(Shipment.labelled_at.is_not(None), Shipment.printed_at.is_(None))
    return [Effect("setting_labels_printed", {"count": count(session, labelled)})]


EFFECTS = {f.__name__: f for f in (label_forms, label_products, label_print_order)}
