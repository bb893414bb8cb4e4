"""How long a round of the scheduler takes as shops grow: with everything to plan, with nothing to do, and a run on average.

`python -m tests.bench.scheduler [--shops 10 200 1000] [--out FILE]`: JSON and a table, in seconds of processor time and
megabytes of memory, each number of shops in a process of its own. Nothing is asserted.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

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


def in_its_own_process(shops: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="opstalk-bench-") as folder:
        env = {**os.environ, "OPSTALK_VAR_DIR": folder, "OPSTALK_SECRET_KEY": "bench-secret-" * 4}
        command = [sys.executable, "-m", "tests.bench.scheduler", "--measure", str(shops)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shops", type=int, nargs="+", default=[10, 200, 1000])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        sys.stdout.write(json.dumps(measure(options.measure)))
        return
    found = [in_its_own_process(shops) for shops in options.shops]
    if options.out:
        options.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    table = Table(*found[0])
    for row in found:
        table.add_row(*map(str, row.values()))
    Console().print(table)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
