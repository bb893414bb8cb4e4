"""Tracking numbers that a market would not take: the parcel has left, and its market still believes that it waits."""

from collections.abc import Sequence
from itertools import batched

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.markets.feed_models import CommandKind, CommandState, MarketCommand
from backend.orders.blockers import Blocker, Free, Stops
from backend.orders.states import GONE
from backend.orders.waiting import Line

AT_ONCE = 500


def invoices_refused(session: Session, shop_id: str, lines: Sequence[Line]) -> dict[str, list[Blocker]]:
    """By line, where the last word about it failed; one word a parcel, told with the first of its lines."""
    gone = {line.id: line for line in lines if line.fulfilment in GONE}
    last: dict[str, MarketCommand] = {}
    for some in batched(sorted(gone), AT_ONCE):
        query = select(MarketCommand).where(
            MarketCommand.shop_id == shop_id, MarketCommand.kind == CommandKind.INVOICE,
            MarketCommand.subject_id.in_(some), MarketCommand.state != CommandState.REPLACED,
        )  # fmt: skip
        for command in session.scalars(query.order_by(MarketCommand.created_at, MarketCommand.id)):
            last[command.subject_id] = command
    found: dict[str, list[Blocker]] = {}
    parcels: set[str | None] = set()
    for line_id, line in gone.items():
        word = last.get(line_id)
        if word is None or word.state is not CommandState.FAILED or line.shipment_id in parcels:
            continue
        parcels.add(line.shipment_id)
        data = {
            "market": word.market.value,
            "reason": word.error,
            "tracking_no": word.payload.get("tracking_no"),
        }
        frees = [
            Free("tell_again", "market_command.retry", {"market": word.market.value}),
            Free("correct_number", "invoice.change", {"shipment_id": line.shipment_id}),
        ]
        found[line_id] = [Blocker("invoice_refused", Stops.TELLING, data, frees, [line_id], line.shipment_id)]
    return found
