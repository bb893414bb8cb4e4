"""Trains the bot's model in its own environment when something it learns from changed.

`python -m backend.cli.train`
"""

import subprocess
import sys
from pathlib import Path

from backend.settings import ROOT

BOT_PYTHON = ROOT / "bot/.venv/bin/python"
MODELS = ROOT / "models"


class TrainingFailed(Exception):
    """The trainer ended with an error; what it said is above."""


def train(output: Path = MODELS) -> None:
    """Quick when the model is current; raises TrainingFailed."""
    code = subprocess.run([BOT_PYTHON, "-m", "bot.train", "--output", output], cwd=ROOT).returncode
    if code != 0:
        raise TrainingFailed(f"The bot's model could not be trained (exit code {code}).")


if __name__ == "__main__":
    try:
        train()
    except TrainingFailed as failed:
        sys.exit(str(failed))
