"""How long a round of the scheduler takes as shops grow: with everything to plan, with nothing to do, and a run on average.

`python -m tests.bench.scheduler [--shops 10 200 1000] [--out FILE]`: JSON and a table, in seconds of processor time and
megabytes of memory, each number of shops in a process of its own. Nothing is asserted.
"""

import resource
import time
from typing import Any

from tests.bench import sizes

IDLE_ROUNDS, RUNS = 5, 100


def measure(shops: int) -> dict[str, Any]:
    """In this process, on a fresh database; `OPSTALK_VAR_DIR` names an empty folder."""
    from backend import features
    from backend.db.engine import unit_of_work
    from backend.db.schema import migrate
    from backend.kit import clock
    from backend.operations.runner import execute
    from backend.operations.tick import tick
    from tests.simulation.village import START, build, households, moment

    features.load()
    migrate()
    with clock.frozen(START) as watch:
        with unit_of_work() as session:
            build(session, households(shops))
        began = time.process_time()
        planned = tick(start=lambda _: None).planned
        planning = time.process_time() - began
        began = time.process_time()
        for _ in range(IDLE_ROUNDS):
            tick(start=lambda _: None)
        idle = (time.process_time() - began) / IDLE_ROUNDS
        watch.move_to(moment(0, 11))
        due = tick(start=lambda _: None).started
        for run_id in due[:RUNS]:  # loads what is loaded once
            execute(run_id, "bench")
        began = time.process_time()
        for run_id in due[RUNS : 2 * RUNS]:
            execute(run_id, "bench")
        counted = len(due[RUNS : 2 * RUNS])
        a_run = (time.process_time() - began) / counted if counted else None
    return {
        "shops": shops, "planned": planned, "planning_seconds": round(planning, 3), "idle_seconds": round(idle, 4),
        "idle_milliseconds_a_shop": round(idle * 1000 / shops, 3), "run_milliseconds": round(a_run * 1000, 1) if a_run else None,
        "memory_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


if __name__ == "__main__":
    sizes.main("tests.bench.scheduler", __doc__, "shops", (10, 200, 1000), measure)
