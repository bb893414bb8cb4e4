"""Which fields of a work request a change may write; taking a filed one back is withdrawing it."""

from typing import Any

from backend.changes.registry import Target, register
from backend.work_requests.models import WorkRequest
from backend.work_requests.states import TRANSITIONS, RequestState


def _withdraw(request: WorkRequest) -> dict[str, Any]:
    return {"state": RequestState.WITHDRAWN.value}


register(
    "work_request",
    Target(
        WorkRequest, frozenset({"state", "state_reason"}), "wrq",
        transitions={"state": TRANSITIONS}, undo_create=_withdraw,
    ),
)  # fmt: skip
