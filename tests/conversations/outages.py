"""Processes of the product that stop answering for a while, as on an overloaded machine, and go on afterwards."""

import os
import signal
from typing import Any

from backend.cli.processes import Child
from tests.conversations.stage import Stage


def _child(stage: Stage, part: str) -> Child:
    return next(child for child in stage.stack.children if child.name == part)


def stalls(stage: Stage, mall_id: str, person: Any, part: str) -> None:
    """`part` (actions or rasa) keeps its connections, but does nothing any more; leaving the stage wakes it again."""
    child = _child(stage, part)
    stage.on_leaving.append(lambda: os.killpg(child.pid, signal.SIGCONT))
    os.killpg(child.pid, signal.SIGSTOP)


def goes_on(stage: Stage, mall_id: str, person: Any, part: str) -> None:
    os.killpg(_child(stage, part).pid, signal.SIGCONT)
