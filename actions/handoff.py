"""Reaching a person: queueing with a summary, waiting, opening hours, rating, anger."""

from typing import Any, ClassVar

from actions.base import TurnAction
from actions.register import speaks_formally
from actions.turn import Json, Turn


def summary_of(turn: Turn) -> Json:
    """What an agent should know before reading the thread."""
    said = [
        str(event["text"]) for event in turn.tracker.events
        if event.get("event") == "user" and event.get("text") and not str(event["text"]).startswith("/")
    ]  # fmt: skip
    intents: list[str] = []
    for event in turn.tracker.events:
        if event.get("event") == "user":
            parsed = event.get("parse_data") or {}
            name = str((parsed.get("intent") or {}).get("name") or "")
            if name and name not in ("handoff_request", "nlu_fallback") and (not intents or intents[-1] != name):
                intents.append(name)
    pending = turn.slot("plan")
    return {
        "last_said": said[-4:],
        "topics": intents[-5:],
        "focus": turn.focus,
        "waiting_for_yes": (pending or {}).get("kind"),
        "asked_for": (turn.slot("wanted") or {}).get("wish"),
    }


async def hand_over(turn: Turn, reason: str) -> None:
    place: Json = await turn.api.hand_off(reason, summary_of(turn))
    turn.remember(wanted=None, detail=None, requested_slot=None)  # the person goes on from the summary
    turn.say("handoff.queued", place=place)


class HandoffRequest(TurnAction):
    action_name: ClassVar[str] = "action_handoff_request"

    async def handle(self, turn: Turn) -> None:
        await hand_over(turn, "requested")


class HandoffStatus(TurnAction):
    action_name: ClassVar[str] = "action_handoff_status"

    async def handle(self, turn: Turn) -> None:
        place = await turn.api.queue()
        if place.get("position"):
            turn.say("handoff.status", place=place)
            return
        turn.say("handoff.not_queued", place=place)
        turn.offer(turn.link_button("agent", "handoff_request"))


class SupportHours(TurnAction):
    action_name: ClassVar[str] = "action_support_hours"

    async def handle(self, turn: Turn) -> None:
        turn.say("handoff.hours", hours=await turn.api.hours())
        turn.offer(turn.link_button("agent", "handoff_request"))


class Complain(TurnAction):
    """One apology in a session, a person, and a place further up in the queue; who is still angry is offered the person."""

    action_name: ClassVar[str] = "action_complain"

    async def handle(self, turn: Turn) -> None:
        await turn.api.raise_priority()
        key = "handoff.still_angry" if _apologised(turn) else "handoff.apology"
        turn.say(f"{key}_formal" if speaks_formally(turn) else key)
        turn.offer(
            turn.link_button("agent", "handoff_request"),
            turn.link_button("what_changed", "ops_status"),
            turn.link_button("put_back", "ops_undo"),
        )


def _apologised(turn: Turn) -> bool:
    """Whether it was said since the session began."""
    for event in reversed(turn.tracker.events):
        if event.get("event") == "action" and event.get("name") == Complain.action_name:
            return True
        if event.get("event") == "action" and event.get("name") == "action_session_start":
            return False
    return False


class RateSupport(TurnAction):
    action_name: ClassVar[str] = "action_rate_support"

    async def handle(self, turn: Turn) -> None:
        rating: Any = turn.entity("rating")
        try:
            stars = int(rating)
        except (TypeError, ValueError):
            turn.add(
                {"type": "rating", "title": turn.words("handoff.ask_rating"), "payload": '/rate_support{"rating":"$N"}'}
            )
            return
        if not 1 <= stars <= 5:
            turn.say("handoff.rating_range")
            return
        await turn.api.rate(stars)
        turn.say("handoff.rated", stars=stars)
