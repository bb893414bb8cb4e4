"""Processor time that processes and their children have used; unlike the clock, other work on the machine hardly disturbs it."""

import os
from collections.abc import Iterable
from pathlib import Path

from backend.cli.processes import Child

_TICKS = os.sysconf("SC_CLK_TCK")


def milliseconds(children: Iterable[Child]) -> dict[str, float]:
    """By the process's name, since its start; nothing where the system does not tell (only Linux does)."""
    if not Path("/proc/self/stat").exists():
        return {}
    return {child.name: sum(map(_of, _family(child.pid))) for child in children}


def _of(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()
    return (int(after_name[11]) + int(after_name[12])) * 1000 / _TICKS


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            found += _family(int(child))
    return found
