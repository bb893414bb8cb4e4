"""A field of a work request that was answered before and is now meant differently ("아 가격은 2만원으로 바꿔주세요")."""

import re

from actions.answers import choice_of, number_in
from actions.turn import Json, Turn
from backend.kit import clock
from backend.kit.hangul import compact
from backend.kit.korean_dates import parse_until
from backend.kit.wording import wording

Value = str | int | None

_REFUSING = r"아니요|아니|아뇨|아참|참|잘못"
_LEAD = rf"(?:(?:{_REFUSING}|아|앗|잠깐만요|잠깐만|잠깐|근데|그런데|죄송한데|죄송해요)[\s,.!~]*)*"
_PARTICLE = r"(?:\s*(?:은|는|을|를|이|가|도)\s*|\s+)"
_TO = r"(?:으로|로)(?:요|\s*(?:좀\s*|다시\s*)?(?:바꿔|바꾸|바꿀|고쳐|고칠|변경|수정|정정|해\s?주|해\s?줘|할게|할께|부탁)\S*(?:\s*\S{1,5})?)?"
_IS = r"(?:이에요|예요|이요|요|입니다|임|이야|야)?"
_END = r"[\s.!~ㅠㅜ]*$"
_BARE = frozenset({"inform", "deny", "nlu_fallback"})
_BARE_LONGEST = 20  # characters without spaces


async def change_meant(turn: Turn, work: Json, values: Json, *, preview: bool) -> tuple[Json, Value] | None:
    """The field and its new value; at the preview also one never asked for, or named by its amount or day alone."""
    answered = [f for f in work["fields"] if values.get(f["key"]) is not None]
    for field in work["fields"] if preview else answered:
        said = _said_of(turn, field)
        value = await _value(turn, field, said) if said else None
        if value is not None:
            return field, value
    if preview and turn.intent in _BARE and len(compact(turn.text)) <= _BARE_LONGEST:
        for kind in ("number", "date"):
            fields = [f for f in answered if f["kind"] == kind] or [f for f in work["fields"] if f["kind"] == kind]
            value = await _value(turn, fields[0], turn.text) if len(fields) == 1 else None
            if value is not None:
                return fields[0], value
    return None


def _said_of(turn: Turn, field: Json) -> str | None:
    """What the message wants that field to be, as typed."""
    names = {turn.name("request_field", field["key"])}
    key = f"work_request.field_words.{field['key']}"
    if key in wording():
        names |= set(turn.words(key).split("|"))
    named = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))
    said = turn.text.strip()
    found = re.match(rf"{_LEAD}(?:{named}){_PARTICLE}(?P<value>.+?)\s*{_TO}{_END}", said)
    if not found and re.match(_REFUSING, said):
        found = re.match(rf"{_LEAD}(?:{named}){_PARTICLE}(?P<value>.+?){_IS}{_END}", said)
    return found["value"].strip(" '\"") if found else None


async def _value(turn: Turn, field: Json, said: str) -> Value:
    match field["kind"]:
        case "number":
            return number_in(said)
        case "date":
            day = parse_until(said, clock.today())
            return day.isoformat() if day else None
        case "market":
            return turn.entity("market")
        case "choice":
            return choice_of(turn, choices_of(turn, field))
        case "product":
            found = await turn.api.find_products(said)
            return str(found[0]["id"]) if found else None
        case "text" | "long_text":
            return said if len(said) <= (field.get("max") or len(said)) else None
    return None


def choices_of(turn: Turn, field: Json) -> list[Json]:
    return [
        {"value": c, "title": turn.name("request_choice", f"{field['key']}.{c}")} for c in field.get("choices") or []
    ]
