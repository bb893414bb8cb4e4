"""Keeps the conversations Rasa is in as they are, in memory, and short.

Rasa's own in-memory store writes a conversation to JSON and reads it back twice a turn, and every prediction replays all of
it: with ten messages that was two thirds of a turn. The hub keeps what was said, so the dialogue may forget its past: only
slots and the latest turns are kept, and only of the conversations that spoke last.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

TURNS_BEFORE_SHORTENING = 8
TURNS_KEPT = 4
CONVERSATIONS_KEPT = 5_000


class LiveTrackers(TrackerStore):
    """One living tracker a conversation, used by one turn at a time (Rasa's lock sees to that).

    What a turn did that was never saved is undone by replaying what was.
    """

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        conversations: int = CONVERSATIONS_KEPT,
        **kwargs: Any,
    ) -> None:
        self._conversations = int(conversations)
        self._living: OrderedDict[str, tuple[DialogueStateTracker, list[Event]]] = OrderedDict()
        super().__init__(domain, event_broker, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self.stream_events(tracker)
        if _turns(tracker.events) > TURNS_BEFORE_SHORTENING and _is_at_rest(tracker):
            tracker = self._replay(tracker.sender_id, shortened(tracker))
        self._living[tracker.sender_id] = (tracker, list(tracker.events))
        self._living.move_to_end(tracker.sender_id)
        while len(self._living) > self._conversations:
            self._living.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        if sender_id not in self._living:
            return None
        tracker, saved = self._living[sender_id]
        if len(tracker.events) != len(saved) or (saved and tracker.events[-1] is not saved[-1]):
            tracker = self._replay(sender_id, saved)
            self._living[sender_id] = (tracker, saved)
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        return await self.retrieve(conversation_id)

    async def keys(self) -> Iterable[str]:
        return self._living.keys()

    def _replay(self, sender_id: str, events: list[Event]) -> DialogueStateTracker:
        tracker = self.init_tracker(sender_id)
        for event in events:
            tracker.update(event, self.domain)
        return tracker


def shortened(tracker: DialogueStateTracker) -> list[Event]:
    """Events that lead to the same slots and the same latest turns without the earlier ones."""
    events = list(tracker.events)
    starts = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    latest = events[starts[-TURNS_KEPT] :]
    began = latest[0].timestamp
    remembered = [
        SlotSet(slot.name, slot.value, timestamp=began)
        for slot in tracker.slots.values()
        if slot.value != slot.initial_value
    ]
    return [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=began),
        SessionStarted(timestamp=began),
        *remembered,
        ActionExecuted(ACTION_LISTEN_NAME, timestamp=began),
        *latest,
    ]


def _turns(events: Iterable[Event]) -> int:
    return sum(isinstance(event, UserUttered) for event in events)


def _is_at_rest(tracker: DialogueStateTracker) -> bool:
    """Between two turns and in no form: what a form was asked before must be replayed with it."""
    return tracker.active_loop is None and tracker.latest_action_name == ACTION_LISTEN_NAME and not tracker.is_paused()
