"""The wire shapes of operations: runs with what they changed, switches, the gate, the schedule."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from backend.operations.contract import Area
from backend.operations.states import RunState


class UnitOut(BaseModel):
    operation: str
    market: str | None


class RunOut(UnitOut):
    """`changed` counts the written fields, `undone` those put back since; `moved` how often a person moved its start."""

    id: str
    state: RunState
    trigger: str
    scheduled_for: datetime
    first_scheduled_for: datetime | None
    moved: int
    announced_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    reason: str | None
    attempts: int
    rule: dict[str, Any]
    result: dict[str, Any]
    changed: int
    undone: int
    undoable: bool


class RunPage(BaseModel):
    items: list[RunOut]
    total: int
    limit: int
    offset: int


class RunChangeOut(BaseModel):
    """`…_shown` is a name where the value is an id; `…_picture` where a browser finds the picture it stands for."""

    target_type: str
    target_id: str
    label: str
    field: str
    op: str
    before: Any
    after: Any
    before_shown: str | None = None
    after_shown: str | None = None
    before_picture: str | None = None
    after_picture: str | None = None
    at: datetime
    undone: bool


class RunDetail(RunOut):
    """`planned` is what was announced, until the run is done."""

    findings: list[dict[str, Any]]
    planned: list[dict[str, Any]]
    changes: list[RunChangeOut]


class ExplainedOut(RunChangeOut):
    run: RunOut
    findings: list[dict[str, Any]]


class ExcludedOut(BaseModel):
    """A part that is left out, as wide as its names are few."""

    operation: str | None
    area: Area | None
    market: str | None


class OffSwitchOut(BaseModel):
    """`until` is the last day on which it holds, `resumes_on` the day after; both None: for good.

    `starts` None: from when it was set. An end or a start within a day is ISO 8601 with an hour. `upcoming`: not yet.
    """

    id: str
    operation: str | None
    area: Area | None
    market: str | None
    excluded: list[ExcludedOut]
    starts: str | None
    upcoming: bool
    until: str | None
    resumes_on: str | None
    reason: str | None
    set_by: str
    set_at: datetime
    lifted_at: datetime | None
    lifted_by: str | None
    units: list[UnitOut]


class CheckOut(BaseModel):
    code: str
    passed: bool
    blocking: bool
    evidence: dict[str, Any]
    fix: dict[str, Any] | None


class GateOut(UnitOut):
    verdict: str
    state: str
    blockers: list[str]
    checks: list[CheckOut]


class UnitStateOut(BaseModel):
    market: str | None
    state: str
    verdict: str
    next_run: "UpcomingOut | None"


class UpcomingOut(UnitOut):
    """`run_id` None: not planned yet, calculated. `held_by`: the OFF it waits for, when that ends by itself."""

    at: datetime
    run_id: str | None
    state: RunState | None
    announced: bool
    announced_at: datetime | None = None
    after_off: bool


class OperationOut(BaseModel):
    """`state` of the whole: that of its units when they agree, else `mixed`."""

    key: str
    area: Area
    markets: list[str]
    interval_days: int
    hour: int
    announce_hours: int
    required: list[str]
    state: str
    units: list[UnitStateOut]
    off: list[OffSwitchOut]
    next_run: UpcomingOut | None
    last_run: RunOut | None


class NextSlotOut(BaseModel):
    position: int
    product_id: str | None
    code: str | None
    name: str | None
    pinned: bool
    changed: bool
    before_id: str | None
    before: str | None
    reason: str
    evidence: dict[str, Any]


class NextGroupOut(BaseModel):
    """`changes` 0: it stays as it is. `blocked_by`: the gate's code when the operation does not run."""

    id: str
    number: int
    name: str
    automatic: bool
    changes: int
    gain_percent: float | None
    at: datetime | None
    announced: bool
    blocked_by: str | None
    slots: list[NextSlotOut]
