"""A plan's life: previewed once, then settled for good."""

from enum import StrEnum


class PlanState(StrEnum):
    PREVIEWED = "previewed"  # shown, not yet confirmed
    EXECUTED = "executed"
    STALE = "stale"  # the shop moved in between; replaced by a fresh preview
    DISCARDED = "discarded"  # the person said no
    EXPIRED = "expired"  # plain time: never stored, a preview whose `expires_at` has passed


S = PlanState
TRANSITIONS: dict[PlanState, frozenset[PlanState]] = {
    S.PREVIEWED: frozenset({S.EXECUTED, S.STALE, S.DISCARDED}),
    S.EXECUTED: frozenset(),
    S.STALE: frozenset(),
    S.DISCARDED: frozenset(),
    S.EXPIRED: frozenset(),
}
