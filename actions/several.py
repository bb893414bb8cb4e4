"""Several operations or markets in one sentence: one plan where the backend can say it, else one after the other."""

from actions.scope import KEYS
from actions.turn import Json, Turn


async def spell_out(turn: Turn, scope: Json) -> Json:
    """`scope` as one plan can carry it, and under `then` the scopes that follow it."""
    if not scope.keys() & {"markets", "operations"}:
        return _with_queue(turn, scope)
    plain: Json = {k: v for k, v in scope.items() if k in KEYS}
    markets: list[str] = scope.get("markets", [])
    operations: list[str] = scope.get("operations", [])
    if len(operations) > 1 or (operations and "operation" not in plain):
        first, *rest = [{**plain, "operation": key} for key in operations]
        return {**first, "then": rest}
    if markets and plain.get("operation"):
        known = {o["key"]: o for o in await turn.api.operations()}
        runs_on: list[str] = known.get(plain["operation"], {}).get("markets", [])
        return {**plain, "excluded_markets": [m for m in runs_on if m not in markets]}
    if markets:
        first, *rest = [{**plain, "market": market} for market in markets]
        return {**first, "then": rest}
    return _with_queue(turn, plain)


def _with_queue(turn: Turn, scope: Json) -> Json:
    """A correction keeps what was to follow; "상품명도" adds to it instead of replacing."""
    queue: list[Json] = list(turn.given.get("then", []))
    before, now = turn.given.get("operation"), scope.get("operation")
    if before and now and before != now and _says_also(turn, now):
        queue.append({"operation": now})
        scope = {k: v for k, v in turn.given.items() if k in KEYS}
    return {**scope, "then": queue} if queue else scope


def _says_also(turn: Turn, operation: str) -> bool:
    named = next((e for e in turn.entities if e["entity"] == "operation" and e["value"] == operation), None)
    return named is not None and turn.text[named["end"] :].lstrip().startswith("도")
