"""The one writer of a run's state."""

from datetime import datetime

from backend.errors import IllegalMove
from backend.operations.models import Run
from backend.operations.states import TRANSITIONS, WAITING, RunState


def move(run: Run, to: RunState, now: datetime, reason: str | None = None) -> None:
    """Raises IllegalMove. An ended run keeps when it ended and gives its lease back."""
    if to not in TRANSITIONS[run.state]:
        raise IllegalMove(f"a run that is {run.state} cannot become {to}", before=run.state.value, after=to.value)
    run.state = to
    run.reason = reason
    run.version += 1
    if to not in (*WAITING, RunState.RUNNING):
        run.finished_at = now
        run.lease_owner = run.lease_until = None
