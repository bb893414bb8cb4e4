"""Ellipsis: "지마켓은?" after a question asks the same of another market or operation."""

from actions.base import TOPICS
from actions.turn import Turn

ASKED_OF = frozenset({"operation", "market", "period", "status"})
SHORT = 14  # characters; a longer sentence says itself what it wants


async def ask_again(turn: Turn) -> bool:
    """True when this short message only names another thing for the last question, which is then answered."""
    topic = turn.slot("topic")
    if turn.is_payload or topic not in TOPICS or len(turn.text) > SHORT:
        return False
    if not any(entity["entity"] in ASKED_OF for entity in turn.entities):
        return False
    turn.given = {k: turn.focus[k] for k in ("operation", "market") if turn.focus.get(k)}
    await TOPICS[topic].handle(turn)
    return True
