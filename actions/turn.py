"""One turn as an action sees it: what was said, what is remembered, what to answer."""

from typing import Any, cast

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import blocks
from actions.client.backend import Backend
from actions.client.errors import BackendError
from backend.kit.wording import wording

Json = dict[str, Any]
SHOWN_MAX = 10
#: things that can be called back after the talk went elsewhere
KEPT = (
    "product_id", "coupon_id", "deal_id", "inquiry_id", "order_id", "shipment_id", "claim_id", "item_id", "setting",
)  # fmt: skip


class Turn:
    """`events` collects what the conversation shall remember; `say` and the blocks collect the reply."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.tracker = tracker
        self.events: list[Any] = []
        self.given: Json = {}  # what a wish already knows, from questions asked or a preview corrected
        self.asked: Json = {}  # what a question turned out to be about, where its words alone do not say it
        self._dispatcher = dispatcher
        self._blocks: list[blocks.Block] = []
        self._slots: Json = {}
        message = tracker.latest_message
        self.text: str = str(message.get("text") or "")
        self.intent: str = str((message.get("intent") or {}).get("name") or "")
        self.message_id: str = str(message.get("message_id") or "")
        self.is_payload = self.text.startswith("/")
        metadata = cast("Json", message.get("metadata") or {})
        token = metadata.get("turn_token")
        if not token:
            raise BackendError("unauthenticated")
        self.api = Backend(token)

    # what was said
    @property
    def entities(self) -> list[Json]:
        found = cast("list[Json]", self.tracker.latest_message.get("entities") or [])
        return [e for e in found if not (e["entity"] == "scope" and self._is_end_of_no(e))]

    def _is_end_of_no(self, entity: Json) -> bool:
        """The "다" of "아니다" is no "다" for everything: nothing may widen by a misreading."""
        return not self.is_payload and self.text[: int(entity.get("start") or 0)].endswith("아니")

    def entity(self, name: str, role: str | None = None) -> Any:
        """The first value of that entity in this message, or None."""
        return next((e["value"] for e in self.entities if e["entity"] == name and e.get("role") == role), None)

    def all_of(self, name: str, role: str | None = None) -> list[Any]:
        found = [e["value"] for e in self.entities if e["entity"] == name and e.get("role") == role]
        return list(dict.fromkeys(found)) if all(isinstance(v, str) for v in found) else found

    @property
    def text_beside_names(self) -> str:
        """What was typed without the names in it, so that a date glued to one is found ("메인진열사흘뒤로")."""
        said = self.text
        for e in self.entities if not self.is_payload else []:
            if e["entity"] in ("operation", "market") and e.get("start") is not None:
                said = said[: e["start"]] + " " * (e["end"] - e["start"]) + said[e["end"] :]
        return said

    def about(self, name: str) -> Any:
        """What this message names, else what the question that it continues was about."""
        said = self.entity(name)
        return said if said is not None else self.given.get(name)

    @property
    def faq(self) -> str | None:
        """The full name of the question, `faq/…`, when the intent is a retrieval one."""
        selected = (self.tracker.latest_message.get("response_selector") or {}).get("faq", {})
        return cast("str | None", selected.get("response", {}).get("intent_response_key"))

    @property
    def ranking(self) -> list[Json]:
        return cast("list[Json]", self.tracker.latest_message.get("intent_ranking") or [])

    # what is remembered
    def slot(self, name: str) -> Any:
        return self._slots[name] if name in self._slots else self.tracker.get_slot(name)

    def remember(self, **slots: Any) -> None:
        for name, value in slots.items():
            self._slots[name] = value
            self.events.append(SlotSet(name, value))

    @property
    def focus(self) -> Json:
        """The thing last talked about: any of run_id, operation, market, product_id, coupon_id, deal_id, inquiry_id,
        order_id, claim_id, orders (several), request_number; under `earlier` the last ones of their kind before it ("아까 그 쿠폰")."""
        return cast("Json", self.slot("focus") or {})

    @property
    def earlier(self) -> Json:
        return cast("Json", self.focus.get("earlier") or {})

    def pointed_at(self) -> Json | None:
        """The thing of the last list that this message points at ("두 번째 거", "첫 번째"), if it does."""
        place, shown = self.entity("ordinal") or self.entity("position"), self.slot("shown") or []
        if isinstance(place, int) and (1 <= place <= len(shown) or (place == -1 and shown)):
            return cast("Json", shown[place - 1 if place > 0 else -1])
        return None

    def look_at(self, **thing: Any) -> None:
        kept = {**self.earlier, **{k: self.focus[k] for k in KEPT if self.focus.get(k)}}
        now = {k: v for k, v in thing.items() if v is not None and k != "earlier"}
        self.remember(focus={**now, "earlier": kept} if kept else now)

    def show_list(self, things: list[Json]) -> None:
        """Remember what was listed, so that "두 번째 거" means something."""
        self.remember(shown=things[:SHOWN_MAX])

    # what to answer
    def words(self, key: str, /, **context: Any) -> str:
        return wording().say(key, **context)

    def name(self, kind: str, key: Any) -> str:
        return wording().name(kind, key)

    def say(self, key: str, /, **context: Any) -> None:
        self._blocks.append(blocks.text(self.words(key, **context)))

    def add(self, *made: blocks.Block) -> None:
        self._blocks.extend(made)

    def put_first(self, block: blocks.Block) -> None:
        """Above what the answer says so far."""
        self._blocks.insert(0, block)

    def offer(self, *items: blocks.Block) -> None:
        if items:
            self._blocks.append(blocks.buttons(list(items)))

    def link_button(self, key: str, intent: str, /, **entities: Any) -> blocks.Block:
        return blocks.button(self.words(f"button.{key}"), intent, **entities)

    def follow(self, action: str) -> None:
        self.events.append(FollowupAction(action))

    def flush(self) -> None:
        if self._blocks:
            self._dispatcher.utter_message(json_message={"blocks": self._blocks})
            self._blocks = []

    def problem(self, error: BackendError) -> None:
        """The sentence of an error code; an unknown one is said as a fault of ours, with a person offered."""
        key = f"problem.{error.code}"
        known = key in wording()
        self.say(key if known else "problem.unknown", **({"data": error.data} if known else {"data": {}}))
        if not known or error.code in ("unavailable", "internal"):
            self.offer(self.link_button("agent", "handoff_request"))
