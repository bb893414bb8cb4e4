"""A run's life, and which step may follow which."""

from enum import StrEnum


class RunState(StrEnum):
    SCHEDULED = "scheduled"  # will start at scheduled_for
    ANNOUNCED = "announced"  # the merchant was told a day ahead; starts at scheduled_for
    RUNNING = "running"  # a worker holds its lease
    DONE = "done"  # its changes are in the shop
    NOTHING = "nothing"  # diagnosed, nothing to improve
    FAILED = "failed"  # stopped with a reason; nothing was changed
    DROPPED = "dropped"  # switched off or blocked before it started
    REVERTED = "reverted"  # its changes were put back


S = RunState
TRANSITIONS: dict[RunState, frozenset[RunState]] = {
    S.SCHEDULED: frozenset({S.ANNOUNCED, S.RUNNING, S.DROPPED}),
    S.ANNOUNCED: frozenset({S.RUNNING, S.DROPPED, S.SCHEDULED}),
    S.RUNNING: frozenset({S.DONE, S.NOTHING, S.FAILED, S.DROPPED, S.SCHEDULED}),
    S.DONE: frozenset({S.REVERTED}),
    S.NOTHING: frozenset(),
    S.FAILED: frozenset({S.SCHEDULED}),
    S.DROPPED: frozenset({S.SCHEDULED, S.ANNOUNCED}),  # only by undoing the OFF that dropped it
    S.REVERTED: frozenset({S.DONE}),  # only by undoing the undo
}
WAITING = (RunState.SCHEDULED, RunState.ANNOUNCED)
OPEN = (*WAITING, RunState.RUNNING)
ENDED = (RunState.DONE, RunState.NOTHING, RunState.REVERTED)  # it had its turn; the interval counts from here
