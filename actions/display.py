"""The main page: what comes next and why, and keeping a product in its place."""

import re
from typing import Any, ClassVar

from actions import blocks
from actions.asking import ask
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.plans import propose
from actions.turn import Json, Turn
from backend.kit.hangul import compact


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
            more = turn.words("display.more", n=len(rows) - ROWS) if len(rows) > ROWS else None
            turn.add(blocks.table(group["name"], turn.words("display.columns").split("|"), rows[:ROWS], more))
            after = {slot["product_id"] for slot in group["slots"]}
            out = [s["before"] for s in group["slots"] if s["before_id"] and s["before_id"] not in after]
            if out:
                turn.say("display.out", group=group["name"], names=list(dict.fromkeys(out)))
        slots = [slot for group in groups[:1] for slot in group["slots"] if slot["product_id"]]
        turn.show_list([{"product_id": slot["product_id"]} for slot in slots])
        turn.offer(
            turn.link_button("pin", "display_pin"),
            turn.link_button("off_this", "ops_off", operation="main_display"),
            turn.link_button("criteria", "faq/main_display_criteria"),
        )


ROWS = 12
PLACES = 4  # offered as buttons; more would be a wall of them
RELEASE = "release"  # what a button that releases carries
RELEASE_WORDS = (
    "해제", "풀어", "풀고", "풀래", "풀기", "풀까", "빼줘", "빼 줘", "빼주", "빼 주", "그만", "떼", "고정 안", "고정안", "고정하지 않", "고정 취소",
    "고정취소", "고정한 거 취소", "고정한거 취소",
)  # fmt: skip
BESIDE = re.compile(
    r"(?:메인|진열|화면|상품|자리|위치|칸|에다가?|에|으로|로|을|를|은|는|좀|다시|이제|그냥|고정|핀|박아|놓아|놔|둬|두고|올려|풀어|풀고|해제"
    r"|하고|싶어|해|줘|주세요|주라|달라|할게|할래|부탁|합니다|드려|요|ㄱㄱ?|[\s?!.~,])*"
)
PLACE_WORDS = ("영역", "칸", "자리", "코너", "진열", "맨앞", "맨위", "첫")
CLEARLY, SURELY = 0.05, 0.5


class DisplayPin(TurnAction):
    """Pins a product to a place, or releases it."""

    action_name: ClassVar[str] = "action_display_pin"
    wish: ClassVar[str | None] = "display_pin"

    async def handle(self, turn: Turn) -> None:
        values: Json = {k: v for k, v in turn.given.items() if v is not None}
        release = (
            values.get("release")
            or turn.entity("choice") == RELEASE
            or any(word in turn.text for word in RELEASE_WORDS)
        )
        values["release"] = bool(release)
        position = await self._position(turn, values)
        values["position"] = position
        product = turn.entity("product_id") or values.get("product_id") or self._pointed(turn)
        if not product and not turn.is_payload:
            found = await turn.api.find_products(turn.text)
            if len(found) > 1 and found[0]["score"] - found[1]["score"] < CLEARLY:
                self._ask_which(turn, values, [{"value": p["id"], "title": p["name"]} for p in found[:5]])
                return
            of_place = release and position is not None  # "맨 앞에 고정된 거 풀어줘" means what stands there
            product = found[0]["id"] if found else None if of_place else self._talked_about(turn)
        if not product and release:
            await self._release_of_place(turn, values)
            return
        known = {k: v for k, v in values.items() if k != "product_id"} | {"product_id": product}
        if not product:
            ask(turn, "display_pin", known, "product_id", kind="product")
            return
        if release:
            await self._release(turn, known)
        elif position is None:
            self._ask_position(turn, known)
        else:
            await self._pin(turn, known)

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        """Another product named while the place is asked or the preview waits: it is that one which is meant."""
        if turn.is_payload or not values.get("product_id") or turn.intent not in ("display_pin", "deny", "inform"):
            return None
        found = await turn.api.find_products(turn.text)
        if not found or found[0]["score"] < SURELY or found[0]["id"] == values["product_id"]:
            return None
        if len(found) > 1 and found[0]["score"] - found[1]["score"] < CLEARLY:
            return None
        changed = {k: v for k, v in values.items() if k not in ("position", "group")}
        position = await self._position(turn, changed)
        return {
            "label": turn.words("display.product_label"),
            "shown": found[0]["name"],
            "values": {**changed, "product_id": found[0]["id"], "position": position or values.get("position")},
        }

    @staticmethod
    def _pointed(turn: Turn) -> str | None:
        """Of "두 번째 거 맨 앞에 고정해줘" the second of the list; the place it shall have is another word."""
        place, shown = turn.entity("ordinal"), turn.slot("shown") or []
        if isinstance(place, int) and shown and (1 <= place <= len(shown) or place == -1):
            found: str | None = shown[place - 1 if place > 0 else -1].get("product_id")
            return found
        return None

    @staticmethod
    def _talked_about(turn: Turn) -> str | None:
        """ "그거 풀어줘", and "3번째에 고정해줘" right after a product was shown."""
        if turn.entity("reference"):
            return turn.focus.get("product_id") or turn.earlier.get("product_id")
        return turn.focus.get("product_id") if _names_nothing(turn) else None

    @staticmethod
    def _ask_which(turn: Turn, values: Json, choices: list[Json]) -> None:
        ask(turn, "display_pin", values, "product_id", kind="product", choices=choices,
            question="ask.display_pin.which_product")  # fmt: skip

    async def _release_of_place(self, turn: Turn, values: Json) -> None:
        """ "4번 자리 고정 풀어줘", "고정 다 풀어줘": what is pinned there, the only one pinned, or which of them."""
        pinned = [
            {"value": slot["product_id"], "title": slot["name"], "position": slot["position"]}
            for group in await turn.api.display() for slot in group["slots"] if slot["pinned"] and slot["product_id"]
        ]  # fmt: skip
        place = values["position"] or turn.entity("ordinal")
        there = [p for p in pinned if p["position"] == place] if place else pinned
        if not pinned or not there:
            turn.say("display.nothing_pinned", place=place if pinned else None, pinned=pinned)
            turn.offer(turn.link_button("display_next", "display_preview"))
            return
        if len(there) > 1 and "all" in turn.all_of("scope"):
            turn.say("display.one_by_one", pinned=there)
            rest = [{"product_id": p["value"], "release": True} for p in there[1:]]
            await self._release(turn, {"product_id": there[0]["value"], "release": True, "then": rest})
        elif len(there) > 1:
            self._ask_which(turn, values, there)
        else:
            await self._release(turn, {**values, "product_id": there[0]["value"]})

    @staticmethod
    async def _release(turn: Turn, known: Json) -> None:
        try:
            await propose(turn, "display_pin", known, "display.unpin", {"product_id": known["product_id"]})
            turn.look_at(operation="main_display", product_id=known["product_id"])
        except BackendError as error:
            if error.code != "not_pinned":
                raise
            turn.problem(error)
            turn.offer(turn.link_button("pin_it", "display_pin", product_id=known["product_id"]))

    async def _pin(self, turn: Turn, known: Json) -> None:
        wish = {"product_id": known["product_id"], "position": known["position"], "group": known.get("group")}
        try:
            await propose(turn, "display_pin", known, "display.pin", wish)
            turn.look_at(operation="main_display", product_id=known["product_id"])
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
    async def _position(turn: Turn, values: Json) -> int | None:
        """As a number, -1 for the last one; a group that is named goes into `values`."""
        said: Any = turn.entity("position")
        if said is None:
            said = values.get("position")
        if said is None or not str(said).lstrip("-").isdigit():
            return None
        named = None if turn.is_payload else _group_named(turn.text, await turn.api.display())
        if named:
            values["group"] = named["id"]
        return int(said)


def _names_nothing(turn: Turn) -> bool:
    """Nothing but the place and the wish: a product that we do not know is none that was talked about."""
    rest = turn.text
    for entity in sorted(turn.entities, key=lambda e: -int(e["start"])):
        rest = rest[: entity["start"]] + " " + rest[entity["end"] :]
    return BESIDE.fullmatch(rest) is not None


def _group_named(text: str, groups: list[Json]) -> Json | None:
    """ "신상품 영역 2번": the words of a place after the name tell the group from a product that is new."""
    said = compact(text)
    return next((g for g in groups if any(f"{compact(g['name'])}{word}" in said for word in PLACE_WORDS)), None)
