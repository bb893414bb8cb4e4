"""How orders look in the thread: short in a list, whole by themselves, with buttons for what can be done next."""

from actions import blocks
from actions.turn import Json, Turn

LISTED = 5
LINES = 6
TONE = {
    "awaiting_payment": "muted", "unallocated": "warn", "partly_allocated": "warn", "allocated": "ok", "partly_shipped": "ok",
    "shipped": "ok", "delivered": "muted", "confirmed": "muted", "cancelled": "bad", "removed": "muted",
}  # fmt: skip
WAITING = frozenset({"unallocated", "partly_allocated", "allocated", "partly_shipped"})
SENT = frozenset({"shipped", "delivered", "partly_shipped"})
ON_THE_WAY = frozenset({"preparing", "labelled"})


def state_badge(turn: Turn, order: Json) -> tuple[str, str]:
    """One word for where it stands; a hold or an open claim is the more urgent one."""
    if order["claim"]:
        return turn.words("orders.badge_claim", order=order), "bad"
    if order["held"]:
        return turn.words("orders.badge_held"), "warn"
    if order["unmatched"]:
        return turn.words("orders.badge_unmatched"), "warn"
    if order["labelled"] and order["state"] == "allocated":
        return turn.words("orders.badge_labelled"), "ok"
    return turn.name("order_state", order["state"]), TONE[order["state"]]


def order_card(turn: Turn, order: Json, number: int | None = None, *, bare: bool = False) -> blocks.Block:
    """As one of several; `bare` without buttons, where a question below has them."""
    rows = [
        (turn.words("orders.bought_label"), turn.words("orders.bought", order=order)),
        (turn.words("orders.total_label"), turn.words("orders.total", order=order)),
    ]
    if order["ship_by"] and order["state"] in WAITING:
        rows.append((turn.words("orders.ship_by_label"), turn.words("orders.ship_by", order=order)))
    actions = []
    if not bare:
        actions.append(turn.link_button("order_detail", "order_search", order_id=order["id"]))
        if order["state"] in WAITING and order["handled"]:
            actions.append(turn.link_button("order_why", "order_explain", order_id=order["id"]))
    return blocks.card(
        turn.words("orders.title", order=order, number=number),
        rows,
        subtitle=turn.words("orders.subtitle", order=order),
        badge=state_badge(turn, order),
        actions=actions,
    )


def whole_card(turn: Turn, order: Json) -> blocks.Block:
    """Lines with where each stands, parcels, claims, deadline; an OrderDetail."""
    rows = [
        (turn.words("orders.line_label", number=n), turn.words("orders.line", line=line))
        for n, line in enumerate(order["lines"][:LINES], 1)
    ]
    if len(order["lines"]) > LINES:
        rows.append(("", turn.words("orders.more_lines", n=len(order["lines"]) - LINES)))
    rows.append((turn.words("orders.total_label"), turn.words("orders.total", order=order)))
    rows.append((turn.words("orders.recipient_label"), turn.words("orders.recipient", order=order)))
    several = len(order["shipments"]) > 1
    for n, parcel in enumerate(order["shipments"], 1):
        label = turn.words("orders.parcel_label", number=n if several else None)
        rows.append((label, turn.words("orders.parcel", parcel=parcel, order=order)))
    rows += [
        (
            turn.words("orders.claim_label"),
            turn.words("orders.claim", claim=claim, line=_line_of(order, claim["line_id"])),
        )
        for claim in order["claims"]
    ]
    if order["ship_by"] and order["state"] in WAITING:
        rows.append((turn.words("orders.ship_by_label"), turn.words("orders.ship_by", order=order)))
    rows += [(turn.words("orders.note_label"), turn.words("orders.note", note=note)) for note in order["notes"][-2:]]
    if order["raw_codes"]:
        rows.append((turn.words("orders.raw_label"), ", ".join(order["raw_codes"])))
    return blocks.card(
        turn.words("orders.title", order=order, number=None),
        rows,
        subtitle=turn.words("orders.subtitle", order=order),
        badge=state_badge(turn, order),
    )


def _line_of(order: Json, line_id: str) -> Json:
    return next((line for line in order["lines"] if line["id"] == line_id), {"name": None, "option": None})


def open_parcels(order: Json) -> list[Json]:
    """Those that have not left."""
    return [parcel for parcel in order["shipments"] if parcel["state"] in ON_THE_WAY]


def next_steps(turn: Turn, order: Json) -> list[blocks.Block]:
    """Buttons for what can be done with it now, the likeliest first."""
    named = {"order_id": order["id"]}
    steps: list[blocks.Block] = []
    if not order["handled"] or order["state"] in ("removed", "cancelled"):
        return steps
    if order["claim"]:
        steps.append(turn.link_button("claim_answer", _claim_intent(order), **named))
    waits = order["state"] in WAITING
    if waits:
        steps.append(turn.link_button("order_why", "order_explain", **named))
    if waits and order["unmatched"]:
        steps.append(turn.link_button("order_match", "order_match", **named))
    if order["state"] in ("unallocated", "partly_allocated") and not order["unmatched"] and not order["held"]:
        steps.append(turn.link_button("order_allocate", "order_allocate", **named))
    if waits and order["held"]:
        steps.append(turn.link_button("order_release", "order_release", **named))
    if order["labelled"]:
        steps.append(turn.link_button("order_ship", "invoice_register", choice="ship", **named))
        steps.append(turn.link_button("label_print", "invoice_print", **named))
    elif order["state"] == "allocated" and not order["held"]:
        steps.append(turn.link_button("invoice_register", "invoice_register", **named))
    if waits and not order["held"]:
        steps.append(turn.link_button("order_hold", "order_hold", **named))
    if waits or order["state"] == "awaiting_payment":
        steps.append(turn.link_button("order_cancel", "order_cancel", **named))
    if order["state"] in SENT:
        steps.append(turn.link_button("order_return", "order_return", **named))
        steps.append(turn.link_button("order_exchange", "order_exchange", **named))
    return steps


def _claim_intent(order: Json) -> str:
    """The wish that answers its newest open claim."""
    kinds = [
        claim["kind"] for claim in order.get("claims", []) if claim["state"] not in ("done", "rejected", "withdrawn")
    ]
    return f"order_{kinds[-1]}" if kinds else "order_search"
