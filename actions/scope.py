"""Which operations a sentence is about: one, one on some markets, a market, an area, all promotion/CRM, everything."""

from itertools import pairwise

from actions.spared import names_meant
from actions.turn import Json, Turn

AREAS = {
    "area_product": "product",
    "area_content": "content",
    "area_cs": "cs",
    "area_market": "market",
    "promotion_crm": "promotion_crm",
}
EXCLUDING = ("excluded_markets", "excluded_operations", "excluded_areas")
KEYS = ("operation", "area", "market", *EXCLUDING, "everything")
TOGETHER = frozenset({"", "의", "에서", "쪽"})  # what may stand between a market and its operation
WIDE = ("operation", "area", "everything")


def scope_of(turn: Turn, *, with_focus: bool = True) -> Json:
    """operation, area, market, everything and what is left out: only what is known, in the backend's words.

    Beside these, for the caller to spell out: `markets` (several of one operation) and `operations` (several where one
    was expected). What this message says wins over what was known before
    (`turn.given`); a reference ("그거"), a place in a list ("두 번째 거") or silence falls back to what was talked about.
    """
    known: Json = {k: v for k, v in turn.given.items() if k in KEYS}
    said = _said(turn)
    whole = said.pop("whole", False)
    if whole or any(k in said for k in WIDE):
        if said.get("operation") != known.get("operation"):
            for place in ("market", *EXCLUDING):
                known.pop(place, None)
        for other in WIDE:
            known.pop(other, None)
    if "market" in said or "markets" in said:
        for place in ("market", "excluded_markets"):
            known.pop(place, None)
    excluded = said.get("excluded_markets", [])
    if known.get("market") in excluded:
        known.pop("market")
    elif known.get("market"):
        said.pop("excluded_markets", None)
    for left_out in EXCLUDING:  # "문자도 빼고" adds to what is left out already
        if known.get(left_out) and said.get(left_out):
            said[left_out] = list(dict.fromkeys([*known[left_out], *said[left_out]]))
    merged = {**known, **said}
    if merged.get("operation"):
        merged = {k: v for k, v in merged.items() if k not in ("excluded_operations", "excluded_areas")}
    elif merged.keys() & {"excluded_operations", "excluded_areas"} and not (
        {*WIDE, "market", "markets"} & merged.keys()
    ):
        merged["everything"] = True  # "쿠폰 빼고 꺼줘": of all there is
    if with_focus and not turn.is_payload and not ({*WIDE, "market", "markets"} & merged.keys()):
        thing = turn.pointed_at() or turn.focus
        merged.update({k: thing[k] for k in ("operation", "market") if thing.get(k)})
    return merged


def _said(turn: Turn) -> Json:
    meant, spared = names_meant(turn)
    operations = _values(meant, "operation")
    scopes = _values(meant, "scope")
    said: Json = {}
    if operations:
        said["operation"] = operations[0]
    if len(operations) > 1:
        said["operations"] = operations
    area = next((AREAS[s] for s in scopes if s in AREAS), None) or turn.entity("area")
    if area and not operations:
        said["area"] = area
    markets = [m for m in _values(meant, "market") if not _is_part_of(m, operations)]
    if markets:
        said["market" if len(markets) == 1 else "markets"] = markets[0] if len(markets) == 1 else markets
    paired = _pairs(turn, spared)
    spared = [e for e in spared if not any(e in pair for pair in paired)]
    excluded = [
        m for m in _values(spared, "market") if m not in markets and not _is_part_of(m, _values(spared, "operation"))
    ]
    if excluded and not markets:
        said["excluded_markets"] = excluded
    left_out = [o for o in _values(spared, "operation") if o not in operations]
    left_out += [f"{operation['value']}@{market['value']}" for market, operation in paired]
    if left_out:
        said["excluded_operations"] = left_out
    areas = [AREAS[s] for s in _values(spared, "scope") if s in AREAS and AREAS[s] != area]
    if areas:
        said["excluded_areas"] = areas
    if "all" in scopes:
        said["whole"] = True
    if turn.entity("everything") or (
        "all" in scopes and not ({"operation", "area", "market", "markets"} & said.keys())
    ):
        said["everything"] = True
    return said


def _pairs(turn: Turn, spared: list[Json]) -> list[tuple[Json, Json]]:
    """ "쿠팡 상품명 빼고": the market and the operation that are left out together."""
    found = []
    for market, operation in pairwise(spared):
        if (market["entity"], operation["entity"]) == ("market", "operation") and not turn.is_payload:
            between = turn.text[market["end"] : operation["start"]].strip()
            if between in TOGETHER and not _is_part_of(market["value"], [operation["value"]]):
                found.append((market, operation))
    return found


def _values(entities: list[Json], kind: str) -> list[str]:
    return list(dict.fromkeys(e["value"] for e in entities if e["entity"] == kind))


def _is_part_of(market: str, operations: list[str]) -> bool:
    """ "스마트스토어 검색 최적화" names no market beside the operation."""
    return any(operation.startswith(market) for operation in operations)
