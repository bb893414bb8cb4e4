"""How a courier or a tracking number is read where it was asked for."""

import re
from typing import Any

from actions.answers import READERS, RESEMBLING, choice_of
from actions.turn import Json, Turn

COURIER, TRACKING = "courier", "tracking_no"


async def answer_courier(turn: Turn, wanted: Json) -> Any:
    return turn.entity("courier") or turn.entity("choice") or choice_of(turn, wanted["choices"])


async def answer_tracking(turn: Turn, wanted: Json) -> str | None:
    """Read as a number of a parcel whatever it looks like, as long as it is one run."""
    numbers = turn.all_of("tracking_no")
    if numbers:
        return str(numbers[0])
    run = re.search(r"[A-Za-z]{0,2}\d[\dA-Za-z\s-]{4,20}\d[A-Za-z]{0,2}", turn.text)
    return re.sub(r"[\s-]", "", run[0]).upper() if run else None


READERS[COURIER] = answer_courier
READERS[TRACKING] = answer_tracking
RESEMBLING[COURIER] = RESEMBLING[TRACKING] = frozenset(
    {"invoice_register", "invoice_print", "order_search", "handoff_request", "stock_adjust"}
)
