"""Processes end with all they started, and say why when they end by themselves."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend.cli.ports import PortBusy, configured_ports, free_ports, is_free
from backend.cli.processes import Child, ChildDied, stop_all
from backend.settings import ROOT, get_settings

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
)
PARENT = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]); time.sleep(60)"


def eventually(true: Callable[[], bool], within: float = 10.0) -> bool:
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def group_is_gone(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_stopping_a_child_ends_its_own_children_too_even_stubborn_ones(tmp_path: Path) -> None:
    child = Child("parent", [sys.executable, "-c", PARENT], os.environ, tmp_path / "parent.log")
    assert eventually(lambda: "ready" in child.tail())
    stop_all([child])
    assert eventually(lambda: group_is_gone(child.pid))


def test_a_child_that_dies_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    child = Child(
        "rasa", [sys.executable, "-c", "import sys; print('no model'); sys.exit(3)"], os.environ, tmp_path / "rasa.log"
    )

    def died() -> bool:
        try:
            child.check()
        except ChildDied as error:
            assert "rasa" in str(error) and "exit code 3" in str(error) and "no model" in str(error)
            return True
        return False

    assert eventually(died)
    stop_all([child])


def test_children_of_a_killed_parent_end_by_themselves(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux tells a process that its parent died")
    log = tmp_path / "child.log"
    script = (
        "import os, sys, time; from pathlib import Path; from backend.cli.processes import Child\n"
        f"child = Child('c', [sys.executable, '-c', 'import time; time.sleep(60)'], os.environ, Path({str(log)!r}))\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    assert eventually(lambda: group_is_gone(pid))


@pytest.fixture
def taken() -> Iterator[socket.socket]:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    yield listening
    listening.close()


def test_a_busy_port_says_what_to_do(taken: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    port = taken.getsockname()[1]
    monkeypatch.setenv("OPSTALK_PORT", str(port))
    get_settings.cache_clear()
    with pytest.raises(PortBusy, match=f"Port {port} is in use.*OPSTALK_PORT={port + 100} make up"):
        configured_ports()
    get_settings.cache_clear()


def test_a_busy_private_port_moves_aside(taken: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    port = taken.getsockname()[1]
    monkeypatch.setenv("OPSTALK_PORT", str(free_ports().backend))
    monkeypatch.delenv("OPSTALK_RASA_PORT", raising=False)
    get_settings.cache_clear()
    monkeypatch.setattr(get_settings(), "rasa_port", port)
    assert configured_ports().rasa != port
    assert not is_free(port)
    get_settings.cache_clear()
