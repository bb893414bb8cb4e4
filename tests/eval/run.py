"""Measures understanding: `bot/.venv/bin/python -m tests.eval.run [--json FILE] [--sweep] [--3i4k]`.

Trains on `data/*/nlu_*.yml` with the settings of config.yml and measures `heldout.yml`, which is never trained on.
`--sweep` measures thresholds on the training sentences alone, one writing style held out at a time.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from backend.kit.intent_areas import intent_areas, later_intents
from bot.language.entities import find_entities, names
from bot.language.intent_model import IntentModel
from bot.language.morphology import analyse
from bot.language.refusal import FALLBACK, Thresholds, is_refused
from bot.language.verdict import Verdict
from tests.eval.corpus import ROOT, heldout, training_sentences, with_one_typo, without_spaces
from tests.eval.measures import EntityScore, calibration_error, confusions, macro_f1

# Intents that start a change: the ones a stray sentence must not reach.
WRITES = {
    "ops_off", "ops_on", "ops_postpone", "ops_undo", "ops_setup_complete", "display_pin", "work_request_create",
    "work_request_cancel", "market_link", "stock_adjust", "inventory_setting_change", "inventory_reset", "order_collect",
    "order_match", "order_allocate", "order_hold", "order_release", "order_merge", "order_split", "order_cancel",
    "order_exchange", "order_return", "invoice_register",
}  # fmt: skip
_PIPELINE = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
LATER = later_intents()
_3I4K = ROOT.parent / "shared" / "data" / "3i4k"


def settings() -> tuple[dict[str, Any], Thresholds]:
    """Model settings and thresholds as served."""
    ours = next(dict(step) for step in _PIPELINE if step["name"].endswith("KoreanIntentClassifier"))
    fields = asdict(Thresholds())
    thresholds = replace(Thresholds(), **{key: ours[key] for key in fields if key in ours})
    return {key: ours[key] for key in ("weights", "cost", "min_df", "anchors") if key in ours}, thresholds


def served(verdict: Verdict, thresholds: Thresholds) -> str:
    return FALLBACK if is_refused(verdict, thresholds) else verdict.ranking[0][0]


def measure(model: IntentModel, thresholds: Thresholds) -> dict[str, Any]:
    frozen = heldout()
    cases = frozen["cases"]
    truth = [case["intent"] for case in cases]
    report: dict[str, Any] = {"cases": len(cases), "thresholds": asdict(thresholds)}
    for copy, change in (("as written", str), ("no spaces", without_spaces), ("one typo", with_one_typo)):
        verdicts = [model.verdict(change(case["text"])) for case in cases]
        best = [verdict.ranking[0][0] for verdict in verdicts]
        replies = [served(verdict, thresholds) for verdict in verdicts]
        right = [guess == label for guess, label in zip(best, truth, strict=True)]
        report[copy] = {
            "accuracy": float(np.mean(right)),
            "macro F1": macro_f1(truth, best),
            "served right": float(np.mean([reply == label for reply, label in zip(replies, truth, strict=True)])),
            "served wrong": float(
                np.mean([r not in (label, FALLBACK) for r, label in zip(replies, truth, strict=True)])
            ),
            "refused": replies.count(FALLBACK) / len(replies),
            "meant is in the first three": float(
                np.mean([label in [n for n, _ in v.ranking[:3]] for v, label in zip(verdicts, truth, strict=True)])
            ),
            "calibration error": calibration_error([v.ranking[0][1] for v in verdicts], right),
        }
        report[copy]["later areas"] = _later(truth, replies)
        report[copy]["the rest"] = _rest(truth, best, replies)
        if copy == "as written":
            report["confusions"] = confusions(truth, replies)
    report["out of scope"] = {
        kind: _out_of_scope(model, thresholds, kind, frozen["out_of_scope"]) for kind in ("near", "far")
    }
    entities = EntityScore()
    for case in cases:
        if case["intent"] in LATER:
            continue  # nothing reads what is named in them yet
        entities.add(case.get("entities") or [], find_entities(case["text"]))
    report["entities"] = entities.table()
    report["parse ms"] = _latency(model, [case["text"] for case in cases])
    return report


def _later(truth: list[str], replies: list[str]) -> dict[str, float]:
    """Wishes that are understood and not carried out yet: all that matters to the person is the area."""
    areas = intent_areas()
    pairs = [(t, r) for t, r in zip(truth, replies, strict=True) if t in LATER]
    return {
        "cases": len(pairs),
        "area right": float(np.mean([areas[t] == areas.get(r) for t, r in pairs])),
        "answered as something else": float(np.mean([r in areas and r not in LATER for _, r in pairs])),
    }


def _rest(truth: list[str], best: list[str], replies: list[str]) -> dict[str, float]:
    """What this release carries out."""
    rows = [row for row in zip(truth, best, replies, strict=True) if row[0] not in LATER]
    return {
        "cases": len(rows),
        "accuracy": float(np.mean([t == b for t, b, _ in rows])),
        "served right": float(np.mean([t == r for t, _, r in rows])),
        "served wrong": float(np.mean([r not in (t, FALLBACK) for t, _, r in rows])),
    }


def _out_of_scope(
    model: IntentModel, thresholds: Thresholds, kind: str, pool: list[dict[str, str]]
) -> dict[str, float]:
    replies = [served(model.verdict(line["text"]), thresholds) for line in pool if line["kind"] == kind]
    fine = {FALLBACK, "out_of_scope"} | ({"chitchat"} if kind == "far" else set())
    later = [reply for reply in replies if reply in LATER]
    return {
        "lines": len(replies),
        "handled": float(np.mean([reply in fine for reply in replies])),
        "fallback": replies.count(FALLBACK) / len(replies),
        "chitchat": replies.count("chitchat") / len(replies),
        "told it is not done here yet": len(later) / len(replies),
        "would start a change": float(np.mean([reply in WRITES for reply in replies])),
    }


def _latency(model: IntentModel, texts: Sequence[str]) -> dict[str, float]:
    from bot.language.features import entity_marks

    times = []
    for text in texts:
        analyse.cache_clear()
        entity_marks.cache_clear()
        began = time.perf_counter()
        find_entities(text)
        model.verdict(text)
        times.append((time.perf_counter() - began) * 1000)
    return {"p50": float(np.percentile(times, 50)), "p95": float(np.percentile(times, 95))}


def sweep(config: dict[str, Any], thresholds: Thresholds) -> list[dict[str, float]]:
    """Right, wrong and refused shares on unseen styles for a range of thresholds."""
    sentences = training_sentences()
    seen: list[tuple[Verdict, str]] = []
    for style in sorted({s.style for s in sentences}):
        rest = [s for s in sentences if s.style != style]
        model = IntentModel(**config).fit([s.text for s in rest], [s.intent for s in rest], intent_areas())
        seen += [(model.verdict(s.text), s.intent) for s in sentences if s.style == style]
    rows = []
    for confidence in (0.0, 0.3, 0.4, 0.5, 0.6):
        for familiarity in (0.0, 0.3, 0.35, 0.4):
            tried = replace(thresholds, confidence=confidence, faq=min(1.0, confidence + 0.1), familiarity=familiarity)
            replies = [(served(verdict, tried), label) for verdict, label in seen]
            rows.append(
                {
                    "confidence": confidence,
                    "familiarity": familiarity,
                    "right": float(np.mean([r == label for r, label in replies])),
                    "wrong": float(np.mean([r not in (label, FALLBACK) for r, label in replies])),
                    "refused": float(np.mean([r == FALLBACK for r, _ in replies])),
                }
            )
    return rows


def measure_3i4k(config: dict[str, Any], most: int) -> dict[str, float]:
    """The same model on the public 7-class set, official split; `most` training lines keep it short."""
    read: Callable[[str], list[list[str]]] = lambda name: [  # noqa: E731
        line.split("\t", 1) for line in (_3I4K / name).read_text(encoding="utf-8").splitlines() if "\t" in line
    ]
    train, test = read("fci_train_val.txt"), read("fci_test.txt")
    step = max(1, len(train) // most)
    model = IntentModel(**{**config, "min_df": 2}).fit([t for _, t in train[::step]], [c for c, _ in train[::step]])
    guessed = [model.verdict(text).ranking[0][0] for _, text in test]
    truth = [label for label, _ in test]
    return {
        "train": len(train[::step]),
        "test": len(test),
        "accuracy": float(np.mean([g == t for g, t in zip(guessed, truth, strict=True)])),
        "macro F1": macro_f1(truth, guessed),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the report here")
    parser.add_argument("--sweep", action="store_true")
    parser.add_argument("--3i4k", dest="speech_acts", action="store_true")
    parser.add_argument("--3i4k-lines", dest="lines", type=int, default=10_000)
    options = parser.parse_args()
    config, thresholds = settings()
    names()
    report: dict[str, Any]
    if options.sweep:
        report = {"sweep": sweep(config, thresholds)}
    elif options.speech_acts:
        if not _3I4K.exists():
            raise SystemExit("3i4k: the data set is not here")
        report = {"3i4k": measure_3i4k(config, options.lines)}
    else:
        sentences = training_sentences()
        frozen = heldout()
        known = {without_spaces(s.text) for s in sentences}
        leaked = [c["text"] for c in frozen["cases"] + frozen["out_of_scope"] if without_spaces(c["text"]) in known]
        began = time.monotonic()
        model = IntentModel(**config).fit([s.text for s in sentences], [s.intent for s in sentences], intent_areas())
        report = {
            "trained on": len(sentences),
            "intents": len(model.labels),
            "training s": round(time.monotonic() - began, 1),
            "also in training": leaked,
            **measure(model, thresholds),
        }
    _show(report)
    if options.json:
        options.json.write_text(json.dumps(report, ensure_ascii=False, indent=2), encoding="utf-8")


def _show(value: Any, indent: int = 0) -> None:
    lead = "  " * indent
    for key, part in value.items():
        if isinstance(part, dict) and part and not any(isinstance(v, (dict, list)) for v in part.values()):
            sys.stdout.write(f"{lead}{key:<28}" + "  ".join(f"{k} {_short(v)}" for k, v in part.items()) + "\n")
        elif isinstance(part, dict):
            sys.stdout.write(f"{lead}{key}\n")
            _show(part, indent + 1)
        elif isinstance(part, list):
            sys.stdout.write(f"{lead}{key} ({len(part)})\n")
            for row in part:
                shown = "  ".join(f"{k} {_short(v)}" for k, v in row.items()) if isinstance(row, dict) else str(row)
                sys.stdout.write(f"{lead}  {shown}\n")
        else:
            sys.stdout.write(f"{lead}{key:<28}{_short(part)}\n")


def _short(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
