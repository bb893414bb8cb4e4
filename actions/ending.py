"""From when and how long something shall stay OFF: a stretch, until a moment, for good, or longer than now."""

import re
from datetime import date, datetime, timedelta

from actions.answers import date_of
from actions.turn import Json, Turn
from backend.kit import clock
from backend.kit.korean_dates import parse_more, parse_stretch

FOREVER = ("계속", "쭉", "무기한", "영구", "기한 없이", "기간 없이")
#: an OFF that stands is changed, not made: "일요일까지로 바꿔줘", "하루 더", "기간 연장해줘"
CHANGES = re.compile(
    r"바꿔|바꾸|변경|고쳐|늘려|늘리|줄여|줄이|연장|당겨|앞당|더\s|더$|더요|더만|까지로|까지만\s?(?:하|할|해)|그냥"
)
PERIOD = ("starts", "until")


def is_for_good(turn: Turn) -> bool:
    return not turn.is_payload and any(word in turn.text for word in FOREVER)


def period_of(turn: Turn) -> Json:
    """`starts` and `until` as this message says them, in the backend's words. A whole sentence must say so ("금요일까지",
    "열흘 동안", "내일부터"): in "내일 바뀌는 메인 진열 꺼줘" the day is neither, while the bare "금요일" of a correction is an end."""
    if not turn.is_payload:
        stretch = parse_stretch(turn.text_beside_names, clock.now())
        if stretch:
            said = {"starts": stretch.start, "until": stretch.end}
            return {k: v.isoformat() for k, v in said.items() if v}
        if not turn.given:
            return {}
    day = date_of(turn)
    return {"until": day} if day else {}


def with_period(turn: Turn, known: Json) -> Json:
    """What was known before and what this message says of it; one that no longer fits the other gives way."""
    kept = {k: known[k] for k in PERIOD if known.get(k)}
    said = period_of(turn)
    if is_for_good(turn):
        kept.pop("until", None)
        said.pop("until", None)
    merged = {**kept, **said}
    if len(merged) == len(PERIOD) and merged["until"][:10] < merged["starts"][:10] and len(said) == 1:
        merged = said
    return merged


def changes_end(turn: Turn) -> bool:
    """Whether the words speak of an OFF that stands."""
    return not turn.is_payload and (CHANGES.search(turn.text) is not None or says_longer(turn))


def says_longer(turn: Turn) -> bool:
    """ "하루 더", "이틀 줄여줘"."""
    return not turn.is_payload and parse_more(turn.text) is not None


def moved_end(turn: Turn, until: str | None) -> str | None:
    """The end that "하루 더" or "이틀 줄여줘" makes of `until`; None without such a length, or without an end."""
    more = None if turn.is_payload else parse_more(turn.text)
    if more is None or until is None:
        return None
    length, sign = more
    end: date = date.fromisoformat(until) if len(until) == 10 else datetime.fromisoformat(until)
    day = end.date() if isinstance(end, datetime) else end
    moved = length.after(day) if sign > 0 else length.before(day)
    return (end + timedelta(days=(moved - day).days)).isoformat()
