"""Which postcodes are islands and far places (도서산간), and where parcels cannot be delivered just now (source: 002)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from backend.inventory_settings.catalogue import CJ, PostcodeRange, RemoteAreas
from backend.inventory_settings.read import values_of
from backend.kit.yaml_file import read_yaml

REFERENCE = Path(__file__).parent / "reference" / "remote_areas.yml"
_FIVE_DIGITS = re.compile(r"\d{5}")


@dataclass(frozen=True)
class Reference:
    """The table that everybody starts from."""

    version: int
    reviewed: date
    areas: tuple[PostcodeRange, ...]


@lru_cache
def reference() -> Reference:
    raw = read_yaml(REFERENCE)
    areas = tuple(PostcodeRange.model_validate(area) for area in raw["areas"])
    return Reference(raw["version"], raw["reviewed"], areas)


@lru_cache(maxsize=50_000)
def normalised(postcode: str | None) -> str | None:
    """Five digits, however it was written ("063-12" is none); None for what is no postcode of today."""
    digits = (postcode or "").strip().replace("-", "").replace(" ", "")
    return digits if _FIVE_DIGITS.fullmatch(digits) else None


def area_of(edits: RemoteAreas, postcode: str | None) -> str | None:
    """The area's name for a shop with these edits; what a shop takes away wins over what the table says, and what it
    adds wins over both. A range without a name is called by its first postcode."""
    code = normalised(postcode)
    if code is None:
        return None
    if edits.added and (own := _within(edits.added, code)):
        return own.name or own.start
    if edits.removed and _within(edits.removed, code):
        return None
    return _of_reference(code)


@lru_cache(maxsize=50_000)
def _of_reference(code: str) -> str | None:
    """Asked for with every order that comes in."""
    found = _within(reference().areas, code)
    return found.name if found else None


def marked(marking: bool, edits: RemoteAreas, postcode: str | None, country: str = "KR") -> str | None:
    """What an order is marked with: nothing where marking is off or the parcel leaves the country."""
    return area_of(edits, postcode) if marking and country == "KR" else None


def remote_area_of(session: Session, shop_id: str, postcode: str | None) -> str | None:
    """The name to mark an order with; None on the mainland, for no postcode, and where marking is switched off."""
    set_so = values_of(session, shop_id, "remote_area_marking", "remote_areas")
    return marked(set_so["remote_area_marking"], set_so["remote_areas"], postcode)


@dataclass(frozen=True)
class Disruptions:
    """The regions a shop's parcels do not reach just now; empty where CJ Logistics is not linked (source: 002)."""

    regions: tuple[PostcodeRange, ...]

    def at(self, postcode: str | None) -> PostcodeRange | None:
        code = normalised(postcode)
        return _within(self.regions, code) if code is not None else None


def disruptions(session: Session, shop_id: str) -> Disruptions:
    set_so = values_of(session, shop_id, "linked_couriers", "disruption_regions")
    return Disruptions(tuple(set_so["disruption_regions"]) if CJ in set_so["linked_couriers"] else ())


def _within(areas: Iterable[PostcodeRange], code: str) -> PostcodeRange | None:
    return next((area for area in areas if area.start <= code <= area.end), None)
