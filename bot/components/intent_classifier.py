"""Serves the intent model in Rasa: intent, full-name ranking, the answer selector's payload, and refusal."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, INTENT_RESPONSE_KEY, RESPONSE_SELECTOR, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from backend.kit.intent_areas import intent_areas, later_intents
from bot.language.intent_model import WEIGHTS, IntentModel
from bot.language.payload import read_payload
from bot.language.refusal import FALLBACK, FAQ, SEPARATOR, Thresholds, is_refused

_FILE = "intent_model.joblib"
_RANKED = 5
_ANSWERS = 3
_INFORM = "inform"
#: kinds of questions (`actions/answers.py`) whose answers are told by reading them
_READABLE = frozenset({
    "number", "quantity", "date", "move", "position", "choice", "operation", "market", "setup_item", "work_type", "request_no",
})  # fmt: skip


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KoreanIntentClassifier(GraphComponent, IntentClassifier):
    """One model over full names; `faq/<key>` is served the way Rasa's retrieval intents are.

    A sentence of unsure meaning while a form waits for an answer is served as `inform`: the form reads it itself,
    instead of being interrupted by "I did not understand". Where the answer may be any words or name, only a very sure
    meaning leaves the form; a date, an amount or a choice is told by reading it, so there the usual certainty suffices.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "cost": 0.5, "min_df": 1, "anchors": 400, "weights": WEIGHTS, **asdict(Thresholds()),
        }  # fmt: skip

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: IntentModel | None = None
    ) -> None:
        self._config, self._storage, self._resource, self._model = config, model_storage, resource, model
        # wishes that can only be turned down: a form that waits for an answer is not left for them
        self._not_in_forms = later_intents()
        self._thresholds = Thresholds(**{name: config[name] for name in asdict(Thresholds())})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KoreanIntentClassifier:
        return cls(config, model_storage, resource)

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "kiwipiepy"]

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        intents = [example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) for example in examples]
        self._model = IntentModel(
            self._config["weights"],
            cost=self._config["cost"],
            min_df=self._config["min_df"],
            anchors=self._config["anchors"],
        ).fit([example.get(TEXT) for example in examples], intents, intent_areas())
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._model.state(), folder / _FILE, compress=0)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KoreanIntentClassifier:
        with model_storage.read_from(resource) as folder:
            model = IntentModel.from_state(joblib.load(folder / _FILE))
        model.verdict("준비")  # the first sentence pays for caches, not the first customer
        return cls(config, model_storage, resource, model)

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        # under a preview the question is not on the screen: nothing answers it
        in_form = bool(tracker and tracker.active_loop_name and not tracker.get_slot("plan"))
        for message in messages:
            text = message.get(TEXT) or ""
            payload = read_payload(text)
            if payload:
                # known base names are read again by Rasa itself after us; an unknown button is not a sentence
                name = payload.intent if payload.intent in self._model.labels else FALLBACK
                self._serve(message, name, 1.0, [(name, 1.0)] if name != FALLBACK else [])
                if name != FALLBACK:
                    message.set(ENTITIES, payload.entities, add_to_output=True)
                continue
            verdict = self._model.verdict(text)
            name, confidence = verdict.ranking[0]
            refused = is_refused(verdict, self._thresholds)
            unsure = confidence < self._thresholds.form if not _is_readable(tracker) else refused
            if in_form and (unsure or name in self._not_in_forms):
                name = _INFORM
            elif refused:
                name, confidence = FALLBACK, 1.0 - confidence
            self._serve(message, name, confidence, verdict.ranking)
        return messages

    def _serve(self, message: Message, full_name: str, confidence: float, ranking: list[tuple[str, float]]) -> None:
        base = full_name.partition(SEPARATOR)[0]
        ranked = [{"name": name, "confidence": share} for name, share in ranking[:_RANKED]]
        message.set(INTENT, {"name": base, "confidence": confidence}, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranked, add_to_output=True)
        message.set(RESPONSE_SELECTOR, _answers(full_name, ranking), add_to_output=True)


def _is_readable(tracker: DialogueStateTracker | None) -> bool:
    """Whether an answer to the question that waits is recognised by reading it; `wanted` is kept by `actions/asking.py`."""
    wanted = tracker.get_slot("wanted") if tracker else None
    return bool(wanted) and wanted.get("kind") in _READABLE


def _answers(full_name: str, ranking: list[tuple[str, float]]) -> dict[str, Any]:
    """What Rasa's own response selector would have put on the message, for the answers about the service."""
    answers = [
        {"intent_response_key": name, "confidence": share}
        for name, share in ranking
        if name.startswith(FAQ + SEPARATOR)
    ]
    chosen = next((a for a in answers if a["intent_response_key"] == full_name), answers[0] if answers else None)
    selected: dict[str, Any] = {"all_retrieval_intents": [FAQ]}
    if chosen:
        selected[FAQ] = {
            "response": {**chosen, "utter_action": f"utter_{chosen['intent_response_key']}"},
            "ranking": answers[:_ANSWERS],
        }
    return selected
