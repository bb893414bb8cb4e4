"""A work request's life (source: 000: only what the menu lists, handled in order)."""

from enum import StrEnum


class RequestState(StrEnum):
    SUBMITTED = "submitted"  # 접수: waits for the operations team
    ACCEPTED = "accepted"  # 확인: will be done
    IN_PROGRESS = "in_progress"  # 진행 중
    DONE = "done"  # 완료
    REJECTED = "rejected"  # 반려, with a reason
    WITHDRAWN = "withdrawn"  # 철회: taken back by the merchant


S = RequestState
TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    S.SUBMITTED: frozenset({S.ACCEPTED, S.REJECTED, S.WITHDRAWN}),
    S.ACCEPTED: frozenset({S.IN_PROGRESS, S.REJECTED, S.WITHDRAWN}),
    S.IN_PROGRESS: frozenset({S.DONE, S.REJECTED}),
    S.DONE: frozenset(),
    S.REJECTED: frozenset(),
    S.WITHDRAWN: frozenset({S.SUBMITTED, S.ACCEPTED}),  # only by undoing the withdrawal
}

OPEN_STATES = (S.SUBMITTED, S.ACCEPTED, S.IN_PROGRESS)
WITHDRAWABLE = (S.SUBMITTED, S.ACCEPTED)
CLOSED = (S.DONE, S.REJECTED, S.WITHDRAWN)
