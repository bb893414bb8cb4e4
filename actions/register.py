"""How formally a merchant writes: 하십시오체 is answered in kind, everything else in 해요체.

Only greetings, thanks, goodbyes and apologies are mirrored: each is one sentence group with its own wording, so that an
answer keeps one level. What is told of the shop stays in 해요체.
"""

import re

from actions.turn import Turn

RECENT = 4
FORMAL = re.compile(r"(?:[가-힣](?:니다|니까)|십시오|십시요|시지요|는지요|답니다|랍니다|하오니|바랍니다)[\s.!?~^ㅎ]*$")
#: everybody says these
SET_PHRASES = re.compile(
    r"^\W*(?:네|예)?[\s,.]*(?:정말\s*|너무\s*|대단히\s*)?(?:감사|고맙|죄송|미안|반갑|실례|안녕하십)\S{0,4}(?:니다|니까)\W*$"
)
FORMAL_BY_ITSELF = re.compile(r"안녕하십니까|수고\S*십니다")
ENDS = re.compile(r"[.!?~\n]+")


def speaks_formally(turn: Turn) -> bool:
    """At least half of the last few sentences that show it, and the last of them."""
    said = [
        str(event["text"]) for event in turn.tracker.events
        if event.get("event") == "user" and event.get("text") and not str(event["text"]).startswith("/")
    ]  # fmt: skip
    if not turn.is_payload and (not said or said[-1] != turn.text):
        said.append(turn.text)
    told = [shown for text in said for shown in _shown(text)][-RECENT:]
    return bool(told) and told[-1] and 2 * sum(told) >= len(told)


def _shown(text: str) -> list[bool]:
    """Of each sentence that says how its writer speaks, whether formally; "감사합니다" and bare names do not."""
    found = []
    for sentence in (part.strip() for part in ENDS.split(text)):
        if FORMAL_BY_ITSELF.search(sentence):
            found.append(True)
        elif sentence and not SET_PHRASES.match(sentence):
            formal = FORMAL.search(sentence) is not None
            if formal or _has_ending(sentence):
                found.append(formal)
    return found


def _has_ending(sentence: str) -> bool:
    """It is a whole sentence, not only a name or a number."""
    if len(sentence) < 3:  # "네", "ㅇㅇ"
        return False
    return re.search(r"(?:요|죠|줘|해|야|어|아|지|네|까|냐|니|자|라|래|ㅋ+|ㅎ+|ㅠ+)[\s^]*$", sentence) is not None
