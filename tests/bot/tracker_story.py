"""Runs in the bot's environment: tells what the tracker store kept of a long conversation, as JSON on stdout."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered

from bot.live_trackers import LiveTrackers

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [ask]
slots:
  focus: {type: any, mappings: [{type: custom}]}
  misses: {type: any, initial_value: 0, mappings: [{type: custom}]}
actions: [action_answer]
forms:
  detail_form: {required_slots: []}
"""
)


def turn(number: int) -> list[Any]:
    said = UserUttered(f"sentence {number}", intent={"name": "ask"})
    return [said, ActionExecuted("action_answer"), BotUttered("answer"), ActionExecuted("action_listen")]


async def tell() -> dict[str, Any]:
    store = LiveTrackers(DOMAIN, conversations=3)
    tracker = await store.get_or_create_tracker("long", append_action_listen=True)
    tracker.update(SlotSet("focus", {"run": "r1"}), DOMAIN)
    await store.save(tracker)
    lengths = []
    for number in range(30):
        tracker = await store.retrieve("long")
        for event in turn(number):
            tracker.update(event, DOMAIN)
        await store.save(tracker)
        lengths.append(len((await store.retrieve("long")).events))
    tracker = await store.retrieve("long")
    latest = [event.text for event in tracker.events if isinstance(event, UserUttered)]
    focus = tracker.get_slot("focus")

    # a turn that broke before it was saved
    for event in [*turn(99), SlotSet("focus", "broken")]:
        tracker.update(event, DOMAIN)
    again = await store.retrieve("long")
    after_break = {"focus": again.get_slot("focus"), "last": again.latest_message.text}

    # a form that is open for many turns
    again.update(ActiveLoop("detail_form"), DOMAIN)
    for number in range(20):
        for event in turn(number):
            again.update(event, DOMAIN)
        await store.save(again)
        again = await store.retrieve("long")
    in_form = {"loop": again.active_loop_name, "replayed": len(again.applied_events())}

    for name in ("a", "b", "c"):
        await store.get_or_create_tracker(name)
    return {
        "lengths": lengths, "focus": focus, "latest": latest, "misses": tracker.get_slot("misses"),
        "after_break": after_break, "in_form": in_form, "kept": list(await store.keys()),
    }  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(tell())))
