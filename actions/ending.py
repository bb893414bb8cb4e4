"""How long something shall stay OFF: until a day, or for good."""

from actions.answers import date_of
from actions.turn import Turn
from backend.kit import clock
from backend.kit.korean_dates import find_dates

FOREVER = ("계속", "쭉", "무기한", "영구", "기한 없이", "기간 없이")


def is_for_good(turn: Turn) -> bool:
    return not turn.is_payload and any(word in turn.text for word in FOREVER)


def until_of(turn: Turn) -> str | None:
    """ISO day. A whole sentence must say so ("금요일까지", "열흘 동안"): in "내일 바뀌는 메인 진열 꺼줘" the day is
    no end, while the bare "금요일" of a correction is one."""
    if not turn.is_payload and not turn.given:
        bounds = {mention.bound for mention in find_dates(turn.text, clock.today(), lean="future")}
        if not bounds & {"until", "before", "for", "range"}:
            return None
    return date_of(turn)
