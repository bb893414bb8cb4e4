"""Corrections to Rasa 3.6.21, each with its reason; applied when a component or the channel is imported."""

from __future__ import annotations

import contextvars
import hashlib
import json
import logging
import os
from dataclasses import dataclass, field
from typing import Any

import jsonschema
import rasa.core.actions.action as rasa_action
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import ActionExecuted, FollowupAction
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader

logger = logging.getLogger(__name__)

# The hub gives up a turn after 8 s; Rasa would wait five minutes for the action server.
_ACTION_SECONDS = float(os.environ.get("OPSTALK_ACTION_TIMEOUT", "6"))
# Turns of the conversation an action is shown. Nothing reads further back, and the whole tracker slows every call.
_TURNS_SHOWN = 4
_DOMAIN_WANTED = 449
_LISTEN = "action_listen"


@dataclass
class TurnRecord:
    """What the channel wants to know of the turn it handed over, and Rasa does not return."""

    failed_actions: list[str] = field(default_factory=list)
    understood: dict[str, Any] = field(default_factory=dict)


current_turn: contextvars.ContextVar[TurnRecord | None] = contextvars.ContextVar("current_turn", default=None)
_with_domain: contextvars.ContextVar[bool] = contextvars.ContextVar("with_domain", default=False)
_applied = False


def apply() -> None:
    """Idempotent: importing channel and components in any order patches once."""
    global _applied
    if _applied:
        return
    _applied = True
    rasa_action.DEFAULT_REQUEST_TIMEOUT = _ACTION_SECONDS
    _reuse_result_validator()
    _end_the_turn_of_a_failed_action()
    _post_less()
    _remember_understanding()
    _recover_from_endless_turns()
    _leave_full_names_to_our_classifier()


def _reuse_result_validator() -> None:
    """Rasa rebuilds a validator for a constant schema on every action call (about 25 ms)."""
    schema = RemoteAction.action_response_format_spec()
    validator = jsonschema.validators.validator_for(schema)(schema)

    def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = _validate_action_result


def _end_the_turn_of_a_failed_action() -> None:
    """Rasa logs a failing action and goes on in silence, possibly into ten repetitions of a fallback action."""
    run = RemoteAction.run

    async def run_with_domain_if_asked(self: RemoteAction, *args: Any, **kwargs: Any) -> Any:
        try:
            return await run(self, *args, **kwargs)
        except Exception as error:
            if getattr(error.__cause__, "status", None) != _DOMAIN_WANTED:
                raise
        token = _with_domain.set(True)
        try:
            return await run(self, *args, **kwargs)
        finally:
            _with_domain.reset(token)

    async def run_or_listen(self: RemoteAction, *args: Any, **kwargs: Any) -> Any:
        try:
            return await run_with_domain_if_asked(self, *args, **kwargs)
        except ActionExecutionRejection:
            raise  # a form handing over, not a failure
        except Exception as error:
            # the error's own text repeats the posted conversation: not for the log
            cause = error.__cause__ or error
            logger.error("Action %s failed: %s %s", self.name(), type(cause).__name__, getattr(cause, "status", ""))
            turn = current_turn.get()
            if turn is not None:
                turn.failed_actions.append(self.name())
            return [FollowupAction(_LISTEN)]

    RemoteAction.run = run_or_listen


def _post_less() -> None:
    """Recent turns instead of the whole tracker, and the domain only when the action server does not know it yet."""
    compose = RemoteAction._action_call_format

    def _action_call_format(self: RemoteAction, tracker: Any, domain: Any) -> dict[str, Any]:
        call = compose(self, tracker, domain)
        call["tracker"]["events"] = _recent(call["tracker"].get("events") or [])
        call["domain_digest"] = _digest(domain)
        if _with_domain.get():
            call["domain"] = domain.as_dict()
        return call

    RemoteAction._action_call_format = _action_call_format


def _recent(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    turns = 0
    for place in range(len(events) - 1, -1, -1):
        if events[place].get("event") == "restart":
            return events[place + 1 :]
        turns += events[place].get("event") == "user"
        if turns == _TURNS_SHOWN:
            return events[place:]
    return events


def _digest(domain: Any) -> str:
    known = getattr(domain, "_opstalk_digest", None)
    if known is None:
        written = json.dumps(domain.as_dict(), sort_keys=True, default=str)
        known = domain._opstalk_digest = hashlib.sha256(written.encode()).hexdigest()
    return known


def _remember_understanding() -> None:
    parse = MessageProcessor.parse_message

    async def parse_message(self: MessageProcessor, *args: Any, **kwargs: Any) -> dict[str, Any]:
        understood = await parse(self, *args, **kwargs)
        turn = current_turn.get()
        if turn is not None:
            turn.understood = understood
        return understood

    MessageProcessor.parse_message = parse_message


def _recover_from_endless_turns() -> None:
    """After ten actions in a row Rasa stops without listening, and every later message of the conversation is ignored."""
    limit = MessageProcessor.is_action_limit_reached

    def is_action_limit_reached(self: MessageProcessor, tracker: Any, another: bool) -> bool:
        reached = limit(self, tracker, another)
        if reached:
            turn = current_turn.get()
            if turn is not None:
                turn.failed_actions.append(tracker.latest_action_name or "")
            tracker.update(ActionExecuted(_LISTEN), self.domain)
        return reached

    MessageProcessor.is_action_limit_reached = is_action_limit_reached


def _leave_full_names_to_our_classifier() -> None:
    """A button `/faq/market_scope` is read by our classifier; Rasa's own reader knows only `faq` and would warn."""
    unpack = YAMLStoryReader.unpack_regex_message

    def unpack_regex_message(message: Any, domain: Any = None, entity_extractor_name: str | None = None) -> Any:
        name = message.get("text", "").strip().partition("{")[0].lstrip("/")
        if domain and name.partition("/")[0] in domain.intents and "/" in name:
            return message
        return unpack(message, domain, entity_extractor_name)

    YAMLStoryReader.unpack_regex_message = staticmethod(unpack_regex_message)
