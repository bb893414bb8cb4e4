"""Reads one answer to one question, and notices when it is none."""

import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from enum import Enum, auto
from typing import Any

from actions.base import WISHES
from actions.stock_words import said_change
from actions.turn import Json, Turn
from backend.kit import clock
from backend.kit.hangul import compact, similarity
from backend.kit.korean_dates import parse_move, parse_period, parse_until
from backend.kit.money import find_won, parse_won


class Reading(Enum):
    ANSWER = auto()
    INVALID = auto()  # it was meant as an answer, and cannot be one: value is the reason's key
    CORRECTION = auto()  # it changes an earlier answer of the same wish
    DIGRESSION = auto()  # it is about something else


Reader = Callable[[Turn, Json], Awaitable[Any]]
#: kinds of answers that a feature reads itself: the value, or None when it is none; filled by the modules that know them
READERS: dict[str, Reader] = {}
#: by such a kind, intents that its answers resemble ("김민수 주문이요")
RESEMBLING: dict[str, frozenset[str]] = {}
#: said in the middle of anything, these are never the answer
ALWAYS_ELSEWHERE = frozenset({"cancel", "handoff_request", "help", "goodbye", "complain"})
#: what is never the answer to another wish's question, whatever it resembles; filled by the modules that know it
ASIDE: list[Callable[[Turn], bool]] = []
#: intents under which a bare answer may be classified
ANSWERING = frozenset({"inform", "nlu_fallback", "affirm", "deny", "chitchat", "out_of_scope", "rate_support", "greet"})
SKIPS = (
    "없음",
    "없어요",
    "없습니다",
    "건너뛰기",
    "건너뛸게요",
    "패스",
    "스킵",
    "넘어가",
    "나중에",
    "몰라요",
    "그냥넘어가주세요",
)
SURE = 0.6
#: what may be an answer ("5만원", "배너 바꿔 주세요") is left only for a wish as sure as this
SURELY_ELSEWHERE = 0.8
#: in one's own words anything may be an answer
FREE = ("text", "long_text", "url")
#: an answer in one's own words may sound like a call for a person ("4만 원으로 바꿔 주세요"): one of these must be in it
PERSON = ("상담", "사람", "직원", "담당자", "매니저")
#: a question, not a wish
ASKS = re.compile(r"\?|나요|까요|가요|있어|뭐|무슨|어떤|종류|메뉴|목록")
AMOUNT = re.compile(r"\d|[십백천만억원개장벌]")  # "네" and "이" are numerals, too
YES_LONGEST = 4  # characters; "네" and "좋아요" are no name, address or sentence


async def read_answer(turn: Turn, wanted: Json) -> tuple[Reading, Any]:
    kind, confidence = wanted["kind"], _confidence(turn)
    if turn.entity("skip") and wanted["optional"]:
        return Reading.ANSWER, None
    if (turn.is_payload and turn.intent != "inform") or turn.entity("resume"):
        return Reading.DIGRESSION, None
    if turn.slot("plan") and not turn.is_payload:
        return Reading.DIGRESSION, None  # a preview shown meanwhile comes first, and the question is not on the screen
    if wanted["optional"] and compact(turn.text) in SKIPS:
        return Reading.ANSWER, None
    if kind not in FREE and not wanted["wish"].startswith("inbound_") and any(aside(turn) for aside in ASIDE):
        return Reading.DIGRESSION, None
    if turn.intent in ALWAYS_ELSEWHERE and confidence >= SURELY_ELSEWHERE and not _is_own_words(turn, kind):
        return Reading.DIGRESSION, None
    if not turn.is_payload and wanted["wish"] in WISHES:
        changed = await WISHES[wanted["wish"]].corrected(turn, wanted["values"], preview=False)
        if changed:
            return Reading.CORRECTION, changed
    if wanted["optional"] and turn.intent == "deny" and confidence >= SURE:
        return Reading.ANSWER, None
    if kind in FREE:
        return _free_text(turn, wanted, confidence)
    value = await _typed(turn, wanted)
    if value is not None:
        near = ANSWERING | RESEMBLING.get(kind, frozenset()) | {wanted["wish"]}
        elsewhere = turn.intent not in near and confidence >= SURELY_ELSEWHERE
        return (Reading.DIGRESSION, None) if elsewhere and not turn.is_payload else (Reading.ANSWER, value)
    if turn.intent in ANSWERING:
        return Reading.INVALID, "date_past" if kind in ("date", "move") and _is_past(turn.text) else kind
    return Reading.DIGRESSION, None


def _is_own_words(turn: Turn, kind: str) -> bool:
    """Of free text, only a short sentence leaves the question, and a person is called by name."""
    if kind not in ("text", "long_text"):
        return False
    return len(turn.text) > 30 or (turn.intent == "handoff_request" and not any(word in turn.text for word in PERSON))


def _confidence(turn: Turn) -> float:
    return float((turn.tracker.latest_message.get("intent") or {}).get("confidence") or 0.0)


def _free_text(turn: Turn, wanted: Json, confidence: float) -> tuple[Reading, Any]:
    """Anything is an answer, except a confident question about something else."""
    asks = turn.text.rstrip().endswith(("?", "？")) or turn.intent == "faq"
    if asks and turn.intent not in ANSWERING and turn.intent != wanted["wish"] and confidence >= SURE:
        return Reading.DIGRESSION, None
    said = turn.text.strip()
    if turn.intent == "affirm" and confidence >= SURE and len(compact(said)) <= YES_LONGEST:
        return Reading.INVALID, "text"
    limit = wanted["context"].get("max_length")
    if limit and len(said) > limit:
        return Reading.INVALID, "too_long"
    if wanted["kind"] == "url" and "." not in said:
        return Reading.INVALID, "url"
    return Reading.ANSWER, said


async def _typed(turn: Turn, wanted: Json) -> Any:
    kind = wanted["kind"]
    if kind in ("operation", "market", "setup_item", "work_type", "request_no"):
        found = turn.entity(kind)
        return found if found is not None else choice_of(turn, wanted["choices"])
    if kind == "position":
        place = turn.entity("position") or turn.entity("choice")
        return place if place is not None else number_in(turn.text)
    if kind == "choice":
        return turn.entity("choice") or choice_of(turn, wanted["choices"])
    if kind == "date":
        return date_of(turn)
    if kind == "move":
        return move_of(turn, wanted["context"]["start"])
    if kind == "number":
        return number_in(turn.text)
    if kind == "quantity":
        return said_change(turn.text).number
    if kind == "item":
        picked = turn.entity("choice") or turn.entity("item_id") or choice_of(turn, wanted["choices"])
        return picked or await _item_of(turn, wanted)
    if kind == "product":
        picked = turn.entity("choice") or choice_of(turn, wanted["choices"])
        if picked:
            return picked
        found_products = await turn.api.find_products(turn.text)
        return found_products[0]["id"] if found_products else None
    if kind in READERS:
        return await READERS[kind](turn, wanted)
    raise ValueError(f"no way to read a {kind}")


async def _item_of(turn: Turn, wanted: Json) -> str | None:
    """The one stock item the answer names; None when several fit alike, for nobody knows which is meant."""
    found = await turn.api.find_stock_items(turn.text, wanted["context"].get("product_id"))
    best = [item["id"] for item in found if item["score"] == found[0]["score"]]
    return best[0] if len(best) == 1 else None


def choice_of(turn: Turn, choices: list[Json]) -> Any:
    """By place ("두 번째", "2번") or by a title that resembles what was said."""
    place = turn.entity("ordinal") or turn.entity("position")
    if isinstance(place, int) and choices and (1 <= place <= len(choices) or place == -1):
        return choices[place - 1 if place > 0 else -1]["value"]
    named = named_choice(turn.text, choices)
    if named is not None:
        return named
    about = [c["value"] for c in choices if c.get("operation") and c["operation"] == turn.entity("operation")]
    if len(about) == 1:
        return about[0]
    scored = sorted(((similarity(turn.text, c["title"]), i) for i, c in enumerate(choices)), reverse=True)
    return choices[scored[0][1]]["value"] if scored and scored[0][0] >= 0.7 else None


def _is_past(said: str) -> bool:
    meant = parse_period(said, clock.today())
    return meant is not None and meant[1] < clock.today()


def named_choice(text: str, choices: list[Json]) -> Any:
    """The choice whose title, or one of whose other words (`also`), stands in the text; the longest word wins."""
    said, found = compact(text), []
    for choice in choices:
        title = compact(choice["title"])
        words = [title, *map(compact, choice.get("also", []))]
        lengths = [len(word) for word in words if word and word in said]
        if lengths or (said in title and len(said) >= 2):
            found.append((max(lengths, default=len(said)), choice["value"]))
    return max(found, key=lambda hit: hit[0])[1] if found else None


def date_of(turn: Turn) -> str | None:
    """ISO day: from a picker, or from the words ("다음주 금요일까지요")."""
    picked = turn.entity("date")
    if turn.is_payload:
        try:
            return date.fromisoformat(str(picked)).isoformat() if picked else None
        except ValueError:
            return None
    meant = parse_until(turn.text, clock.today()) or parse_until(turn.text.replace("부터", "까지"), clock.today())
    return meant.isoformat() if meant else None


def move_of(turn: Turn, start: str) -> str | None:
    """ISO day or moment to which something that starts at `start` shall go: from a picker, or from the words."""
    if turn.is_payload:
        return date_of(turn)
    to = parse_move(turn.text, datetime.fromisoformat(start), clock.now())
    return to.isoformat() if to else None


def number_in(said: str) -> int | None:
    """The one number of an answer; None without one, and with several, for nobody knows which is meant."""
    if not AMOUNT.search(said):
        return None
    amount = parse_won(said)
    if amount is not None:
        return amount
    amounts = [mention.amount for mention in find_won(said)] or [
        int(run.replace(",", "")) for run in re.findall(r"\d[\d,]{0,15}", said)
    ]
    return amounts[0] if len(amounts) == 1 else None
