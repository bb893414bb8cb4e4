"""The named baseline: the bot of `rasa init`, untouched, served by Rasa itself over its REST channel."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from backend.cli.ports import free_ports
from backend.cli.processes import Child, stop_all
from backend.cli.train import BOT_PYTHON

QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}


def train(folder: Path) -> None:
    """A new `rasa init` project in the empty folder, with its model (about a minute)."""
    made = subprocess.run(
        [BOT_PYTHON, "-m", "rasa", "init", "--no-prompt", "--init-dir", folder],
        env={**os.environ, **QUIET}, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    if made.returncode or not list((folder / "models").glob("*.tar.gz")):
        raise RuntimeError(f"rasa init failed:\n{made.stderr[-2000:]}")


@contextmanager
def bare_rasa(folder: Path) -> Iterator[str]:
    """The address of the project in the folder, trained first if it is not yet; stopped afterwards."""
    if not list((folder / "models").glob("*.tar.gz")):
        train(folder)
    env = {**os.environ, **QUIET}
    port = free_ports().rasa
    # Child starts in the repository; Rasa is told where its project is
    command = [
        str(BOT_PYTHON), "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port),
        "--model", str(folder / "models"), "--credentials", str(folder / "credentials.yml"),
        "--endpoints", str(folder / "endpoints.yml"),
    ]  # fmt: skip
    child = Child("bare rasa", command, env, folder / "bare-rasa.log")
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 600  # however busy the machine is
        while True:
            child.check()
            try:
                if httpx.get(f"{url}/webhooks/rest/", timeout=2).is_success:
                    break
            except httpx.HTTPError:
                pass
            if time.monotonic() > deadline:
                raise RuntimeError(f"the bare bot does not answer:\n{child.tail()}")
            time.sleep(0.5)
        yield url
    finally:
        stop_all([child])
