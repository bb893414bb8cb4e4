"""Wishes that belong to a later release: understood, said plainly, with what to do instead now."""

from typing import ClassVar

from actions import blocks
from actions.base import TurnAction
from actions.followup import ask_again
from actions.plans import correct
from actions.request_menu import offer_from_menu, picked_from_menu
from actions.turn import Turn
from backend.kit.intent_areas import intent_areas, later_intents

#: work the team takes on request, by the area the wish belongs to
REQUESTS = {"products": ("product_register", "product_correct"), "marketing": ("coupon_change",)}


def later_area(intent: str) -> str | None:
    """The area of an intent that this release does not carry out; None for one it does."""
    return intent_areas()[intent] if intent in later_intents() else None


class NotYet(TurnAction):
    action_name: ClassVar[str] = "action_not_yet"

    async def handle(self, turn: Turn) -> None:
        # what waits for a detail, or a work of the request menu, is nearer than what cannot be done
        if await correct(turn) or await ask_again(turn) or await picked_from_menu(turn) or await offer_from_menu(turn):
            return
        say_not_yet(turn, later_area(turn.intent) or "desk")


def say_not_yet(turn: Turn, area: str) -> None:
    turn.say(f"not_yet.{area}")
    turn.offer(
        *(
            blocks.button(turn.name("work_type", kind), "work_request_create", work_type=kind)
            for kind in REQUESTS.get(area, ())
        ),
        turn.link_button("agent", "handoff_request"),
        turn.link_button("menu", "help"),
    )
