"""The main page: what comes next and why, and keeping a product in its place."""

from typing import Any, ClassVar

from actions import blocks
from actions.asking import ask
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.plans import propose
from actions.turn import Json, Turn


class DisplayPreview(TurnAction):
    """The next arrangement, computed by the operation itself, with the reason for each product."""

    action_name: ClassVar[str] = "action_display_preview"

    async def handle(self, turn: Turn) -> None:
        groups: list[Json] = await turn.api.next_display()
        turn.look_at(operation="main_display")
        turn.say("display.next_intro", groups=groups)
        for group in groups:
            rows = [
                [
                    str(slot["position"]),
                    slot["name"] or turn.words("value.none"),
                    turn.words(f"display.reason.{slot['reason']}", slot=slot),
                ]
                for slot in group["slots"]
            ]
            turn.add(blocks.table(group["name"], turn.words("display.columns").split("|"), rows[:12]))
        turn.offer(
            turn.link_button("pin", "display_pin"),
            turn.link_button("off_this", "ops_off", operation="main_display"),
            turn.link_button("criteria", "faq/main_display_criteria"),
        )


PLACES = 4  # offered as buttons; more would be a wall of them
RELEASE = "release"  # what a button that releases carries
RELEASE_WORDS = ("해제", "풀어", "풀고", "빼줘", "빼 줘", "그만")


class DisplayPin(TurnAction):
    """Pins a product to a place, or releases it."""

    action_name: ClassVar[str] = "action_display_pin"
    wish: ClassVar[str | None] = "display_pin"

    async def handle(self, turn: Turn) -> None:
        values: Json = dict(turn.given)
        release = (
            values.get("release")
            or turn.entity("choice") == RELEASE
            or any(word in turn.text for word in RELEASE_WORDS)
        )
        product = turn.entity("product_id") or values.get("product_id")
        if not product:
            found = await turn.api.find_products(turn.text) if not turn.is_payload else []
            if len(found) > 1 and found[0]["score"] - found[1]["score"] < 0.05:
                choices = [{"value": p["id"], "title": p["name"]} for p in found[:5]]
                ask(
                    turn,
                    "display_pin",
                    {**values, "release": release, "position": self._position(turn, values)},
                    "product_id",
                    kind="product",
                    choices=choices,
                    question="ask.display_pin.which_product",
                )
                return
            product = found[0]["id"] if found else None
        position = self._position(turn, values)
        known = {"product_id": product, "position": position, "release": release}
        if not product:
            ask(turn, "display_pin", known, "product_id", kind="product")
            return
        if release:
            await self._release(turn, known)
        elif position is None:
            self._ask_position(turn, known)
        else:
            await self._pin(turn, known)

    @staticmethod
    async def _release(turn: Turn, known: Json) -> None:
        try:
            await propose(turn, "display_pin", known, "display.unpin", {"product_id": known["product_id"]})
        except BackendError as error:
            if error.code != "not_pinned":
                raise
            turn.problem(error)
            turn.offer(turn.link_button("pin_it", "display_pin", product_id=known["product_id"]))

    async def _pin(self, turn: Turn, known: Json) -> None:
        wish = {"product_id": known["product_id"], "position": known["position"]}
        try:
            await propose(turn, "display_pin", known, "display.pin", wish)
        except BackendError as error:
            if error.code not in ("position_out_of_range", "position_pinned", "already_pinned"):
                raise
            turn.problem(error)
            if error.code == "already_pinned":
                turn.offer(turn.link_button("unpin_it", "display_pin", product_id=known["product_id"], choice=RELEASE))
                return
            if error.code == "position_pinned":
                turn.offer(
                    turn.link_button("unpin_other", "display_pin", product_id=error.data["product_id"], choice=RELEASE)
                )
            taken = known["position"] if error.code == "position_pinned" else None
            self._ask_position(turn, {**known, "position": None}, taken)

    @staticmethod
    def _ask_position(turn: Turn, known: Json, taken: int | None = None) -> None:
        places = [{"value": n, "title": turn.words("display.place", n=n)} for n in range(1, PLACES + 1) if n != taken]
        ask(turn, "display_pin", known, "position", kind="position", choices=places)

    @staticmethod
    def _position(turn: Turn, values: Json) -> int | None:
        said: Any = turn.entity("position")
        if said is None:
            said = values.get("position")
        return int(said) if said is not None and str(said).lstrip("-").isdigit() else None
