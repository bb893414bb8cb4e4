"""Taking away every order and statistic: the owner alone, with words typed out, never in one go (source: 002, 초기화)."""

from typing import ClassVar

from actions.answers import ANSWERING, READERS
from actions.asking import ask
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.plans import drop_pending, propose
from actions.turn import Json, Turn

WISH = "inventory_reset"
KIND = "phrase"
SURE = 0.8
TRIES = 2
NO = frozenset({"deny", "cancel"})


class InventoryReset(TurnAction):
    action_name: ClassVar[str] = "action_inventory_reset"
    wish: ClassVar[str | None] = WISH
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        if "phrase" in turn.given:
            await self._typed(turn, str(turn.given["phrase"] or ""), int(turn.given.get("tries", 0)))
            return
        await drop_pending(turn)
        asked = await turn.api.order_reset()
        if not asked["may"]:
            turn.say("problem.reset_owner_only")
            turn.offer(turn.link_button("agent", "handoff_request"))
            return
        if not any(asked["counts"].values()):
            turn.say("problem.reset_empty")
            return
        turn.say("inventory_reset.warning", c=asked["counts"])
        ask(turn, WISH, {}, "phrase", kind=KIND, phrase=asked["phrase"])

    @staticmethod
    async def _typed(turn: Turn, phrase: str, tries: int) -> None:
        """A wrong phrase may be typed once more; a no is a no."""
        if turn.intent in NO:
            turn.say("inventory_reset.stopped")
            return
        try:
            await propose(turn, WISH, {"phrase": phrase}, "orders.reset", {"phrase": phrase})
        except BackendError as error:
            if error.code != "reset_phrase_wrong":
                raise
            if tries + 1 >= TRIES:
                turn.say("inventory_reset.still_wrong")
                return
            turn.problem(error)
            ask(turn, WISH, {"tries": tries + 1}, "phrase", kind=KIND, phrase=error.data["phrase"])


async def answer_phrase(turn: Turn, wanted: Json) -> str | None:
    """Whatever is typed, unless it is surely a wish of its own: that is no try at the phrase."""
    intent = turn.tracker.latest_message.get("intent") or {}
    tries = turn.intent in ANSWERING or turn.intent in (WISH, *NO) or float(intent.get("confidence") or 0) < SURE
    return turn.text.strip() if tries else None


READERS[KIND] = answer_phrase
