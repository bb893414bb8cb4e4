"""A message's life, from the outbox to the person or to the reason it did not go."""

from enum import StrEnum


class MessageState(StrEnum):
    QUEUED = "queued"  # waits for its time
    SENDING = "sending"  # handed to the gateway; its answer is not written down yet, so it cannot be taken back
    SENT = "sent"  # the gateway took it
    FAILED = "failed"  # the gateway refused it, or did not answer often enough
    SKIPPED = "skipped"  # not sent, for the reason beside it: consent taken back, too late …
    WITHDRAWN = "withdrawn"  # taken back before it went: its run was undone, or the operation switched off


S = MessageState
TRANSITIONS: dict[MessageState, frozenset[MessageState]] = {
    S.QUEUED: frozenset({S.SENDING, S.SKIPPED, S.WITHDRAWN}),
    S.SENDING: frozenset({S.SENT, S.FAILED, S.QUEUED}),  # queued again: the gateway did not answer
    S.SENT: frozenset(),
    S.FAILED: frozenset(),
    S.SKIPPED: frozenset(),
    S.WITHDRAWN: frozenset({S.QUEUED}),  # only by undoing what withdrew it
}
GONE = (MessageState.SENDING, MessageState.SENT)  # cannot be taken back
RESERVING = (MessageState.QUEUED, MessageState.SENDING)  # their credit is set aside
