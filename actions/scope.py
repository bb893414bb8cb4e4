"""Which operations a sentence is about: one, one on a market, a market, an area, all promotion/CRM, everything."""

from actions.turn import Json, Turn

AREAS = {
    "area_product": "product",
    "area_content": "content",
    "area_cs": "cs",
    "area_market": "market",
    "promotion_crm": "promotion_crm",
}


def scope_of(turn: Turn, *, with_focus: bool = True) -> Json:
    """operation, area, market, excluded_markets, everything: only what is known, in the backend's words.

    What this message says wins over what was known before (`turn.given`); a reference ("그거") or silence
    falls back to what was last talked about.
    """
    known: Json = {
        k: v for k, v in turn.given.items() if k in ("operation", "area", "market", "excluded_markets", "everything")
    }
    operations, scopes = turn.all_of("operation"), turn.all_of("scope")
    said: Json = {}
    if operations:
        said["operation"] = operations[0]
    area = next((AREAS[s] for s in scopes if s in AREAS), None)
    if area and not operations:
        said["area"] = area
    markets = turn.all_of("market")
    if markets and not _market_is_part_of(said.get("operation"), markets[0]):
        said["market"] = markets[0]
    excluded = turn.all_of("market", "excluded")
    if excluded:
        said["excluded_markets"] = excluded
    if turn.entity("area"):
        said["area"] = turn.entity("area")
    if turn.entity("everything") or ("all" in scopes and not said):
        said["everything"] = True
    if "operation" in said or "area" in said or "everything" in said:
        for other in ("operation", "area", "everything"):
            known.pop(other, None)
    merged = {**known, **said}
    if with_focus and not ({"operation", "area", "everything", "market"} & merged.keys()):
        focus = turn.focus
        merged.update({k: focus[k] for k in ("operation", "market") if focus.get(k)})
    return merged


def _market_is_part_of(operation: str | None, market: str) -> bool:
    """ "스마트스토어 검색 최적화" names no market beside the operation."""
    return bool(operation) and str(operation).startswith(market)
