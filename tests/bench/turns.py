"""How long a turn takes through the whole product, against a bare Rasa bot on the same machine in the same run.

`make bench` (python -m tests.bench.turns [--out FILE] [--bare FOLDER]): JSON and a table of ratios. Nothing is asserted.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from rich.console import Console
from rich.table import Table

from backend import features
from backend.cli.ports import free_ports
from backend.cli.stack import Stack
from backend.db import engine as db_engine
from backend.db.schema import migrate
from backend.settings import get_settings
from tests.bench.bare_rasa import bare_rasa
from tests.bench.load import Figures, Turn, drive
from tests.bench.processor import milliseconds

LEVELS = (1, 8, 32)
TURNS = {1: 25, 8: 25, 32: 12}  # below the limit of thirty messages in ten seconds that each person has
FAQ = [
    "쿠폰 비용은 누가 부담해요?",
    "마켓플러스가 왜 필요해요?",
    "메인 진열 기준이 뭐예요?",
    "PRO가 만든 쿠폰 지워도 돼요?",
]
ACTIONS = ["작업현황 보여줘", "지금 꺼둔 작업 뭐 있어?", "스마트스토어 연동 상태 알려줘", "다음 작업은 언제 하나요?"]
BARE = ["hello", "I am sad", "bye", "are you a bot?"]


def product(cases: dict[str, list[str]]) -> dict[str, list[Figures]]:
    with tempfile.TemporaryDirectory(prefix="opstalk-bench-") as folder:
        os.environ["OPSTALK_VAR_DIR"] = folder
        get_settings.cache_clear()
        db_engine.get_engine.cache_clear()
        features.load()
        migrate()
        from tests.conversations import small_shop
        from tests.conversations.stage import Stage

        with Stack(Path(folder), free_ports(), parts=("actions", "rasa", "backend")) as stack:
            stack.wait_until_serving()
            stage = Stage(stack)

            def open_conversation() -> Turn:
                mall_id = f"b{uuid4().hex[:10]}"
                small_shop.build(mall_id, "full")
                person = stage.person(mall_id, "owner")

                def say(text: str) -> None:
                    answer = person._http.post("/chat/messages", json={"client_id": uuid4().hex, "text": text})
                    answer.raise_for_status()
                    if answer.json()["message"]["state"] != "answered":
                        raise RuntimeError(f"not answered: {answer.text}")

                return say

            def measured(texts: list[str], level: int) -> Figures:
                before = milliseconds(stack.children)
                figures = drive(open_conversation, texts, level, TURNS[level])
                said = figures.turns + level  # the first of each warms up
                used = {
                    name: round((now - before[name]) / said, 1) for name, now in milliseconds(stack.children).items()
                }
                return replace(figures, processor=used)

            found = {name: [measured(texts, level) for level in LEVELS] for name, texts in cases.items()}
            stage.leave()
            return found


def baseline(kept: Path | None) -> list[Figures]:
    """Of a bot trained for this run, or of one that an earlier run left in the folder `kept`."""
    with tempfile.TemporaryDirectory(prefix="opstalk-bare-") as folder, bare_rasa(kept or Path(folder)) as url:
        http = httpx.Client(base_url=url, timeout=120, limits=httpx.Limits(max_connections=64))

        def open_conversation() -> Turn:
            sender = uuid4().hex

            def say(text: str) -> None:
                answer = http.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
                answer.raise_for_status()
                if not answer.json():
                    raise RuntimeError("the bare bot said nothing")

            return say

        return [drive(open_conversation, BARE, level, TURNS[level]) for level in LEVELS]


def show(measured: dict[str, Any]) -> None:
    table = Table(title="one turn, milliseconds (ratio to the bare bot)")
    for column in ("case", "conversations", "mean", "p50", "p95", "p99", "turns/s", "processor ms"):
        table.add_column(column, justify="right" if column != "case" else "left")
    bare = measured["bare rasa init bot"]
    for name, levels in measured.items():
        for figures, base in zip(levels, bare, strict=True):
            ratio = lambda key, f=figures, b=base: f"{f[key]:.1f} ({f[key] / b[key]:.2f})"  # noqa: E731
            columns = ("mean", "p50", "p95", "p99", "throughput")
            table.add_row(name, str(figures["conversations"]), *map(ratio, columns), used(figures["processor"]))
    Console(width=150).print(table)


def used(processor: dict[str, float]) -> str:
    return " + ".join(f"{part} {spent:.0f}" for part, spent in processor.items())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("var/bench.json"))
    parser.add_argument("--bare", type=Path, help="a folder that keeps the bare bot from run to run")
    options = parser.parse_args()
    out: Path = options.out
    began = time.time()
    figures = {
        "bare rasa init bot": baseline(options.bare),
        **product({"OpsTalk, question": FAQ, "OpsTalk, live facts": ACTIONS}),
    }
    measured = {name: [asdict(f) for f in levels] for name, levels in figures.items()}
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(measured, ensure_ascii=False, indent=2), encoding="utf-8")
    show(measured)
    sys.stderr.write(f"{time.time() - began:.0f} s, {out}\n")


if __name__ == "__main__":
    main()
