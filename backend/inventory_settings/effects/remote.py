"""What the settings of far places change (source: 002, 도서지역; 배송 차질 지역)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import Session

from backend.changes.change import Effect
from backend.inventory_settings.catalogue import CJ
from backend.inventory_settings.effects.counting import count
from backend.inventory_settings.marking import marks_to_change
from backend.inventory_settings.waiting import waiting_shipments
from backend.inventory_settings.words import words
from backend.orders.models import Shipment

Values = Mapping[str, Any]


def remote_area_marking(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    return _marks(session, shop_id, after)


def remote_areas(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    """Said already where the marking changes with it."""
    return [] if before["remote_area_marking"] != after["remote_area_marking"] else _marks(session, shop_id, after)


def _marks(session: Session, shop_id: str, after: Values) -> list[Effect]:
    moved = list(marks_to_change(session, shop_id, after["remote_area_marking"], after["remote_areas"]))
    marked = sum(mark is not None for _, _, mark in moved)
    return [Effect("setting_remote_marks", {"marked": marked, "unmarked": len(moved) - marked})]


def linked_couriers(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    """Parcels labelled with a courier that is no longer linked keep their number."""
    gone = [code for code in before["linked_couriers"] if code not in after["linked_couriers"]]
    parcels = count(session, waiting_shipments(shop_id).where(Shipment.courier.in_(gone))) if gone else 0
    effects = [Effect("setting_couriers_linked", {"gone": [_name(code) for code in gone], "count": parcels})]
    if CJ in gone and after["disruption_regions"]:
        effects.append(Effect("setting_disruptions_ignored", {"count": len(after["disruption_regions"])}))
    return effects


def _name(code: str) -> str:
    known = words().couriers.get(code)
    return known.name if known else code


def disruption_regions(session: Session, shop_id: str, before: Values, after: Values) -> list[Effect]:
    """Parcels to these regions that have no label yet."""
    regions = after["disruption_regions"]
    within = [Shipment.postcode.between(area.start, area.end) for area in regions]
    parcels = waiting_shipments(shop_id).where(or_(*within), Shipment.labelled_at.is_(None)) if within else None
    return [
        Effect(
            "setting_parcels_disrupted",
            {"count": 0 if parcels is None else count(session, parcels), "regions": len(regions)},
        )
    ]


EFFECTS = {
    f.__name__: f for f in (remote_area_marking, remote_areas, linked_couriers, disruption_regions)
}  # fmt: skip
