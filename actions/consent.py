"""What counts as a yes to the preview that waits: a change is never carried out on a guess."""

import re

from actions.ending import is_for_good
from actions.turn import Json, Turn

SURE, SAID_FIRST = 0.8, 0.5
YES = re.compile(r"\s*(?:네|넵|넹|예|응|어|ㅇㅇ|ㅇㅋ|그래|좋아|오케이|맞아)(?:[\s,.~!요]|$)")
YES_AND_VERB = re.compile(
    r"\s*(?:네|넵|예|응|ㅇㅇ|그래)[\s,.~!요]*(?:[가-힣]{1,3}\s?){0,2}(?:줘|주세요|줘요|해|해요|하세요)[\s.~!]*"
)
#: "끌까요?" is most often answered "꺼주세요"
REPEATING = frozenset({"ops_off", "ops_on", "ops_undo"})
NEUTRAL = frozenset({"reference"})


def is_clear_yes(turn: Turn) -> bool:
    """Not "음", not "네?"; "응 켜줘" is one, though its verb may belong to another wish as well."""
    confidence = float((turn.tracker.latest_message.get("intent") or {}).get("confidence") or 0.0)
    if turn.text.rstrip().endswith(("?", "？")):
        return False
    said_first = turn.intent == "affirm" and confidence >= SAID_FIRST and YES_AND_VERB.fullmatch(turn.text) is not None
    return confidence >= SURE or said_first


def asked_just_before(turn: Turn, pending: Json) -> bool:
    """The preview was the last thing said, so that a bare answer can only mean it."""
    said = [event for event in turn.tracker.events if event.get("event") == "user"]
    return len(said) < 2 or said[-2].get("message_id") == pending.get("asked_after")


def repeats_wish(turn: Turn, pending: Json) -> bool:
    """ "꺼줘" or "네 메인 진열 꺼주세요" under the preview of just that. The whole sentence sent again is no yes:
    it may have been sent twice by accident."""
    if turn.intent != pending["wish"] or turn.intent not in REPEATING or not asked_just_before(turn, pending):
        return False
    if turn.entity("negation") or is_for_good(turn) or not is_clear_yes(turn):
        return False
    values = {str(v) for value in pending["values"].values() for v in (value if isinstance(value, list) else [value])}
    named = [e for e in turn.entities if e["entity"] not in NEUTRAL]
    if YES.match(turn.text):
        return all(str(e["value"]) in values for e in named)
    return not named
