"""One measurement for several sizes, each in a process and a folder of its own: a table, and the same as JSON."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

Measure = Callable[[int], dict[str, Any]]


def main(module: str, about: str | None, of: str, sizes: Sequence[int], measure: Measure) -> None:
    """`python -m MODULE [--OF 10 200] [--out FILE]`; `measure` finds an empty folder in `OPSTALK_VAR_DIR`."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument(f"--{of}", dest="sizes", type=int, nargs="+", default=list(sizes))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        sys.stdout.write(json.dumps(measure(asked.measure)))
        return
    found = [_in_its_own_process(module, size) for size in asked.sizes]
    if asked.out:
        asked.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    table = Table(*(name.replace("_", " ") for name in found[0]))
    for row in found:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else str(value) for value in row.values()))
    Console(width=150).print(table)
    sys.stdout.write(json.dumps(found) + "\n")


def _in_its_own_process(module: str, size: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="opstalk-bench-") as folder:
        env = {**os.environ, "OPSTALK_VAR_DIR": folder, "OPSTALK_SECRET_KEY": "bench-secret-" * 4}
        env.pop("OPSTALK_DATABASE_URL", None)  # bare SQL beside it is SQLite's
        command = [sys.executable, "-m", module, "--measure", str(size)]
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
