"""A buyer's inquiry, from the question to the answer that a person sent."""

from enum import StrEnum


class InquiryState(StrEnum):
    OPEN = "open"  # asked, nothing written yet
    DRAFTED = "drafted"  # PRO wrote a draft; it waits for the merchant
    ANSWERED = "answered"  # the merchant sent an answer, and the buyer reads it


S = InquiryState
TRANSITIONS: dict[InquiryState, frozenset[InquiryState]] = {
    S.OPEN: frozenset({S.DRAFTED, S.ANSWERED}),
    S.DRAFTED: frozenset({S.OPEN, S.ANSWERED}),  # open again: the draft was taken back
    S.ANSWERED: frozenset(),
}


class Topic(StrEnum):
    DELIVERY = "delivery"
    SIZE = "size"
    EXCHANGE = "exchange"
    STOCK = "stock"
    OTHER = "other"  # none of these, or several at once: a person's matter
