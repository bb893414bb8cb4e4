"""The notice that PRO put into the thread: Rasa did not say it, but "왜?" and "미뤄줘" mean what it told of."""

from datetime import datetime

from actions.turn import Json, Turn

NAMING = frozenset(
    {"operation", "market", "scope", "run_id", "ordinal", "position", "product_id", "switch_id", "request_no"}
)


async def look_at_notice(turn: Turn) -> Json | None:
    """The announced run (a RunOut) told of since the person last wrote, if this message names nothing else; it becomes
    the focus."""
    if any(e["entity"] in NAMING for e in turn.entities):
        return None
    told = await turn.api.runs(state="announced", limit=10)
    since = _last_said(turn)
    fresh = [run for run in told["items"] if datetime.fromisoformat(run["announced_at"]).timestamp() > since]
    if not fresh:
        return None
    newest: Json = max(fresh, key=lambda run: run["announced_at"])
    turn.look_at(run_id=newest["id"], operation=newest["operation"], market=newest["market"])
    return newest


def _last_said(turn: Turn) -> float:
    """When the message before this one came; 0 without one."""
    said = [event for event in turn.tracker.events if event.get("event") == "user"]
    return float(said[-2].get("timestamp") or 0) if len(said) > 1 else 0.0
