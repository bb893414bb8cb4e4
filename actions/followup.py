"""What goes on from before: "지마켓은?" asks again, "다음 주까지만" changes the preview that waits."""

import re

from actions.base import TOPICS, WISHES, note_topic
from actions.claims_steps import continues_claim
from actions.consent import repeats_wish
from actions.ending import is_for_good, period_of
from actions.inbound_create import tells_an_arrival
from actions.inbound_said import changes_an_arrival
from actions.mistaken import says_something_else
from actions.operations_off_period import continues_off
from actions.operations_postpone import continues_notice
from actions.orders_beside import serves_beside
from actions.orders_match import continues_matching
from actions.orders_parcels import takes_apart
from actions.orders_search import shows_more
from actions.plans import carry_out, correct, correct_field, drop_pending
from actions.pointing import means_a_thing
from actions.spared import spares_while_starting
from actions.stock_put_right import puts_right
from actions.stock_safety import sets_safety
from actions.turn import Turn

ASKED_OF = frozenset({"operation", "market", "period", "status"})
SHORT = 14  # characters; a longer sentence says itself what it wants
#: all that may stand beside the name for it to be the same question of another thing
BESIDE = re.compile(r"(?:그럼|그러면|그리고|그|은|는|도|요|이요|은요|는요|어때|어때요|작업|쪽|[\s?!.,~？])*")
LIMIT = re.compile(r"까지|까진|부터|부턴|동안|만\b|만요")
NO = re.compile(r"\s*(?:아[,. ]*)?(?:아니|아뇨|아냐|됐|관두|그만|취소|싫)")
LABEL, BARCODE = re.compile(r"라벨|송장|딱지|스티커"), re.compile(r"바코드|barcode", re.IGNORECASE)
#: in these a day may stand for something else
DATED = frozenset({
    "ops_on", "ops_status", "ops_postpone", "ops_schedule", "ops_weekly_report", "promotion_cost_report", "display_preview",
    "work_request_create", "work_request_status", "inform",
})  # fmt: skip


async def continues(turn: Turn) -> bool:
    """True when this message belongs to what went before, whatever it resembles by itself; it is answered then."""
    if turn.is_payload:
        return False
    if turn.slot("wanted"):
        return await _speaks_of_arrivals(turn)  # said in between, while something else is asked for
    if (_sets_the_end(turn) and await correct(turn)) or await correct_field(turn):
        return True
    pending = turn.slot("plan")
    if spares_while_starting(turn):
        turn.given = dict(pending["values"]) if pending and pending["wish"] == "ops_on" else {}
        await WISHES["ops_on"].handle(turn)
        return True
    if pending and repeats_wish(turn, pending):
        await carry_out(turn, pending["id"], pending)
        return True
    if _takes_back(turn):
        await drop_pending(turn)
        turn.say("plan.dropped")
        return True
    if await serves_beside(turn) or await takes_apart(turn):
        return True
    if await _speaks_of_arrivals(turn):
        return True
    if await puts_right(turn):
        return True
    if sets_safety(turn):
        await WISHES["stock_safety"].handle(turn)
        return True
    if await says_something_else(turn):
        return True
    if await means_a_thing(turn) or await shows_more(turn) or await continues_claim(turn):
        return True
    if await continues_matching(turn):
        return True
    if _prints_labels(turn):
        await WISHES["invoice_print"].handle(turn)
        return True
    if turn.intent == "ops_not_running" and _named_operations(turn) == ["crm_message"]:
        await WISHES["customer_message_status"].handle(turn)  # the same reasons, and those of each message
        return True
    if turn.slot("plan"):
        return False
    if await continues_off(turn) or await continues_notice(turn):
        return True
    return _names_only(turn) and await ask_again(turn)


async def _speaks_of_arrivals(turn: Turn) -> bool:
    """True when it says that goods are to come, or what becomes of those that are, and it is answered then."""
    if changes_an_arrival(turn):
        await WISHES["inbound_change"].handle(turn)
    elif tells_an_arrival(turn):
        await WISHES["inbound_create"].handle(turn)
    else:
        return False
    return True


def _prints_labels(turn: Turn) -> bool:
    """ "라벨 뽑아줘" while the talk is about an order: its shipping label, not a barcode."""
    if turn.intent != "barcode_print" or not (turn.focus.get("order_id") or turn.focus.get("orders")):
        return False
    return LABEL.search(turn.text) is not None and not BARCODE.search(turn.text)


def _named_operations(turn: Turn) -> list[str]:
    return turn.all_of("operation")


def _sets_the_end(turn: Turn) -> bool:
    """Of the OFF that waits for a yes: "일요일까지로 바꿔줘", "아 그냥 계속 꺼줘"."""
    pending = turn.slot("plan")
    if not pending or pending["wish"] not in ("ops_off", "ops_off_period") or turn.intent in DATED:
        return False
    if turn.entity("operation") or turn.entity("scope"):
        return False
    until = LIMIT.search(turn.text) is not None and bool(period_of(turn))
    forever = bool(pending["values"].get("until")) and is_for_good(turn)
    return until or forever


def _takes_back(turn: Turn) -> bool:
    """A "no" in words nobody foresaw, while a preview waits: dropping it changes nothing, guessing might."""
    return bool(turn.slot("plan")) and turn.intent == "nlu_fallback" and not turn.entities and bool(NO.match(turn.text))


def _names_only(turn: Turn) -> bool:
    named = [e for e in turn.entities if e["entity"] in ASKED_OF]
    if not named:
        return False
    rest = turn.text
    for entity in sorted(named, key=lambda e: -int(e["start"])):
        rest = rest[: entity["start"]] + " " + rest[entity["end"] :]
    return BESIDE.fullmatch(rest) is not None


async def ask_again(turn: Turn) -> bool:
    """True when this short message only names another thing for the last question, which is then answered."""
    topic = turn.slot("topic") or {}
    if turn.is_payload or topic.get("action") not in TOPICS or len(turn.text) > SHORT:
        return False
    if not any(entity["entity"] in ASKED_OF for entity in turn.entities):
        return False
    turn.given = {k: topic[k] for k in ("operation", "market") if topic.get(k)}
    await TOPICS[topic["action"]].handle(turn)
    note_topic(turn, topic["action"])
    return True
