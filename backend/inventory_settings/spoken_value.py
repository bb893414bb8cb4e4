"""What a sentence wants of a setting: on or off, one of its choices, a number, a part, an element more or less."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from backend.inventory_settings.catalogue import Setting
from backend.inventory_settings.words import PartWords, SettingWords, ValueWords, words
from backend.kit.hangul import compact
from backend.kit.numbers import find_numbers

_QUOTED = re.compile(r"['\"‘“「『]([^'\"’”」』]{1,100})['\"’”」』]")
_POSTCODES = re.compile(r"(?<!\d)(\d{5})(?:\s*(?:-|~|–|부터|에서)\s*(\d{5}))?(?!\d)")
_BY = re.compile(r"(\d+(?:\.\d+)?)\s*(?:mm|미리|밀리)?\s*[xX×*]\s*(\d+(?:\.\d+)?)")
_PIECE = re.compile(r"[^\s,]+")


def edit_of(setting: Setting, text: str, alias: str | None) -> dict[str, Any] | None:
    """As `inventory_setting.change` takes it, with `also`; None when the sentence says no value. `alias` is what the
    setting was called by, which is no value itself."""
    spoken = words().settings[setting.key]
    bare = compact(text)
    if any(compact(word) in bare for word in words().said["reset"]):
        return {"reset": True}
    rest = _after_instead(bare.replace(compact(alias), "\0", 1) if alias else bare)
    if setting.type is bool:
        wish = switched(spoken, rest)
        return None if wish is None else {"value": wish}
    if spoken.unit:
        number = _number(text)
        return None if number is None else {"value": number}
    if spoken.element:
        return _element(setting, spoken, text, rest, alias)
    if spoken.parts:
        part = _parts(spoken.parts, text, rest)
        return {"part": part} if part else None
    return _choice(setting, spoken, text, rest)


def switched(spoken: SettingWords, rest: str) -> bool | None:
    """Off before on: "사용안함" holds "사용"."""
    said = words().said
    for value, general in (("false", "off"), ("true", "on")):
        own = spoken.values[value].aliases if value in spoken.values else ()
        if any(compact(word) in rest for word in (*own, *said[general])):
            return value == "true"
    return None


def _choice(setting: Setting, spoken: SettingWords, text: str, rest: str) -> dict[str, Any] | None:
    value = named_value(spoken.values, rest)
    if value is None:
        return None
    if setting.key == "market_stock_basis" and value == "arbitrary":
        number = _number(text)
        if number is not None:
            return {"value": value, "also": [{"key": "market_stock_arbitrary", "value": number}]}
    return {"value": value}


def named_value(values: Mapping[str, ValueWords], rest: str) -> str | None:
    """The longest name that is said; of several apart from each other the last ("현재재고에서 제한없음으로")."""
    spans = []
    for value, known in values.items():
        for alias in (known.name, *known.aliases):
            short = compact(alias)
            at = rest.rfind(short)
            if short and at >= 0:
                spans.append((at, at + len(short), value))
    whole = [s for s in spans if not any(o[0] <= s[0] and s[1] <= o[1] and o[1] - o[0] > s[1] - s[0] for o in spans)]
    return max(whole)[2] if whole else None


def _parts(parts: Mapping[str, PartWords], text: str, rest: str) -> dict[str, Any]:
    wish: dict[str, Any] = {}
    size = _BY.search(text)
    if size and {"width", "height"} <= parts.keys():
        wish |= {"width": float(size[1]), "height": float(size[2])}
    for key, part in parts.items():
        if part.values:
            value = named_value(part.values, rest)
            if value is not None:
                wish[key] = value
        elif part.unit and key not in wish:
            number = _measured(part, text)
            if number is not None:
                wish[key] = number
    numbers = bool(wish)
    for key, part in parts.items():
        if part.values or part.unit:
            continue
        named = (key == "on" and not numbers) or any(compact(alias) in rest for alias in part.aliases)
        wanted = _switched_plainly(rest) if named else None
        if wanted is not None:
            wish[key] = wanted
    return wish


def _switched_plainly(rest: str) -> bool | None:
    said = words().said
    for general in ("off", "on"):
        if any(compact(word) in rest for word in (*said[general], *said[f"part_{general}"])):
            return general == "on"
    return None


def _measured(part: PartWords, text: str) -> int | float | None:
    """ "가로 50", "한 줄에 4칸", "3일": the number beside the part's name or unit."""
    for alias in part.aliases:
        found = re.search(rf"{re.escape(alias)}[^\d]{{0,4}}(\d[\d,]*(?:\.\d+)?)", text)
        if found and len(alias) > 1:
            return _as_number(found[1].replace(",", ""))
    for mention in find_numbers(text):
        tail = text[mention.end :].lstrip()
        if mention.unit == part.unit or tail.startswith(part.unit):
            return mention.value
    return None


def _as_number(digits: str) -> int | float:
    return float(digits) if "." in digits else int(digits)


def _number(text: str) -> int | None:
    found = find_numbers(_QUOTED.sub(" ", text))
    return found[-1].value if found else None


def _element(setting: Setting, spoken: SettingWords, text: str, rest: str, alias: str | None) -> dict[str, Any] | None:
    adding = _adds(rest, alias)
    if setting.key == "label_forms":
        return _form(spoken, text, rest, adding)
    if setting.key in ("remote_areas", "disruption_regions"):
        one = _range(text)
    elif setting.key == "linked_couriers":
        one = named_value(words().couriers, rest)
    elif setting.key == "label_products":
        one = named_value(spoken.values, rest)
    else:
        one = _quoted_or_left(text, alias)
    if one is None or adding is None:
        return None
    return {"add": one} if adding else {"remove": one}


def _adds(rest: str, alias: str | None) -> bool | None:
    """Whether an element comes or goes. "수집에서 빼 줘" names the list and puts something on it in one."""
    said = words().said
    if alias and compact(alias) in {compact(word) for word in said["adding"]}:
        return True
    if any(compact(word) in rest for word in said["remove"]):
        return False
    return True if any(compact(word) in rest for word in (*said["add"], *said["on"])) else None


def _form(spoken: SettingWords, text: str, rest: str, adding: bool | None) -> dict[str, Any] | None:
    courier = named_value(words().couriers, rest)
    part = _parts(spoken.parts, text, rest)
    if courier and part:
        return {"part": {courier: part}}
    if courier and adding is not None:
        return {"add": courier} if adding else {"remove": courier}
    return None


def _range(text: str) -> str | None:
    found = _POSTCODES.search(text)
    if found is None:
        return None
    quoted = _QUOTED.search(text)
    name = f" {quoted[1].strip()}" if quoted else ""
    return f"{found[1]}-{found[2] or found[1]}{name}"


def _quoted_or_left(text: str, alias: str | None) -> str | None:
    quoted = _QUOTED.search(text)
    if quoted:
        return " ".join(quoted[1].split())
    left = re.sub(r"\s*".join(map(re.escape, alias.replace(" ", ""))), " ", text, count=1) if alias else text
    said = words().said
    kept = [piece for piece in (_stem(p) for p in _PIECE.findall(left)) if piece and not _is_filler(piece, said)]
    return " ".join(kept) if 0 < len(kept) <= 4 else None


def _stem(piece: str) -> str:
    """Without the particle and the marks at its end."""
    bare = piece.strip(".!?~…'\"()")
    for particle in words().said["particles"]:
        if bare.endswith(particle) and len(bare) > len(particle) + 1:
            return bare[: -len(particle)]
    return bare


def _is_filler(piece: str, said: Mapping[str, Iterable[str]]) -> bool:
    if piece in said["particles"] or piece in said["fillers"]:
        return True
    return any(piece.startswith(word) for group in ("add", "remove", "doing") for word in said[group])


def _after_instead(bare: str) -> str:
    """ "A 말고 B": what is wanted stands after it."""
    for word in words().said["instead"]:
        head, found, tail = bare.rpartition(compact(word))
        if found and tail:
            return ("\0" if "\0" in head else "") + tail
    return bare
