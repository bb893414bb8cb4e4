"""What should be off when, said the slow way: no sets, no sweeps, every OFF asked about every unit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from backend.markets.codes import Market
from backend.operations.catalogue.loader import operations
from backend.operations.scope import Unit

OPERATIONS = sorted(operations())
AREAS = ["product", "content", "promotion_crm", "cs", "market"]
MARKETS = [market.value for market in Market]


@dataclass(frozen=True)
class Wished:
    """One wish as the API takes it, with its instants."""

    params: dict[str, Any]
    start: datetime
    until: datetime | None

    def stops(self, unit: Unit, at: datetime) -> bool:
        return self.covers(unit) and self.start <= at and (self.until is None or at < self.until)

    def covers(self, unit: Unit) -> bool:
        config = operations()[unit.operation].config
        place = (unit.market or Market.MALL).value
        p = self.params
        named = p.get("operation")
        if named is not None:
            inside = unit.operation == named and p.get("market") in (None, place)
        else:
            inside = p.get("area") in (None, config.area.value) and p.get("market") in (None, place)
        left_out = (
            any(said in (unit.operation, f"{unit.operation}@{place}") for said in p.get("excluded_operations", []))
            or config.area.value in p.get("excluded_areas", [])
            or place in p.get("excluded_markets", [])
        )
        return inside and not left_out


def _on_its_market(key: str) -> st.SearchStrategy[str]:
    markets = [m.value for m in operations()[key].config.markets]
    return st.sampled_from([key, *(f"{key}@{market}" for market in markets)])


EXCLUSIONS = st.fixed_dictionaries({}, optional={
    "excluded_operations": st.lists(st.sampled_from(OPERATIONS).flatmap(_on_its_market), max_size=4),
    "excluded_areas": st.lists(st.sampled_from(AREAS), max_size=2),
    "excluded_markets": st.lists(st.sampled_from(MARKETS), max_size=3),
})  # fmt: skip


def _operation_scope(key: str) -> st.SearchStrategy[dict[str, Any]]:
    markets = [m.value for m in operations()[key].config.markets]
    return st.sampled_from([{"operation": key}, *({"operation": key, "market": market} for market in markets)])


SCOPES = st.one_of(
    st.just({"everything": True}),
    st.sampled_from(AREAS).map(lambda area: {"area": area}),
    st.sampled_from(MARKETS).map(lambda market: {"market": market}),
    st.sampled_from(OPERATIONS).flatmap(_operation_scope),
)
