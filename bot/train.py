"""Trains the bot only when something it learns from changed: `python -m bot.train [--force] [--output models]`.

The model file is named after the hash of everything that shapes it, so "is it current" is "does it exist".
Prints the path of the model on its last line.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bot import quiet, without_tensorflow

ROOT = Path(__file__).resolve().parents[1]
_SHAPING = (
    "config.yml",
    "domain.yml",
    "domain/**/*.yml",
    "data/*/nlu_*.yml",
    "data/*/rules.yml",
    "data/*/responses.yml",
    "data/entities/*.yml",
    "bot/components/*.py",
    "bot/language/*.py",
    "bot/requirements.lock",
    "backend/kit/korean_dates/*.py",
    "backend/kit/intent_areas.py",
)


def shaping_files() -> Iterator[Path]:
    """Every file the model depends on, in a fixed order."""
    for pattern in _SHAPING:
        yield from sorted(ROOT.glob(pattern))


def fingerprint() -> str:
    """Twelve hex digits over names and contents."""
    digest = hashlib.sha256()
    for path in shaping_files():
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "models")
    parser.add_argument("--force", action="store_true", help="train even when the model is current")
    options = parser.parse_args()
    output = options.output.resolve()
    model = output / f"opstalk-{fingerprint()}.tar.gz"
    if model.exists() and not options.force:
        model.touch()  # the server takes the newest of the folder
        _say(f"train: {model.name} is current")
    else:
        _train(model)
    _say(str(model))


def _train(model: Path) -> None:
    began = time.monotonic()
    quiet.switch()
    without_tensorflow.pretend()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    _say("train: loading Rasa")
    from rasa.model_training import train

    quiet.settle()
    _say(f"train: learning from data/ ({time.monotonic() - began:.0f} s so far)")
    domain = ROOT / "domain.yml"
    result = train(
        domain=str(domain if domain.exists() else ROOT / "domain"),
        config=str(ROOT / "config.yml"),
        training_files=str(ROOT / "data"),
        output=str(model.parent),
        fixed_model_name=model.name.removesuffix(".tar.gz"),
        force_training=True,
    )
    if result.code != 0 or not result.model:
        raise SystemExit(f"train: failed with code {result.code}")
    _say(f"train: done in {time.monotonic() - began:.0f} s")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
