"""Before and after, as a person reads them."""

import re
from typing import Any

from actions import blocks
from actions.turn import Json, Turn

ROWS = 8
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
#: bookkeeping that a person need not see; the effects say it in words
UNSEEN = frozenset({
    "run", "off_switch", "work_request", "customer_message", "inventory_setting", "order_reset", "member", "stock_import", "market_account",
})  # fmt: skip
#: of an answer, what the effects say already: what, when, by whom
BESIDE = frozenset({
    "inquiry.answer", "inquiry.answered_at", "inquiry.answered_by", "inquiry.state",
    "deal_proposal.answered_at", "deal_proposal.answered_by",
    # ids and moments of orders: the effects name the article, the parcel and the day
    "order_line.item_id", "order_line.product_id", "order_line.shipment_id", "order_line.matched_by", "order_line.amount",
    "order_line.discount", "order_line.claim_kind", "shipment.merged_into", "shipment.labelled_at", "shipment.printed_at",
    "shipment.shipped_at", "shipment.delivered_at", "claim.exchange_item_id", "claim.exchange_line_id", "claim.closed_at",
    "claim.collected_at", "claim.outcomes", "purchase_order.ordered_on",
})  # fmt: skip
#: fields whose values are words of their own
NAMED_BY = {
    "order_line.fulfilment": "fulfilment", "order_line.claim_state": "claim_state", "shipment.state": "shipment_state",
    "shipment.courier": "courier", "shipment.hold_reason": "hold_reason", "claim.state": "claim_state", "claim.refund": "refund_state",
    "stock_item.origin_country": "origin",
    "inbound.state": "inbound_state", "purchase_order.state": "purchase_state",
}  # fmt: skip


def readable(turn: Turn, change: Json, side: str) -> str:
    """A value of a change in words: names instead of ids and codes, lists joined, nothing as "없음"."""
    shown = change.get(f"{side}_shown")
    if shown is not None:
        return str(shown)
    value: Any = change[side]
    if value is None or value in ("", [], {}):
        return turn.words("value.none")
    if isinstance(value, str) and INSTANT.fullmatch(value):
        return turn.words("value.instant", at=value)
    if isinstance(value, str) and DAY.fullmatch(value):
        return turn.words("value.day", day=value)
    if isinstance(value, bool):
        return turn.words("value.yes" if value else "value.no")
    if isinstance(value, dict):
        return ", ".join(f"{k} {', '.join(v) if isinstance(v, list) else v}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return turn.name(NAMED_BY.get(f"{change['target_type']}.{change['field']}", "value"), value)


def field_name(turn: Turn, change: Json) -> str:
    """ "상품명", and where changes of several runs stand together "상품명 · 쿠팡"."""
    name = turn.name("field", f"{change['target_type']}.{change['field']}")
    market = (change.get("run") or {}).get("market")
    return turn.words("field_on_market", field=name, market=market) if market else name


def _as_set(change: Json) -> Json:
    """A line of the ledger as what it does to the stock of its item: from how many to how many."""
    if change["target_type"] != "stock_movement":
        return change
    line = change["after"]
    before, after = line["balance"] - line["delta"], line["balance"]
    return {**change, "op": "set", "field": "balance", "before": str(before), "after": str(after)}


def diff_rows(turn: Turn, changes: list[Json]) -> list[dict[str, str]]:
    return [
        {
            "label": change["label"],
            "field": field_name(turn, change),
            "before": readable(turn, change, "before"),
            "after": readable(turn, change, "after"),
            **{
                f"{side}_image": change[f"{side}_picture"]
                for side in ("before", "after")
                if change.get(f"{side}_picture")
            },
        }
        for change in map(_as_set, changes)
        if change["op"] == "set"
        and change["target_type"] not in UNSEEN
        and f"{change['target_type']}.{change['field']}" not in BESIDE
    ]


def diff_block(turn: Turn, changes: list[Json], title: str = "") -> blocks.Block | None:
    rows = diff_rows(turn, changes)
    if not rows:
        return None
    more = turn.words("more.changes", n=len(rows) - ROWS) if len(rows) > ROWS else None
    return blocks.diff(title or turn.words("diff.title"), rows[:ROWS], more)
