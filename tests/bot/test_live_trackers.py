"""What the dialogue remembers of a conversation, in the bot's own environment with Rasa's own trackers."""

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
    pytest.mark.timeout(120),
    pytest.mark.skipif(not PYTHON.exists(), reason="the bot's environment is not installed"),
]


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    ran = subprocess.run(
        [PYTHON, "-W", "ignore", "-m", "tests.bot.tracker_story"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout)


def test_a_long_conversation_stays_short(told: dict[str, Any]) -> None:
    assert max(told["lengths"]) <= 45
    assert told["latest"][-4:] == [f"sentence {number}" for number in range(26, 30)]


def test_slots_outlive_the_turns_that_set_them(told: dict[str, Any]) -> None:
    assert told["focus"] == {"run": "r1"}
    assert told["misses"] == 0


def test_a_turn_that_was_never_saved_did_not_happen(told: dict[str, Any]) -> None:
    assert told["after_break"] == {"focus": {"run": "r1"}, "last": "sentence 29"}


def test_an_open_form_keeps_all_that_was_asked(told: dict[str, Any]) -> None:
    assert told["in_form"]["loop"] == "detail_form"
    assert told["in_form"]["replayed"] > 20 * 4


def test_only_the_conversations_that_spoke_last_are_kept(told: dict[str, Any]) -> None:
    assert told["kept"] == ["a", "b", "c"]
