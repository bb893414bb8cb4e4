"""A proposal's life: the merchant answers it, or its time passes."""

from enum import StrEnum


class DealState(StrEnum):
    PROPOSED = "proposed"  # waits for the merchant
    ACCEPTED = "accepted"  # the merchant wants it, and applies at Naver
    DECLINED = "declined"
    EXPIRED = "expired"  # past its last day, or taken back with its run


S = DealState
TRANSITIONS: dict[DealState, frozenset[DealState]] = {
    S.PROPOSED: frozenset({S.ACCEPTED, S.DECLINED, S.EXPIRED}),
    S.ACCEPTED: frozenset({S.PROPOSED}),  # only by undoing the answer
    S.DECLINED: frozenset({S.PROPOSED}),  # only by undoing the answer
    S.EXPIRED: frozenset({S.PROPOSED}),  # only by undoing the undo of its run
}
