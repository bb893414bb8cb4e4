"""What buyers asked: the unanswered ones with PRO's drafts, and sending an answer (data/inquiries, `cs_reply`)."""

from typing import Any, ClassVar

from actions import blocks
from actions.asking import ask
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.plans import Affirm, propose
from actions.pointing import SHOWERS, thing_of
from actions.quoting import Words, wants_draft, words_to_send
from actions.turn import Json, Turn

LISTED = 5
OWN_WORDS = "own_words"  # what the button carries that lets the person write the answer
TONE = {"open": "warn", "drafted": "ok", "answered": "muted"}
LONGEST = 2_000  # characters, as the backend takes them


class InquiryList(TurnAction):
    """The unanswered ones, longest waiting first, narrowed to what the sentence names; or one of them in full."""

    action_name: ClassVar[str] = "action_inquiry_list"

    async def handle(self, turn: Turn) -> None:
        named = thing_of(turn, "inquiry_id")
        if named:
            await show_inquiry(turn, named)
            return
        market = turn.about("market")
        found = await turn.api.find_inquiries("" if turn.is_payload else turn.text, market)
        waiting: list[Json] = [one["inquiry"] for one in found]
        page = await turn.api.inquiries(limit=1)
        turn.say(
            "inquiries.intro", waiting=waiting, counts=page["counts"], by=found[0]["by"] if found else [], market=market
        )
        if not waiting:
            turn.offer(
                turn.link_button("draft_runs", "ops_status", operation="cs_reply"),
                turn.link_button("why_not", "ops_not_running", operation="cs_reply"),
            )
            return
        show_inquiries(turn, waiting)


def show_inquiries(turn: Turn, inquiries: list[Json]) -> None:
    """As cards in the order that "두 번째 거" counts by."""
    turn.add(blocks.cards([inquiry_card(turn, one, number) for number, one in enumerate(inquiries[:LISTED], 1)]))
    turn.show_list([{"inquiry_id": one["id"]} for one in inquiries])
    if len(inquiries) > LISTED:
        turn.say("inquiries.more", n=len(inquiries) - LISTED)
    if len(inquiries) == 1:
        turn.look_at(inquiry_id=inquiries[0]["id"])


def inquiry_card(turn: Turn, inquiry: Json, number: int | None = None) -> blocks.Block:
    rows = [(turn.words("inquiries.question_label"), inquiry["text"])]
    if inquiry["state"] == "answered":
        rows.append((turn.words("inquiries.answer_label"), inquiry["answer"]))
        if inquiry["delivery"] in ("waiting", "failed"):
            told = turn.words(f"inquiries.delivery.{inquiry['delivery']}", error=inquiry["delivery_error"])
            rows.append((turn.words("inquiries.delivery_label"), told))
    elif inquiry["draft"]:
        shown = inquiry["draft"] if number is None else turn.words("inquiries.in_short", text=inquiry["draft"])
        rows.append((turn.words("inquiries.draft_label"), shown))
    actions = []
    if inquiry["state"] == "drafted":
        actions.append(turn.link_button("send_draft", "inquiry_answer", inquiry_id=inquiry["id"]))
    if inquiry["state"] != "answered":
        actions.append(turn.link_button("write_answer", "inquiry_answer", inquiry_id=inquiry["id"], choice=OWN_WORDS))
    return blocks.card(
        turn.words("inquiries.title", inquiry=inquiry, number=number),
        rows,
        subtitle=turn.words("inquiries.from", inquiry=inquiry),
        badge=(turn.name("inquiry_state", inquiry["state"]), TONE[inquiry["state"]]),
        actions=actions,
    )


async def show_inquiry(turn: Turn, inquiry_id: str) -> None:
    inquiry = await turn.api.inquiry(inquiry_id)
    turn.look_at(inquiry_id=inquiry_id)
    turn.say("inquiries.one", inquiry=inquiry)
    turn.add(inquiry_card(turn, inquiry))


SHOWERS["inquiry_id"] = show_inquiry


class InquiryAnswer(TurnAction):
    """Sends PRO's draft, or the person's own words, to the buyer who asked; the preview shows question and answer."""

    action_name: ClassVar[str] = "action_inquiry_answer"
    wish: ClassVar[str | None] = "inquiry_answer"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        values: Json = {k: v for k, v in turn.given.items() if k in ("inquiry_id", "text", "reported")}
        words = None if turn.is_payload or values.get("text") else words_to_send(turn.text)
        if words and not turn.given:
            values |= {"text": words.text, "reported": words.reported}
        if not words and await self._goes_on(turn, values):
            return
        inquiry = await self._meant(turn, values, words)
        if inquiry is None:
            return
        values["inquiry_id"] = inquiry["id"]
        if turn.entity("choice") == OWN_WORDS or ("text" in values and not values["text"]):
            self._ask_words(turn, values, inquiry)
            return
        await self._propose(turn, values, inquiry)

    @staticmethod
    async def _goes_on(turn: Turn, values: Json) -> bool:
        """Under a preview "보내줘" is the yes to it, and "초안대로 보내줘" goes back to the draft."""
        waits = turn.slot("plan") or {}
        if turn.given or turn.is_payload or waits.get("wish") != "inquiry_answer" or _points(turn):
            return False
        found = await turn.api.find_inquiries(turn.text, turn.entity("market"))
        if found and found[0]["by"] and waits["values"]["inquiry_id"] not in [one["inquiry"]["id"] for one in found]:
            return False
        if waits["values"].get("text") and wants_draft(turn.text):
            values["inquiry_id"] = waits["values"]["inquiry_id"]
            return False
        await Affirm().handle(turn)
        return True

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        """ "아니 모레 나가요라고 해줘" under the preview changes what is sent."""
        words = words_to_send(turn.text)
        if words is None or _points(turn):
            return None
        if not preview:  # asked which one: the words may be put differently meanwhile
            if values.get("inquiry_id") or not values.get("text"):
                return None
            return self._reworded(turn, values, words)
        found = await turn.api.find_inquiries(words.before, turn.entity("market"))
        if found and found[0]["by"] and values["inquiry_id"] not in [one["inquiry"]["id"] for one in found]:
            return None  # it speaks of another one
        return self._reworded(turn, values, words)

    @staticmethod
    def _reworded(turn: Turn, values: Json, words: Words) -> Json:
        return {
            "label": turn.words("inquiries.answer_label"),
            "shown": turn.words("inquiries.as_you_wrote"),
            "values": {**values, "text": words.text, "reported": words.reported},
        }

    async def _meant(self, turn: Turn, values: Json, words: Words | None) -> Json | None:
        """The inquiry; asks, or says that there is none, and returns None otherwise."""
        named = values.get("inquiry_id") or thing_of(turn, "inquiry_id")
        if named:
            return await turn.api.inquiry(str(named))
        said = words.before if words else turn.text
        found = await turn.api.find_inquiries("" if turn.is_payload else said, turn.entity("market"))
        just_shown = None if turn.is_payload else turn.focus.get("inquiry_id")
        if just_shown and not any(one["by"] for one in found):
            inquiry = await turn.api.inquiry(just_shown)
            if inquiry["state"] != "answered":
                return inquiry
        place = turn.entity("ordinal") or turn.entity("position")
        if isinstance(place, int) and place <= len(found) and (place > 0 or place == -1) and found:
            return dict(found[place - 1 if place > 0 else -1]["inquiry"])
        if words and len(found) > 1 and not found[0]["by"]:  # "배송은 내일 나가요": the answer itself says which
            narrower = await turn.api.find_inquiries(words.text, turn.entity("market"))
            if len(narrower) == 1:
                found = narrower
        if not found:
            turn.say("inquiries.none_waiting")
            return None
        if len(found) > 1:
            self._ask_which(turn, values, [one["inquiry"] for one in found])
            return None
        return dict(found[0]["inquiry"])

    @staticmethod
    def _ask_which(turn: Turn, values: Json, inquiries: list[Json]) -> None:
        show_inquiries(turn, inquiries)
        choices: list[Json] = [
            {
                "value": one["id"],
                "title": turn.words("inquiries.choice", inquiry=one, number=number),
                "also": [
                    word for word in (one["product"], turn.name("inquiry_topic", one["topic"] or "other")) if word
                ],
            }
            for number, one in enumerate(inquiries[:LISTED], 1)
        ]
        ask(turn, "inquiry_answer", values, "inquiry_id", kind="choice", choices=choices)

    @staticmethod
    def _ask_words(turn: Turn, values: Json, inquiry: Json) -> None:
        known = {"inquiry_id": values["inquiry_id"]}
        told: Json = {"question_of": inquiry["text"], "buyer": inquiry["buyer_name"]}
        ask(turn, "inquiry_answer", known, "text", kind="long_text", max_length=LONGEST, **told)

    async def _propose(self, turn: Turn, values: Json, inquiry: Json) -> None:
        written: Any = values.get("text")
        if written and "reported" not in values:  # the answer to our question may be told on as well
            words = words_to_send(written)
            values |= {"text": words.text, "reported": words.reported} if words else {"reported": False}
        params = {"inquiry_id": values["inquiry_id"], "text": values.get("text"), "reported": values.get("reported")}
        try:
            await propose(turn, "inquiry_answer", values, "inquiry.send_draft", params)
        except BackendError as error:
            if error.code == "inquiry_has_no_draft":
                turn.problem(error)
                self._ask_words(turn, values, inquiry)
                return
            if error.code != "inquiry_answered":
                raise
            turn.problem(error)
            turn.offer(turn.link_button("inquiries", "inquiry_list"))
            return
        turn.look_at(inquiry_id=inquiry["id"])
        turn.offer(turn.link_button("write_answer", "inquiry_answer", inquiry_id=inquiry["id"], choice=OWN_WORDS))


def _points(turn: Turn) -> bool:
    """At a place in the list, so at another inquiry than the one at hand."""
    return turn.entity("ordinal") is not None or turn.entity("position") is not None
