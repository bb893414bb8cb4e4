"""Four corrections to Rasa 3.6.21, each with its reason; applied when a component or the channel is imported."""
from __future__ import annotations

import contextvars
import os
from typing import Any

import jsonschema
import rasa.core.actions.action as rasa_action
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader

# Names of actions that failed during the current turn; the channel puts a list here before it hands the turn over.
failed_actions: contextvars.ContextVar[list[str] | None] = contextvars.ContextVar("failed_actions", default=None)

# The hub gives up a turn after 8 s; Rasa would wait five minutes for the action server.
_ACTION_SECONDS = float(os.environ.get("OPSTALK_ACTION_TIMEOUT", "6"))
# Turns of the conversation an action is shown. Nothing reads further back, and the whole tracker slows every call.
_TURNS_SHOWN = 8

_applied = False


def apply() -> None:
    """Idempotent: importing channel and components in any order patches once."""
    global _applied
    if _applied:
        return
    _applied = True
    _reuse_result_validator()
    _remember_failed_actions()
    _post_recent_turns_only()
    _leave_full_names_to_our_classifier()
    rasa_action.DEFAULT_REQUEST_TIMEOUT = _ACTION_SECONDS


def _reuse_result_validator() -> None:
    """Rasa rebuilds a validator for a constant schema on every action call (about 25 ms)."""
    schema = RemoteAction.action_response_format_spec()
    validator = jsonschema.validators.validator_for(schema)(schema)

    def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = _validate_action_result


def _remember_failed_actions() -> None:
    """Rasa logs a failing action and goes on in silence; the channel has to tell the person."""
    run = RemoteAction.run

    async def run_and_remember(self: RemoteAction, *args: Any, **kwargs: Any) -> Any:
        try:
            return await run(self, *args, **kwargs)
        except ActionExecutionRejection:
            raise  # a form handing over, not a failure
        except Exception:
            names = failed_actions.get()
            if names is not None:
                names.append(self.name())
            raise

    RemoteAction.run = run_and_remember


def _post_recent_turns_only() -> None:
    compose = RemoteAction._action_call_format

    def _action_call_format(self: RemoteAction, tracker: Any, domain: Any) -> dict[str, Any]:
        call = compose(self, tracker, domain)
        call["tracker"]["events"] = _recent(call["tracker"].get("events") or [])
        return call

    RemoteAction._action_call_format = _action_call_format


def _recent(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    turns = 0
    for place in range(len(events) - 1, -1, -1):
        turns += events[place].get("event") == "user"
        if turns == _TURNS_SHOWN:
            return events[place:]
    return events


def _leave_full_names_to_our_classifier() -> None:
    """A button `/faq/market_scope` is read by our classifier; Rasa's own reader knows only `faq` and would warn."""
    read = YAMLStoryReader._intent_name_from_regex_match

    def _intent_name_from_regex_match(match: Any, domain: Any) -> str | None:
        name = match.group("name").strip()
        if domain and "/" in name and name.partition("/")[0] in domain.intents:
            return None
        return read(match, domain)

    YAMLStoryReader._intent_name_from_regex_match = staticmethod(_intent_name_from_regex_match)
