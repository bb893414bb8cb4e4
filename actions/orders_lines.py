"""Which lines of an order a message means: by article or option, "두 번째 상품", "라인2", or the only one there is."""

import re

from actions.answers import READERS, RESEMBLING, choice_of
from actions.asking import ask
from actions.counts_said import bare_count
from actions.turn import Json, Turn
from backend.kit.hangul import compact, find_mention

KIND, COUNT = "order_line", "count"
SURELY, CLEARLY = 0.2, 0.1
_PLACE = re.compile(
    r"(?:라인|줄|품목|상품)\s*(?P<n>\d{1,2})|(?P<m>\d{1,2})\s*번\s*(?:라인|줄|품목|상품)|(?P<w>첫|두|세|네)\s*번?째\s*(?:라인|줄|품목|상품)"
)
_NTH = {"첫": 1, "두": 2, "세": 3, "네": 4}
WHOLE = re.compile(r"전부|전체|모두|통째|주문\s*(?:을|를|건)?\s*(?:다|취소|전체)|(?<![가-힣])다\s")


async def lines_meant(turn: Turn, values: Json, lines: list[Json]) -> list[Json]:
    """Those that the message, a button or an answer names; [] when it names none."""
    wanted = values.get("line_id") or turn.entity("line_id")
    if wanted:
        return [line for line in lines if line["id"] == wanted]
    if turn.is_payload:
        return []
    return lines_said(turn.text, lines)


def lines_said(text: str, lines: list[Json]) -> list[Json]:
    place = _PLACE.search(text)
    if place:
        number = int(place["n"] or place["m"] or _NTH[place["w"]])
        return [lines[number - 1]] if 1 <= number <= len(lines) else []
    by_name: dict[str, list[Json]] = {}
    for line in lines:
        by_name.setdefault(called(line), []).append(line)
    found = [mention for mention in find_mention(text, list(by_name)) if mention.score >= SURELY]
    kept = [line for mention in found if mention.score >= found[0].score - CLEARLY for line in by_name[mention.name]]
    if len(kept) > 1:
        said = compact(text)
        exact = [line for line in kept if line["option"] and any(compact(v) in said for v in _values(line["option"]))]
        kept = exact or kept
    if not kept:  # "네이비만 취소"
        said = compact(text)
        kept = [
            line
            for line in lines
            if line["option"] and any(len(compact(v)) > 1 and compact(v) in said for v in _values(line["option"]))
        ]
    return kept if len(kept) < len(lines) or len(lines) == 1 else []


def called(line: Json) -> str:
    return " ".join(part for part in (line["name"], line["option"]) if part)


def _values(option: str) -> list[str]:
    """The words of an option as a market writes it: "색상: 네이비 / 사이즈: L"."""
    return [part.rpartition(":")[2].rpartition("=")[2].strip() for part in re.split(r"[/,·]", option) if part.strip()]


def ask_line(turn: Turn, wish: str, values: Json, lines: list[Json], *, question: str) -> None:
    known = {k: v for k, v in values.items() if k not in ("line_id", "lines")}
    choices = [
        {
            "value": line["id"],
            "title": turn.words("orders.line_choice", line=line, number=number),
            "also": [called(line)],
        }
        for number, line in enumerate(lines[:8], 1)
    ]
    ask(turn, wish, known, "line_id", kind=KIND, choices=choices, question=question)


async def answer_line(turn: Turn, wanted: Json) -> str | None:
    pressed = turn.entity("choice") or turn.entity("line_id")
    if pressed:
        return str(pressed)
    lines = [{"id": c["value"], "name": c["also"][0], "option": None} for c in wanted["choices"]]
    found = lines_said(turn.text, lines)
    if len(found) == 1:
        return str(found[0]["id"])
    picked = choice_of(turn, wanted["choices"])
    return str(picked) if picked is not None else None


async def answer_count(turn: Turn, wanted: Json) -> int | None:
    pressed = turn.entity("choice")
    count = int(pressed) if str(pressed).isdigit() else bare_count(turn.text)
    return count if count is None or count > 0 else None


READERS[KIND] = answer_line
READERS[COUNT] = answer_count
RESEMBLING[KIND] = frozenset(
    {"order_search", "product_search", "stock_check", "order_split", "order_cancel", "order_return", "order_exchange"}
)
RESEMBLING[COUNT] = frozenset(
    {"stock_adjust", "order_split", "order_cancel", "order_return", "order_exchange", "display_pin"}
)
