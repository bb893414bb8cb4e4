"""Compares classifiers on the same training and held-out sentences: `bot/.venv/bin/python -m tests.eval.compare [--diet]`.

One table: accuracy as written, without spaces and with one typo; what is served at the served thresholds; refusal of what is
out of scope; seconds of processor time to train; milliseconds to understand one sentence.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from backend.kit.intent_areas import intent_areas
from bot.language.entities import names
from bot.language.intent_model import WEIGHTS, IntentModel
from bot.language.verdict import Verdict
from tests.eval.corpus import Sentence, training_sentences
from tests.eval.run import measure, settings

_LINEAR: dict[str, tuple[dict[str, float], bool]] = {
    "characters": ({"characters": 1.0}, False),
    "letters (jamo)": ({"letters": 1.0}, False),
    "morphemes": ({"morphemes": 1.0}, False),
    "all three": ({"characters": 1.0, "letters": 1.0, "morphemes": 1.0}, False),
    "+ entities": ({**WEIGHTS, "meaning": 0.0}, False),
    "+ pretrained meaning": (WEIGHTS, False),
    "+ area (served)": (WEIGHTS, True),
}
_DIET_EPOCHS = 40


def linear(weights: dict[str, float], with_areas: bool) -> Callable[[list[Sentence]], IntentModel]:
    config, _ = settings()

    def fit(sentences: list[Sentence]) -> IntentModel:
        areas = intent_areas() if with_areas else None
        model = IntentModel(**{**config, "weights": weights})
        return model.fit([s.text for s in sentences], [s.intent for s in sentences], areas)

    return fit


class Diet:
    """Rasa's own classifier over our tokens, word counts and character n-grams; every sentence counts as familiar."""

    def __init__(self, sentences: list[Sentence], epochs: int) -> None:
        import rasa.model_training
        from rasa.core.agent import Agent

        folder = Path(tempfile.mkdtemp(prefix="diet-"))
        self.labels = sorted({s.intent for s in sentences})
        # a slash would make it a retrieval intent
        self._names = {label.replace("/", "__"): label for label in self.labels}
        nlu = [
            {
                "intent": name,
                "examples": "".join(f"- {s.text}\n" for s in sentences if s.intent == label),
            }
            for name, label in self._names.items()
        ]
        counts = "CountVectorsFeaturizer"
        pipeline: list[dict[str, Any]] = [
            {"name": "bot.components.tokenizer.KoreanTokenizer"},
            {"name": counts},
            {"name": counts, "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
            {"name": "DIETClassifier", "epochs": epochs, "entity_recognition": False, "ranking_length": 0},
        ]
        config = {"recipe": "default.v1", "language": "ko", "assistant_id": "diet", "pipeline": pipeline}
        (folder / "config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
        body = yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True)
        (folder / "nlu.yml").write_text(body, encoding="utf-8")
        path = rasa.model_training.train_nlu(
            str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder / "models")
        )
        self._agent = Agent.load(path)
        self._loop = asyncio.new_event_loop()

    def verdict(self, text: str) -> Verdict:
        # a message that begins with a slash is an intent's name to Rasa
        parsed = self._loop.run_until_complete(self._agent.parse_message(text.lstrip("/")))
        ranking = [(self._names[i["name"]], float(i["confidence"])) for i in parsed["intent_ranking"]]
        return Verdict(ranking, 1.0)


def row(fit: Callable[[list[Sentence]], Any], sentences: list[Sentence]) -> dict[str, float]:
    began = time.process_time()
    model = fit(sentences)
    trained = time.process_time() - began
    _, thresholds = settings()
    found = measure(model, thresholds)
    plain = found["as written"]
    return {
        "accuracy": plain["accuracy"],
        "no spaces": found["no spaces"]["accuracy"],
        "one typo": found["one typo"]["accuracy"],
        "served right": plain["served right"],
        "served wrong": plain["served wrong"],
        "near refused": found["out of scope"]["near"]["handled"],
        "far refused": found["out of scope"]["far"]["handled"],
        "train CPU s": trained,
        "parse ms": found["parse ms"]["p50"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--diet", action="store_true", help="also train DIET (many minutes)")
    parser.add_argument("--epochs", type=int, default=_DIET_EPOCHS)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    names()
    sentences = training_sentences()
    cases: dict[str, Callable[[list[Sentence]], Any]] = {name: linear(*how) for name, how in _LINEAR.items()}
    if options.diet:
        cases[f"DIET, {options.epochs} epochs"] = lambda s: Diet(s, options.epochs)
    table: dict[str, dict[str, float]] = {}
    for name, fit in cases.items():
        table[name] = row(fit, sentences)
        heading = "" if len(table) > 1 else "| model | " + " | ".join(table[name]) + " |\n"
        values = " | ".join(f"{v:.3f}" if v < 1 else f"{v:.1f}" for v in table[name].values())
        sys.stdout.write(f"{heading}| {name} | {values} |\n")
        sys.stdout.flush()
        if options.json:
            options.json.write_text(json.dumps(table, ensure_ascii=False, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
