"""The words of stock: why it moved, and what an expected arrival is."""

from enum import StrEnum


class ItemState(StrEnum):
    ACTIVE = "active"
    REMOVED = "removed"  # out of the stock list; its history stays, and a sync from the mall may bring it back


class MovementReason(StrEnum):
    RECEIVE = "receive"  # 입고
    ISSUE = "issue"  # 출고 by hand: breakage, sample, own use
    CORRECT = "correct"  # 조정: counted, and found to be otherwise
    SHIP = "ship"  # an order left
    RETURN = "return"  # returned goods that can be sold again
    SHIP_UNDONE = "ship_undone"  # a shipment that did not leave after all
    UNDO = "undo"  # puts one movement back


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class InboundState(StrEnum):
    EXPECTED = "expected"
    PARTLY = "partly"  # a part has arrived, the rest is still expected
    RECEIVED = "received"
    CANCELLED = "cancelled"


I = InboundState  # noqa: E741
INBOUND_TRANSITIONS: dict[InboundState, frozenset[InboundState]] = {
    I.EXPECTED: frozenset({I.PARTLY, I.RECEIVED, I.CANCELLED}),
    I.PARTLY: frozenset({I.PARTLY, I.RECEIVED, I.CANCELLED, I.EXPECTED}),  # back only by undoing an arrival
    I.RECEIVED: frozenset({I.PARTLY, I.EXPECTED}),  # only by undoing an arrival
    I.CANCELLED: frozenset({I.EXPECTED, I.PARTLY}),  # only by undoing the cancellation
}


class StockLabel(StrEnum):
    """What a list shows beside an item (facts: stock)."""

    IN_STOCK = "in_stock"  # 재고 보유
    NEARLY_OUT = "nearly_out"  # 품절 임박: 0 < available <= safety quantity
    SOLD_OUT = "sold_out"  # 품절
    ARRIVING = "arriving"  # 재입고 예정: sold out, and an arrival is expected
