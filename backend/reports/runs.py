"""What ran in a week: per operation and market, and day by day."""

from collections import defaultdict

from sqlalchemy.orm import Session

from backend.kit import clock
from backend.kit.weeks import Week
from backend.operations import history
from backend.operations.catalogue.loader import operations
from backend.operations.models import Run
from backend.operations.states import OPEN, RunState
from backend.reports.schemas import DayRuns, RunCounts, RunsOfWeek, UnitRuns

MOST_RUNS = 10_000  # of one shop in one week: far above any quota
COUNTED = {
    RunState.DONE: "done",
    RunState.NOTHING: "nothing",
    RunState.FAILED: "failed",
    RunState.DROPPED: "skipped",
    RunState.REVERTED: "undone",
}


def runs_of(session: Session, shop_id: str, week: Week) -> RunsOfWeek:
    """Runs that ended in the week; one that waits or works is none yet."""
    wanted = history.RunFilter(since=week.monday, until=week.sunday)
    found = [run for run in history.find_runs(session, shop_id, wanted, MOST_RUNS, 0)[0] if run.state not in OPEN]
    written = history.counted(session, shop_id, [run.id for run in found])
    units: dict[tuple[str, str | None], list[Run]] = defaultdict(list)
    days: dict[object, list[Run]] = defaultdict(list)
    for run in found:
        units[run.operation, run.market.value if run.market else None].append(run)
        days[clock.seoul(run.finished_at or run.scheduled_for).date()].append(run)
    return RunsOfWeek(
        **_counts(found),
        changed=sum(changed for changed, _ in written.values()),
        by_unit=[_unit(*unit, units[unit], written) for unit in sorted(units, key=_as_listed)],
        by_day=[DayRuns(day=day, **_counts(days[day])) for day in week.days],
    )


def _unit(operation: str, market: str | None, runs: list[Run], written: dict[str, tuple[int, int]]) -> UnitRuns:
    both = [written.get(run.id, (0, 0)) for run in runs]
    reasons = [run.reason for run in runs if run.reason and run.state in (RunState.FAILED, RunState.DROPPED)]
    return UnitRuns(
        operation=operation, market=market, **_counts(runs), changed=sum(changed for changed, _ in both),
        put_back=sum(undone for _, undone in both), reasons=list(dict.fromkeys(reasons)),
    )  # fmt: skip


def _counts(runs: list[Run]) -> dict[str, int]:
    counts = RunCounts().model_dump()
    for run in runs:
        counts[COUNTED[run.state]] += 1
    return counts


def _as_listed(unit: tuple[str, str | None]) -> tuple[int, str, str]:
    operation, market = unit
    known = operations().get(operation)
    return known.config.order if known else 999, operation, market or ""
