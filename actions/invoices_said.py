"""Tracking numbers of several parcels in one message: a line, or a part of a sentence, for each."""

from dataclasses import dataclass, field, replace
from typing import Any

from actions.orders_meant import handled_first
from actions.turn import Json, Turn


@dataclass(frozen=True)
class Row:
    """`item` as the plan kind takes it; or `code` and `data` of why it does not fit."""

    said: str
    item: Json = field(default_factory=dict)
    code: str | None = None
    data: Json = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        return self.code is None

    def refused(self, code: str, data: Any) -> "Row":
        return replace(self, code=code, data=dict(data))


def is_list(turn: Turn) -> bool:
    """Several numbers of parcels, whether in lines or not."""
    return not turn.is_payload and len([e for e in turn.entities if e["entity"] == "tracking_no"]) > 1


async def rows_said(turn: Turn) -> list[Row]:
    """In the order in which they were written; a courier said once counts for the lines after it."""
    rows, courier = [], None
    for start, end in _parts(turn):
        within = [e for e in turn.entities if start <= int(e.get("start") or 0) < end]
        said = " ".join(turn.text[start:end].split())
        courier = next((e["value"] for e in within if e["entity"] == "courier"), courier)
        number = next((e["value"] for e in within if e["entity"] == "tracking_no"), None)
        if number is None:
            if any(e["entity"] == "order_no" for e in within):
                rows.append(Row(said, code="invoice_row_unclear"))
            continue
        rows.append(await _row(turn, said, within, courier, str(number), (start, end)))
    return rows


def _parts(turn: Turn) -> list[tuple[int, int]]:
    """Lines; of one line, what stands up to each number of a parcel."""
    text, places = turn.text, []
    at = 0
    for line in text.splitlines(keepends=True):
        numbers = [e for e in turn.entities if e["entity"] == "tracking_no" and at <= int(e["start"]) < at + len(line)]
        if len(numbers) > 1:
            begin = at
            for n, entity in enumerate(numbers):
                end = at + len(line) if n == len(numbers) - 1 else int(entity["end"])
                places.append((begin, end))
                begin = end
        else:
            places.append((at, at + len(line)))
        at += len(line)
    return places


async def _row(turn: Turn, said: str, within: list[Json], courier: Any, number: str, place: tuple[int, int]) -> Row:
    order = next((str(e["value"]) for e in within if e["entity"] == "order_no"), None)
    text = order or _beside(turn.text, within, place)
    found = handled_first([one["order"] for one in await turn.api.find_orders(text)] if len(text) >= 2 else [])
    open_ones = [o for o in found if o["state"] == "allocated" and not o["labelled"]]
    found = open_ones if len(open_ones) == 1 else found
    if not found:
        return Row(said, code="invoice_row_no_order")
    if len(found) > 1:
        return Row(said, code="invoice_row_several", data={"n": len(found)})
    if courier is None:
        return Row(said, code="invoice_row_no_courier")
    return Row(said, {"order_id": found[0]["id"], "courier": courier, "tracking_no": number})


def _beside(text: str, within: list[Json], place: tuple[int, int]) -> str:
    """What is left of the part for a buyer's name."""
    said = text
    for entity in within:
        said = said[: entity["start"]] + " " * (entity["end"] - entity["start"]) + said[entity["end"] :]
    return " ".join(said[place[0] : place[1]].split())
