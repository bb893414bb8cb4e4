"""The two axes of an order line, fulfilment and claim, and the life of a shipment (facts: order and claim codes).

A market's raw code is kept beside the normalised one and never thrown away.
"""

from collections.abc import Collection
from enum import StrEnum


class Fulfilment(StrEnum):
    AWAITING_PAYMENT = "awaiting_payment"  # 입금전
    UNALLOCATED = "unallocated"  # paid; no stock promised yet
    PARTLY_ALLOCATED = "partly_allocated"  # a part of the quantity has stock
    ALLOCATED = "allocated"  # ready to leave
    SHIPPED = "shipped"  # 배송중
    DELIVERED = "delivered"  # 배송완료
    CONFIRMED = "confirmed"  # 구매확정
    CANCELLED = "cancelled"  # nothing of it is to be sent any more


F = Fulfilment
FULFILMENT: dict[Fulfilment, frozenset[Fulfilment]] = {
    F.AWAITING_PAYMENT: frozenset({F.UNALLOCATED, F.CANCELLED}),
    F.UNALLOCATED: frozenset({F.PARTLY_ALLOCATED, F.ALLOCATED, F.CANCELLED}),
    F.PARTLY_ALLOCATED: frozenset({F.UNALLOCATED, F.ALLOCATED, F.CANCELLED}),
    F.ALLOCATED: frozenset({F.UNALLOCATED, F.PARTLY_ALLOCATED, F.SHIPPED, F.CANCELLED}),
    F.SHIPPED: frozenset({F.DELIVERED, F.ALLOCATED}),  # back only by undoing the shipment
    F.DELIVERED: frozenset({F.CONFIRMED, F.SHIPPED}),
    F.CONFIRMED: frozenset(),
    # only by undoing or rejecting a cancellation: back to what it was
    F.CANCELLED: frozenset({F.AWAITING_PAYMENT, F.UNALLOCATED, F.PARTLY_ALLOCATED, F.ALLOCATED}),
}
#: nothing has left yet, and something is to be sent
WAITING = frozenset({F.UNALLOCATED, F.PARTLY_ALLOCATED, F.ALLOCATED})
#: nothing has left yet and nothing was cancelled, paid or not
OPEN = WAITING | {F.AWAITING_PAYMENT}
GONE = frozenset({F.SHIPPED, F.DELIVERED, F.CONFIRMED})


def promised(allocated: int, open_quantity: int) -> Fulfilment:
    """What a paid line is, by how many of its pieces have stock."""
    if allocated <= 0:
        return F.UNALLOCATED
    return F.ALLOCATED if allocated >= open_quantity else F.PARTLY_ALLOCATED


class OrderState(StrEnum):
    """An order in one word, for people: derived from its lines and never stored."""

    REMOVED = "removed"
    CANCELLED = "cancelled"
    AWAITING_PAYMENT = "awaiting_payment"
    UNALLOCATED = "unallocated"  # paid, and nothing has stock
    PARTLY_ALLOCATED = "partly_allocated"
    ALLOCATED = "allocated"  # all that is to leave has stock
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CONFIRMED = "confirmed"


class ShipmentState(StrEnum):
    PREPARING = "preparing"  # 상품준비중
    LABELLED = "labelled"  # 송장등록: courier and number are known
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    VOID = "void"  # merged into another, or everything in it was cancelled


S = ShipmentState
#: without a label a parcel leaves only where a market's own page sent all that is still in it
SHIPMENT: dict[ShipmentState, frozenset[ShipmentState]] = {
    S.PREPARING: frozenset({S.LABELLED, S.VOID, S.SHIPPED, S.DELIVERED}),
    S.LABELLED: frozenset({S.PREPARING, S.SHIPPED, S.VOID, S.DELIVERED}),
    S.SHIPPED: frozenset({S.DELIVERED, S.LABELLED, S.PREPARING}),
    S.DELIVERED: frozenset({S.SHIPPED, S.LABELLED, S.PREPARING}),
    S.VOID: frozenset({S.PREPARING, S.LABELLED}),  # only by undoing the merge, the split or the cancellation
}


#: a parcel that has not left
LIVE = frozenset({S.PREPARING, S.LABELLED})


class ClaimKind(StrEnum):
    CANCEL = "cancel"
    RETURN = "return"
    EXCHANGE = "exchange"


class ClaimState(StrEnum):
    REQUESTED = "requested"  # 신청: the buyer asks
    ACCEPTED = "accepted"  # 접수
    HELD = "held"  # 보류
    COLLECTING = "collecting"  # 수거 중
    COLLECTED = "collected"  # 수거 완료, not yet inspected
    INSPECTED = "inspected"  # 검수 완료: each piece has an outcome
    RESHIPPING = "reshipping"  # 교환품 발송
    DONE = "done"
    REJECTED = "rejected"  # 거부
    WITHDRAWN = "withdrawn"  # 철회


C = ClaimState
CLAIM: dict[ClaimState, frozenset[ClaimState]] = {
    C.REQUESTED: frozenset({C.ACCEPTED, C.HELD, C.COLLECTING, C.DONE, C.REJECTED, C.WITHDRAWN}),
    C.ACCEPTED: frozenset({C.REQUESTED, C.HELD, C.COLLECTING, C.COLLECTED, C.RESHIPPING, C.DONE, C.REJECTED, C.WITHDRAWN}),
    C.HELD: frozenset({C.REQUESTED, C.ACCEPTED, C.COLLECTING, C.COLLECTED, C.DONE, C.REJECTED, C.WITHDRAWN}),
    C.COLLECTING: frozenset({C.REQUESTED, C.ACCEPTED, C.COLLECTED, C.HELD, C.DONE, C.REJECTED, C.WITHDRAWN}),
    C.COLLECTED: frozenset({C.COLLECTING, C.ACCEPTED, C.INSPECTED, C.RESHIPPING, C.HELD, C.DONE, C.REJECTED, C.WITHDRAWN}),
    C.INSPECTED: frozenset({C.COLLECTED, C.RESHIPPING, C.DONE, C.REJECTED, C.WITHDRAWN}),
    C.RESHIPPING: frozenset({C.COLLECTED, C.INSPECTED, C.ACCEPTED, C.DONE, C.REJECTED, C.WITHDRAWN}),
    # out of these only by an undo, or where a market says that it was otherwise
    C.DONE: frozenset(set(C) - {C.DONE, C.REJECTED}),
    C.REJECTED: frozenset(set(C) - {C.REJECTED, C.DONE}),
    C.WITHDRAWN: frozenset(set(C) - {C.WITHDRAWN, C.DONE}),
}  # fmt: skip
OPEN_CLAIMS = frozenset(set(ClaimState) - {C.DONE, C.REJECTED, C.WITHDRAWN})


class RefundState(StrEnum):
    NONE = "none"
    DUE = "due"  # 환불전
    HELD = "held"  # 환불보류
    DONE = "done"  # 환불완료


class Outcome(StrEnum):
    """What inspection found of returned goods."""

    RESTOCK = "restock"
    DEFECTIVE = "defective"
    QUARANTINE = "quarantine"  # 재판매 보류


class MatchedBy(StrEnum):
    CODE = "code"
    NAME = "name"
    MEMORY = "memory"  # as a person matched the same market product before
    HAND = "hand"


class PurchaseState(StrEnum):
    DRAFT = "draft"
    ORDERED = "ordered"
    RECEIVED = "received"
    CANCELLED = "cancelled"


def parcel_with(inside: Collection[Fulfilment]) -> ShipmentState:
    """What a parcel without a label is that holds lines in these states."""
    if not OPEN.isdisjoint(inside):
        return ShipmentState.PREPARING
    kept = [state for state in inside if state is not Fulfilment.CANCELLED]
    if not kept:
        return ShipmentState.VOID
    return ShipmentState.SHIPPED if Fulfilment.SHIPPED in kept else ShipmentState.DELIVERED
