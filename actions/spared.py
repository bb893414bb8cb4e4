"""What a sentence wants left alone: "쿠팡 말고 …", "메인 진열은 끄지 말고 쿠폰만 꺼줘", "상품명은 끄지 마"."""

import re

from actions.turn import Json, Turn

NAMES = frozenset({"operation", "market", "scope"})
#: a wish to stop something; in "끄지 마" it is none
STOPS = re.compile(r"꺼(?!지)|끄(?!지)|끌|멈춰|멈추|중단|중지|정지|스톱|오프|off", re.IGNORECASE)

#: "쿠폰은 켜지 말고 나머지 켜줘"
STAYS_OFF = re.compile(r"켜지\s*(?:말고|마시고)")

STARTS = re.compile(r"켜(?!지|져|진|졌)|켤|켭")


def only_starts(turn: Turn) -> bool:
    """ "쿠폰만 빼고 나머지 켜줘": nothing shall stop, whatever the sentence resembles."""
    return not turn.is_payload and STARTS.search(turn.text) is not None and STOPS.search(turn.text) is None


#: what "쿠폰 빼고 다 켜줘" and, under its preview, "썸네일도 빼고" may be taken for
MISTAKEN = frozenset({"ops_off", "coupon_stop", "nlu_fallback", "inform", "deny"})


def spares_while_starting(turn: Turn) -> bool:
    """The rest shall run: said with what shall not, or while that waits for a yes."""
    if turn.is_payload or turn.intent not in MISTAKEN or STOPS.search(turn.text):
        return False
    if not any(e.get("role") == "excluded" and e["entity"] in NAMES for e in turn.entities):
        return False
    return STARTS.search(turn.text) is not None or (turn.slot("plan") or {}).get("wish") == "ops_on"


def _refusal(turn: Turn) -> Json | None:
    return next((e for e in turn.entities if e["entity"] == "negation" and e["value"] == "keep"), None)


#: a work that shall not be done is a work to stop ("상품명은 바꾸지 마세요"); only a stop, a start or an undo that shall not be is left
LEAVES = re.compile(r"끄|중단|취소|지우|켜")


def _stops_by_refusing(turn: Turn, refusal: Json) -> bool:
    """ "메인 진열 건드리지 마세요" with no other verb: a wish for OFF, said as what shall not be done."""
    return not LEAVES.match(turn.text, refusal["start"]) and STOPS.search(_outside(turn, refusal)) is None


def _outside(turn: Turn, refusal: Json) -> str:
    return turn.text[: refusal["start"]] + " " + turn.text[refusal["end"] :]


def only_refuses(turn: Turn) -> bool:
    """ "끄지 마" and nothing else that shall stop."""
    refusal = _refusal(turn)
    if refusal is None or _stops_by_refusing(turn, refusal):
        return False
    return STOPS.search(_outside(turn, refusal)) is None


def names_meant(turn: Turn) -> tuple[list[Json], list[Json]]:
    """The operations, markets and scopes that shall be switched, and those that shall not, in order of place."""
    names = [e for e in turn.entities if e["entity"] in NAMES]
    spared = [e for e in names if e.get("role") == "excluded"]
    refusal = None if turn.is_payload or only_refuses(turn) else _refusal(turn)
    if refusal is not None and not _stops_by_refusing(turn, refusal):
        before = turn.text[: refusal["start"]]
        clause = max((match.end() for match in STOPS.finditer(before)), default=0)
        spared += [e for e in names if clause <= e["start"] < refusal["start"] and e not in spared]
    if not turn.is_payload and (stays := STAYS_OFF.search(turn.text)):
        spared += [e for e in names if e["start"] < stays.start() and e not in spared]
    return [e for e in names if e not in spared], spared
