"""Asking back for one missing detail, and carrying on when it is given.

A wish (what the person wants done) remembers what it knows in the slot `wanted` and starts `detail_form`;
Rasa's form machinery handles digressions, and `action_resume` hands the completed wish back to its action.
"""

from typing import Any, ClassVar

from actions import blocks
from actions.answers import ANSWERING, Reading, read_answer
from actions.base import WISHES, TurnAction
from actions.stock_items import item_choices, near_items
from actions.turn import Json, Turn

FORM = "detail_form"
#: who talks past a question for so long has left it
PUT_MOST = 3


def ask(
    turn: Turn,
    wish: str,
    values: Json,
    missing: str,
    *,
    kind: str,
    choices: list[Json] | None = None,
    optional: bool = False,
    question: str | None = None,
    **context: Any,
) -> None:
    """Ask for `missing`; `kind` says how the answer is read (see `answers.py`), `choices` are {value, title}.

    `question` is the wording key of the question; `context` fills it.
    """
    turn.remember(
        wanted={
            "wish": wish, "values": values, "missing": missing, "kind": kind, "choices": choices or [],
            "optional": optional, "question": question or f"ask.{wish}.{missing}", "context": context,
            "asked_after": turn.message_id,
        },
        detail=None,
        plan=None,  # an older preview is not what the next "네" means
    )  # fmt: skip
    turn.follow(FORM)


class AskDetail(TurnAction):
    """Puts the question; the form calls it again after each digression."""

    action_name: ClassVar[str] = "action_ask_detail"
    answers_intent: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        wanted = turn.slot("wanted")
        if not wanted or turn.slot("plan"):  # one question at a time: a preview shown meanwhile waits for its yes first
            return
        times = wanted.get("put", 0) + 1
        if times > PUT_MOST:
            self._set_aside(turn, wanted)
            return
        turn.remember(wanted={**wanted, "put": times})
        key = wanted["question"] if wanted["question"] in turn_keys() else f"ask.kind.{wanted['kind']}"
        turn.say(key, values=wanted["values"], missing=wanted["missing"], **wanted["context"])
        if wanted["kind"] in ("date", "move"):
            turn.add(date_picker(turn, wanted))
        offered = [
            blocks.button(choice["title"], "inform", **{entity_of(wanted): choice["value"]})
            for choice in wanted["choices"][: wanted["context"].get("shown")]
        ]
        if wanted["optional"]:
            offered.append(turn.link_button("skip", "inform", skip="1"))
        offered.append(turn.link_button("stop_asking", "cancel"))
        turn.offer(*offered)

    @staticmethod
    def _set_aside(turn: Turn, wanted: Json) -> None:
        """No question may stand in the way of everything else; what was answered so far can be taken up again."""
        turn.remember(wanted=None, detail=None, requested_slot=None, set_aside=wanted)
        turn.say("ask.set_aside")
        turn.offer(turn.link_button("take_up", "inform", resume="1"), turn.link_button("agent", "handoff_request"))


def take_up(turn: Turn) -> bool:
    """Puts the question once more that was set aside; False when there is none."""
    waiting = turn.slot("set_aside")
    if not waiting:
        return False
    turn.remember(wanted={**waiting, "put": 0, "asked_after": turn.message_id}, set_aside=None, detail=None, plan=None)
    turn.follow(FORM)
    return True


def entity_of(wanted: Json) -> str:
    """The entity a pressed choice carries."""
    return wanted["kind"] if wanted["kind"] in ("operation", "market", "setup_item", "work_type") else "choice"


def date_picker(turn: Turn, wanted: Json) -> blocks.Block:
    return {
        "type": "date_picker",
        "title": turn.words("ask.date_picker"),
        "min": wanted["context"].get("min"),
        "max": wanted["context"].get("max"),
        "payload": blocks.payload("inform", date="$DATE"),
        "quick": wanted["context"].get("quick", []),
    }


def turn_keys() -> frozenset[str]:
    from backend.kit.wording import wording

    return wording().keys()


class ValidateDetailForm(TurnAction):
    """Reads the answer. No event at all means "that was no answer": the form steps aside for what was said."""

    action_name: ClassVar[str] = "validate_detail_form"
    answers_intent: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        wanted = turn.slot("wanted")
        if not wanted:
            turn.remember(detail={"given": True, "value": None})
            return
        if wanted["asked_after"] == turn.message_id:
            return  # the form validates once when it starts: this message asked for the wish, it answers nothing
        reading, value = await read_answer(turn, wanted)
        if reading is Reading.ANSWER:
            turn.remember(detail={"given": True, "value": value})
        elif reading is Reading.CORRECTION:
            if value.get("label"):  # without one, more was answered than was asked
                turn.say("ask.corrected", **value)
            known = value["values"].get(wanted["missing"])  # "아니 롱패딩 2번 자리에" answers the question as well
            turn.remember(
                wanted={**wanted, "values": value["values"], "put": 0},
                detail={"given": True, "value": known} if known is not None else None,
            )
        elif reading is Reading.INVALID:
            if _is_a_wish(turn) and wanted.get("misread"):
                return  # twice no answer, and it resembles something: it is taken for that
            near = await near_items(turn, wanted["context"].get("product_id")) if wanted["kind"] == "item" else []
            if near:
                wanted = {**wanted, "choices": item_choices(near)}
                turn.say("ask.invalid.item_option", product=near[0]["product_name"])
            else:
                last = wanted.get("put", 0) >= PUT_MOST
                turn.say("ask.not_read" if last else f"ask.invalid.{value}", **wanted["context"])
            turn.remember(wanted={**wanted, "misread": True}, detail=None)


def _is_a_wish(turn: Turn) -> bool:
    return turn.intent not in ANSWERING and not turn.is_payload


class Resume(TurnAction):
    """The detail was given: the wish goes on with it."""

    action_name: ClassVar[str] = "action_resume"
    answers_intent: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        wanted, detail = turn.slot("wanted"), turn.slot("detail")
        turn.remember(wanted=None, detail=None)
        if not wanted or wanted["wish"] not in WISHES:
            return
        turn.given = {**wanted["values"], wanted["missing"]: (detail or {}).get("value")}
        await WISHES[wanted["wish"]].handle(turn)
