"""One child process with its log file and its own process group, so that stopping it stops all it started."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from backend.settings import ROOT

PATIENCE = 8.0  # seconds between asking to stop and ending by force
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class ChildDied(Exception):
    """A process ended by itself; the text holds its name and the last lines of its log."""


class Child:
    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self.name, self.log = name, log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=dict(env), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=_end_with_parent,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        return self._process.pid

    def check(self) -> None:
        """Raises ChildDied once the process has ended."""
        code = self._process.poll()
        if code is not None:
            raise ChildDied(f"{self.name} ended by itself (exit code {code}). The end of {self.log}:\n{self.tail()}")

    def ask_to_stop(self) -> None:
        self._signal(signal.SIGTERM)

    def stop(self, deadline: float) -> None:
        """Wait for the end until `deadline` (time.monotonic), then end the whole group by force."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.05, deadline - time.monotonic()))
        self._signal(signal.SIGKILL)  # also what its group left behind
        self._process.wait()

    def tail(self, lines: int = 20) -> str:
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)


def stop_all(children: Sequence[Child]) -> None:
    """All at once, so that stopping takes as long as the slowest, not as long as all together."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        child.stop(deadline)


def _end_with_parent() -> None:
    # A parent that is killed outright cannot clean up; the kernel then does.
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
