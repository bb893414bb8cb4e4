"""The plan kind `order.split`: some lines, or some pieces of a line, leave in a parcel of their own."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect, create
from backend.changes.registry import to_json
from backend.changes.sentinels import NOW, Made, made
from backend.errors import Conflict, InvalidInput, NotFound
from backend.inventory_settings.catalogue import GiftAllocation
from backend.inventory_settings.read import values_of
from backend.orders.chosen import (
    Ref,
    must_all_stand,
    must_allow_merging,
    must_be_unlabelled,
    must_not_be_held,
    no_parcel,
    orders_in,
    set_to,
    standing_lines,
)
from backend.orders.models import OrderLine, Shipment
from backend.orders.numbering import next_part
from backend.orders.states import LIVE, OPEN, F, ShipmentState, promised
from backend.plans.kinds import PlanKind, Proposal, register

#: what a piece of a line keeps of it
KEPT = (
    "order_id", "product_id", "item_id", "matched_by", "market_line_no", "market_product_no", "seller_code", "market_name",
    "market_option", "raw_status", "raw_claim", "claim_kind", "claim_state", "gift_rule_id", "exchange_of", "coupon_id",
)  # fmt: skip


class Piece(BaseModel):
    """`quantity` None: the whole line."""

    line_id: Ref
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class SplitParams(BaseModel):
    lines: Annotated[list[Piece], Field(min_length=1, max_length=200)]
    shipment_id: Ref | None = None  # a check only: the lines' own parcel


def propose(session: Session, actor: Actor, params: SplitParams) -> Proposal:
    """Raises NotFound `line_not_found`, InvalidInput `quantity_beyond`, Conflict `lines_apart` (of several parcels),
    `nothing_left_behind`, `order_removed`, `already_labelled`, `parcel_held`, `merge_forbidden`, `already_shipped`."""
    actor.require(Permission.ORDERS_HANDLE)
    wanted = _wanted(session, actor.shop_id, params)
    parcel = _parcel(session, params, [line for line, _ in wanted])
    must_all_stand(session, [parcel])
    must_be_unlabelled([parcel])
    must_not_be_held([parcel])
    must_allow_merging([parcel])
    inside = standing_lines(session, [parcel])
    rules = values_of(session, actor.shop_id, "split_forbids_merge", "gift_allocation")
    wanted = _with_gifts(wanted, inside, rules["gift_allocation"])
    leaving = {line.id: pieces for line, pieces in wanted}
    if all(leaving.get(line.id, 0) >= line.open_quantity for line in inside if line.fulfilment in OPEN):
        raise Conflict("nothing would stay behind", code="nothing_left_behind", number=parcel.number)
    forbids = rules["split_forbids_merge"] and not all(_has_stock(line) for line in inside)
    part_number = next_part(session, parcel)
    changes = [_new_parcel(parcel, part_number, merge_forbidden=forbids)]
    part_id = made(changes)
    for line, pieces in sorted(wanted, key=lambda pair: (pair[0].item_id or "", pair[0].id)):
        changes += _moved(line, pieces, part_id)
    if forbids:
        changes += set_to(parcel, merge_forbidden=True)
    orders = [order.order_no for order in orders_in(session, [parcel])]
    told = {
        "orders": orders, "number": parcel.number, "new_number": part_number,
        "moved": [{"name": line.market_name, "option": line.market_option, "quantity": pieces} for line, pieces in wanted],
        "stays": [
            {"name": line.market_name, "option": line.market_option, "quantity": line.open_quantity - leaving.get(line.id, 0)}
            for line in inside if line.open_quantity > leaving.get(line.id, 0)
        ],
    }  # fmt: skip
    effects = [Effect("order_split", told)]
    if forbids:
        effects.append(Effect("split_forbids_merge", {"numbers": [parcel.number, part_number]}))
    return Proposal(changes, effects)


def _wanted(session: Session, shop_id: str, params: SplitParams) -> list[tuple[OrderLine, int]]:
    pieces: dict[str, int | None] = {}
    for piece in params.lines:
        if piece.line_id in pieces:
            raise InvalidInput("a line is named twice", fields=[{"field": "lines", "message": piece.line_id}])
        pieces[piece.line_id] = piece.quantity
    found: list[tuple[OrderLine, int]] = []
    for line_id, asked in pieces.items():
        line = session.get(OrderLine, line_id)
        if line is None or line.shop_id != shop_id:
            raise NotFound("no such line in this shop", code="line_not_found")
        quantity = line.open_quantity if asked is None else asked
        if line.fulfilment in OPEN and quantity > line.open_quantity:
            raise InvalidInput(
                "more than there is", code="quantity_beyond", fields=[{"field": "lines", "message": line_id}],
                name=line.market_name, asked=quantity, open=line.open_quantity,
            )  # fmt: skip
        found.append((line, quantity))
    return found


def _parcel(session: Session, params: SplitParams, lines: Sequence[OrderLine]) -> Shipment:
    homes = {line.shipment_id for line in lines}
    parcels = [session.get_one(Shipment, home) for home in homes if home]
    if len(homes) > 1 or (
        params.shipment_id and not {params.shipment_id} & {name for p in parcels for name in (p.id, p.number)}
    ):
        raise Conflict("they are not in one parcel", code="lines_apart", numbers=sorted(p.number for p in parcels))
    if not parcels or parcels[0].state not in LIVE or any(line.fulfilment not in OPEN for line in lines):
        raise no_parcel(parcels, parcels[0].number if parcels else "")
    return parcels[0]


def _with_gifts(
    wanted: list[tuple[OrderLine, int]], inside: Sequence[OrderLine], policy: GiftAllocation
) -> list[tuple[OrderLine, int]]:
    """A gift goes with the parcel that completes the order, or with the first that can leave (source: 002, 사은품)."""
    leaving = {line.id for line, _ in wanted}
    gifts = [line for line in inside if line.gift_rule_id and line.id not in leaving]
    if not gifts or any(line.gift_rule_id for line, _ in wanted):
        return wanted
    going = all(_has_stock(line) for line, _ in wanted)
    whole = {line.id for line, pieces in wanted if pieces >= line.open_quantity}
    staying = all(_has_stock(line) for line in inside if line.id not in whole and not line.gift_rule_id)
    last_goes = staying and not going
    first_goes = going and not staying
    with_it = last_goes if policy is GiftAllocation.FULL_ONLY else first_goes
    return wanted + [(gift, gift.open_quantity) for gift in gifts] if with_it else wanted


def _has_stock(line: OrderLine) -> bool:
    return line.allocated >= line.open_quantity


def _new_parcel(parcel: Shipment, number: str, *, merge_forbidden: bool) -> Change:
    after: dict[str, Any] = {
        "number": number, "state": ShipmentState.PREPARING.value, "created_at": NOW,
        "merge_forbidden": merge_forbidden,
        **{name: getattr(parcel, name) for name in ("recipient_name", "recipient_phone", "country", "postcode", "address", "message")},
    }  # fmt: skip
    return create("shipment", after, number)


def _moved(line: OrderLine, pieces: int, part_id: Made) -> list[Change]:
    """A whole line changes its parcel. Of a part, the pieces with stock stay as far as they are needed where they are; what
    the line then is follows from its quantity (`targets`)."""
    label = line.market_name or ""
    if pieces >= line.open_quantity:
        return [Change("order_line", line.id, "shipment_id", line.shipment_id, part_id, label)]
    stay_open = line.open_quantity - pieces
    keeps = min(line.allocated, stay_open)
    goes = line.allocated - keeps
    money = {name: getattr(line, name) * pieces // line.quantity for name in ("amount", "discount")}
    new_state = line.fulfilment if line.fulfilment is F.AWAITING_PAYMENT else promised(goes, pieces)
    sets: dict[str, tuple[Any, Any]] = {
        "allocated": (line.allocated, keeps), "quantity": (line.quantity, line.quantity - pieces),
        **{name: (getattr(line, name), getattr(line, name) - money[name]) for name in money},
    }  # fmt: skip
    changes = [
        Change("order_line", line.id, name, before, after, label)
        for name, (before, after) in sets.items()
        if before != after
    ]
    kept = {name: to_json(getattr(line, name)) for name in (*KEPT, "told_at")}
    after = {
        **kept, **money, "shipment_id": part_id, "split_from": line.split_from or line.id, "quantity": pieces, "cancelled": 0,
        "allocated": goes, "fulfilment": new_state.value,
    }  # fmt: skip
    return [*changes, create("order_line", after, label)]


register(PlanKind("order.split", SplitParams, propose))
