"""What the features wrote into the outbox, as the adapters are told it: one name for each thing, whoever wrote it."""

from typing import Any

from backend.markets.feed_models import MarketCommand
from backend.markets.gateway.contract import Command

#: how the claims' side calls an answer -> how the adapters do
ANSWERS = {"finish": "done"}


def command_of(row: MarketCommand) -> Command:
    said: dict[str, Any] = dict(row.payload)
    for short, long in (("order_no", "market_order_no"), ("line_no", "market_line_no")):
        if short not in said and long in said:
            said[short] = said[long]
    if "answer" not in said and "action" in said:
        said["answer"] = ANSWERS.get(said["action"], said["action"])
    return Command(row.kind, said, row.key)
