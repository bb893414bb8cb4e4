"""The bot answers the same with Rasa's own ways and with our shorter ones (`bot/shortcuts.py`), on the trained model."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not PYTHON.exists(), reason="the bot's environment is not installed"),
]


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    trained = subprocess.run([PYTHON, "-m", "bot.train"], cwd=ROOT, capture_output=True, text=True, check=True)
    model = trained.stdout.strip().splitlines()[-1]
    ran = subprocess.run(
        [PYTHON, "-W", "ignore", "-m", "tests.bot.shortcut_story", model],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout[ran.stdout.index("{") :])


def test_every_message_is_understood_and_answered_the_same(told: dict[str, Any]) -> None:
    assert told["after"] == told["before"]
    first = told["before"][0]["None"]
    assert first["predicted"][0][0] == "action_faq"
    assert first["predicted"][1][0] == "action_listen"


def test_the_action_server_is_asked_over_one_connection(told: dict[str, Any]) -> None:
    assert told["connections"] == 1
