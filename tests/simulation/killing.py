"""Work in a process of its own that dies at its n-th step: `os._exit`, so that nothing is rolled back, flushed or closed."""

import os
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from backend.customers.gateway import SandboxGateway
from backend.db.engine import get_engine

KILLED = 77
WRITES = ("INSERT", "UPDATE", "DELETE")


def dies_at(point: int, work: Callable[[], Any]) -> bool:
    """True when it died at its `point`-th step, False when it was done before. The parent holds no connection meanwhile."""
    get_engine().dispose()
    child = os.fork()
    if child == 0:
        try:
            _count_down(point)
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, KILLED), "the work itself failed"
    return code == KILLED


def each_death(restore: Callable[[], None], work: Callable[[], Any]) -> Iterator[int]:
    """Restores, lets the work die at its first step, hands over; then at its second, and so on to its end."""
    point = 1
    while True:
        restore()
        if not dies_at(point, work):
            return
        yield point
        point += 1


def _count_down(point: int) -> None:
    """A step is a statement that writes, both sides of a commit, of a file's writing and naming, and of a sending."""
    left = point

    def step() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os._exit(KILLED)

    def statement(_c: Any, _cursor: Any, text: str, *_: Any) -> None:
        if text.lstrip().upper().startswith(WRITES):
            step()

    event.listen(get_engine(), "before_cursor_execute", statement)
    event.listen(get_engine(), "commit", lambda _: step())
    event.listen(Session, "after_commit", lambda _: step())
    rename, send = Path.replace, SandboxGateway.send

    def written_by_halves(handle: Any, content: bytes) -> None:
        step()
        handle.write(content[: len(content) // 2])
        handle.flush()
        step()
        handle.write(content[len(content) // 2 :])

    def renamed(self: Path, target: Any) -> Path:
        step()
        moved = rename(self, target)
        step()
        return moved

    def sent(self: SandboxGateway, message: Any) -> Any:
        step()
        receipt = send(self, message)
        step()
        return receipt

    from backend.images import store

    store.write = written_by_halves  # type: ignore[assignment]
    Path.replace = renamed  # type: ignore[method-assign, assignment]
    SandboxGateway.send = sent  # type: ignore[method-assign]
