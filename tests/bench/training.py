"""What training takes as its sentences grow: processor seconds, and the most memory it held.

`python -m tests.bench.training [--shares 25 50 100] [--out FILE]`: JSON and a table. Each share is a project of its own in a
temporary folder, with that part of every intent's sentences (every one keeps two at least) and everything else as it is;
it is trained by `bot.train` in a process of its own. Nothing is asserted.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from backend.cli.train import BOT_PYTHON
from backend.settings import ROOT

#: what `bot.train` reads, beside the sentences
PROJECT = ("config.yml", "domain.yml", "bot", "backend", "data")
FEWEST = 2


def thinned(text: str, share: float) -> tuple[str, int]:
    """A file of sentences with `share` of those of each intent, evenly from its beginning to its end; and how many."""
    read = yaml.safe_load(text)
    kept = 0
    for block in read["nlu"]:
        if "intent" not in block:
            continue
        sentences = block["examples"].splitlines(keepends=True)
        wanted = min(len(sentences), max(FEWEST, round(len(sentences) * share)))
        block["examples"] = "".join(sentences[int(place * len(sentences) / wanted)] for place in range(wanted))
        kept += wanted
    return yaml.safe_dump(read, allow_unicode=True, sort_keys=False, width=1000), kept


def project(folder: Path, share: float) -> int:
    """A copy with that share of the sentences; returns how many there are."""
    for name in PROJECT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns(".venv", "__pycache__"))
        else:
            shutil.copy(source, folder / name)
    sentences = 0
    for path in sorted(folder.glob("data/*/nlu_*.yml")):
        text, count = thinned(path.read_text(encoding="utf-8"), share)
        path.write_text(text, encoding="utf-8")
        sentences += count
    return sentences


def measure(percent: int) -> dict[str, Any]:
    """Processor seconds and peak memory of the training process and what it starts."""
    with tempfile.TemporaryDirectory(prefix="opstalk-training-") as name:
        folder = Path(name)
        sentences = project(folder, percent / 100)
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        trained = subprocess.run(
            [BOT_PYTHON, "-m", "bot.train", "--output", folder / "models"],
            cwd=folder, env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"}, capture_output=True, text=True,
        )  # fmt: skip
        if trained.returncode:
            raise RuntimeError(f"training failed:\n{(trained.stdout + trained.stderr)[-2000:]}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        (model,) = (folder / "models").glob("*.tar.gz")
        return {
            "percent": percent, "sentences": sentences,
            "processor_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
            "wall_seconds": round(time.monotonic() - began, 1),
            # of all children so far: right because the shares are measured from the smallest to the largest
            "peak_megabytes": after.ru_maxrss // 1024, "model_megabytes": model.stat().st_size >> 20,
        }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shares", type=int, nargs="+", default=[25, 50, 100], help="percent of the sentences")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    found = [measure(percent) for percent in sorted(options.shares)]
    if options.out:
        options.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    table = Table(*found[0])
    for row in found:
        table.add_row(*map(str, row.values()))
    Console().print(table)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
