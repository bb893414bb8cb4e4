"""Two-stage fallback: the two likeliest meanings by their human titles, then a person."""

from typing import ClassVar

from actions import blocks
from actions.base import TurnAction
from actions.followup import ask_again
from actions.not_yet import later_area
from actions.plans import correct
from actions.request_menu import offer_from_menu, picked_from_menu
from actions.turn import Turn

NEVER_OFFERED = frozenset({
    "nlu_fallback", "inform", "affirm", "deny", "cancel", "chitchat", "out_of_scope", "greet", "goodbye", "thank", "none_of_these",
})  # fmt: skip
LIKELY = 0.08


class Fallback(TurnAction):
    action_name: ClassVar[str] = "action_fallback"

    async def handle(self, turn: Turn) -> None:
        if await correct(turn) or await ask_again(turn) or await picked_from_menu(turn):
            return
        misses = int(turn.slot("misses") or 0) + 1
        turn.remember(misses=misses)
        if misses >= 2:
            turn.remember(misses=0)
            turn.say("fallback.offer_person")
            turn.offer(turn.link_button("agent", "handoff_request"), turn.link_button("menu", "help"))
            return
        likely = [
            r["name"] for r in turn.ranking
            if r["name"] not in NEVER_OFFERED and not later_area(r["name"]) and float(r.get("confidence") or 0) >= LIKELY
        ][:2]  # fmt: skip
        if not likely:
            turn.say("fallback.not_understood")
            turn.offer(turn.link_button("menu", "help"), turn.link_button("agent", "handoff_request"))
            return
        turn.say("fallback.did_you_mean")
        turn.offer(
            *(blocks.button(turn.name("intent", intent), intent) for intent in likely),
            turn.link_button("none_of_these", "none_of_these"),
        )


class NoneOfThese(TurnAction):
    """ "다른 이야기예요": asks to put it differently, and counts as a miss so that a person is offered next."""

    action_name: ClassVar[str] = "action_none_of_these"

    async def handle(self, turn: Turn) -> None:
        misses = int(turn.tracker.get_slot("misses") or 0) + 1
        if misses >= 3:
            turn.remember(misses=0)
            turn.say("fallback.offer_person")
            turn.offer(turn.link_button("agent", "handoff_request"), turn.link_button("menu", "help"))
            return
        turn.remember(misses=max(misses, 1))
        turn.say("fallback.rephrase")
        turn.offer(turn.link_button("agent", "handoff_request"))


class OutOfScope(TurnAction):
    """Says plainly that this is not its job; two in a row offer a person."""

    action_name: ClassVar[str] = "action_out_of_scope"

    async def handle(self, turn: Turn) -> None:
        if await offer_from_menu(turn):
            return
        turn.say("conversation.out_of_scope")
        turn.offer(turn.link_button("menu", "help"), turn.link_button("agent", "handoff_request"))
