"""Tells the merchant in the conversation what PRO is about to do, what failed or waits for a market, and what came back on (source: 000)."""

import json
from typing import Any

from sqlalchemy.orm import Session

from backend.conversations.notices import deliver
from backend.kit.wording import wording
from backend.operations.notices import subscribe
from backend.shops.models import Shop

#: what is worth an unread message, and the buttons under it: (wording, intent, entities taken from the notice)
TOLD: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {
    "run_announced": [
        ("why", "ops_explain", ("run_id",)),
        ("postpone", "ops_postpone", ("run_id",)),
        ("off_this", "ops_off", ("operation", "market")),
        ("display_next", "display_preview", ()),
        ("what_is_it", "faq/main_display_notice", ()),
    ],
    "run_failed": [("why_not", "ops_not_running", ("operation", "market"))],
    "market_silent": [("why_not", "ops_not_running", ("market",))],
    "market_answers": [("schedule", "ops_schedule", ("market",))],
    "off_lifted": [("off_list", "ops_off_list", ()), ("schedule", "ops_schedule", ())],
}


@subscribe
def tell(session: Session, shop: Shop, code: str, data: dict[str, Any]) -> None:
    if code not in TOLD:
        return
    text = wording().say(f"notice.{code}", **data)
    buttons = [
        {"title": wording().say(f"button.{word}"), "payload": _payload(intent, {k: data.get(k) for k in entities})}
        for word, intent, entities in TOLD[code]
    ]
    deliver(session, shop.id, [{"type": "text", "text": text}, {"type": "buttons", "buttons": buttons}], text)


def _payload(intent: str, entities: dict[str, Any]) -> str:
    given = {k: v for k, v in entities.items() if v is not None}
    return f"/{intent}{json.dumps(given, ensure_ascii=False, separators=(',', ':'))}" if given else f"/{intent}"
