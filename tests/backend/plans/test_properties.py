"""For every registered kind and whatever is asked: what is executed is what was previewed, and its undo restores the shop.

Registered kinds are enumerated: a new one without an entry in WISHES fails.
"""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.audit.models import AuditEvent
from backend.errors import NothingToChange, OpsTalkError
from backend.inventory.models import StockItem, StockMovement
from backend.kit import clock
from backend.markets.codes import Market
from backend.operations.catalogue.loader import operations
from backend.operations.contract import Area
from backend.plans import kinds, service
from backend.plans.models import Plan
from backend.plans.states import PlanState
from backend.shops.required import SetupKey
from tests.backend.conftest import NOW
from tests.backend.plans.stock_wishes import LEDGER, STOCK_STAYS, STOCK_WISHES
from tests.backend.plans.whole_state import TRACES, difference, rolled_back, whole_state

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
SAID = TEXT | st.sampled_from(["$now", "$actor_name", "신상 모음", "a@b.example", "0212345678", "@oneul"])
DAYS = st.integers(0, 400).map(lambda n: (clock.seoul(NOW).date() + timedelta(days=n)).isoformat())
HOURS = st.integers(1, 400).map(lambda n: (clock.seoul(NOW) + timedelta(hours=n)).isoformat())
MOMENTS = DAYS | HOURS
SCOPE = {
    "operation": st.sampled_from(sorted(operations())), "area": st.sampled_from([a.value for a in Area]),
    "market": st.sampled_from([m.value for m in Market]), "everything": st.booleans(),
}  # fmt: skip
PRODUCT = st.sampled_from([f"prd_oneul_{n:02}" for n in range(1, 5)] + ["P00001", "P00004"])
ASKED = {"scope": st.sampled_from(["mall", "market", "both"])}
CORRECT = {"product": PRODUCT, "item": st.sampled_from(["price", "option", "stock"]), "content": SAID, "due": DAYS}

ORDER = st.sampled_from(["@order", "@order_beside", "@order_held", "@order_number", "ord_none"])
ORDERS = st.lists(ORDER, min_size=1, max_size=3, unique=True)
ITEM = st.sampled_from(["@order_item", "@gift_item"])
LINES = st.lists(
    st.sampled_from(["@order_line", "@order_line_beside", "@unmatched_line"]), min_size=1, max_size=3, unique=True
)


def dicts(required: dict[str, Any], optional: dict[str, Any] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional or {})


RANGE = st.sampled_from(["63000-63644", "12345", "58800-58810 신안"]) | SAID
#: without those whose consequences stay when they are undone (stock promised, lines matched, markets told), as their
#: previews say: tests/backend/inventory_settings/behaviour
SETTING_WISHES: dict[str, dict[str, Any]] = {
    "integrated_orders": {"value": st.booleans()},
    "allocation_basis": {"value": st.sampled_from(["current", "x"]), "reset": st.booleans()},
    "market_stock_basis": {
        "value": st.sampled_from(["mall", "arbitrary"]),
        "also": st.just([{"key": "market_stock_arbitrary", "value": 5}]),
    },
    "market_stock_arbitrary": {"value": st.integers(-1, 100_000)},
    "collection_excluded": {"add": SAID, "remove": SAID},
    "linked_couriers": {"add": st.sampled_from(["hanjin", "한진택배"]), "remove": st.just("cj")},
    "remote_areas": {"add": RANGE, "remove": RANGE},
    "disruption_regions": {"add": RANGE},
    "remote_area_marking": {"value": st.booleans()},
    "label_products": {"add": st.sampled_from(["barcode", "name", "x"]), "remove": st.just("name")},
    "label_forms": {"part": st.just({"cj": {"width": 100}}), "add": SAID},
    "delay_marking": {"part": dicts({}, {"on": st.booleans(), "days": st.integers(-1, 31)})},
    "barcode_form": {"part": dicts({}, {"width": st.floats(0, 300), "symbology": SAID})},
    "exchange_after_shipping": {"part": dicts({}, {"exchange_fee": st.integers(0, 200_000), "hold": st.booleans()})},
}

PIECE = dicts({"line_id": st.sampled_from(["@order_line", "@order_line_beside"])}, {"quantity": st.integers(1, 4)})
COURIER = st.sampled_from(["cj", "한진", "로젠택배", "x"])
NUMBER = st.sampled_from(["612345678901", "6123-4567-89", "12345678901", "=1+1", ""])
AN_ORDER = {"order_id": st.sampled_from(["@order", "@labelled_order", "20261118-0000071", "x"])}
PARCELS = {"shipment_id": st.sampled_from(["@parcel", "shp_shop_oneul_71", "x"])}
A_LINE = st.sampled_from(["@line", "@sent_line", "x"])
CLAIM = {"claim_id": st.just("@claim")}
PURCHASE = {"purchase_order_id": st.sampled_from(["@purchase", "@draft_purchase", "PO20261118-01"])}


#: "@name" stands for the id of that thing of the shop
WISHES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "ops.off": dicts({}, SCOPE | {
        "starts": MOMENTS, "until": MOMENTS, "reason": SAID,
        "excluded_markets": st.lists(SCOPE["market"], max_size=2, unique=True),
        "excluded_areas": st.lists(SCOPE["area"], max_size=2, unique=True),
        "excluded_operations": st.lists(SCOPE["operation"], max_size=3, unique=True),
    }),
    "ops.on": dicts({}, SCOPE | {
        "switch_id": st.just("@switch"), "excluded_areas": st.lists(SCOPE["area"], max_size=2, unique=True),
        "excluded_operations": st.lists(SCOPE["operation"], max_size=3, unique=True),
    }),
    "ops.off_period": dicts({}, SCOPE | {
        "switch_id": st.just("@switch"), "starts": MOMENTS, "until": MOMENTS, "for_good": st.booleans(),
    }),
    "ops.postpone": dicts({"to": MOMENTS}, {"run_id": st.just("@waiting_run"), "operation": SCOPE["operation"], "market": SCOPE["market"]}),
    "display.pin": dicts({"product_id": PRODUCT, "position": st.integers(-1, 3)}, {"group": st.sampled_from([2, "2", "@group"])}),
    "display.unpin": dicts({"product_id": PRODUCT}),
    "coupon.stop": dicts({"coupon_id": st.just("@coupon")}),
    "deal.answer": dicts({"proposal_id": st.just("@deal"), "accept": st.booleans()}),
    "inquiry.send_draft": dicts({"inquiry_id": st.just("@inquiry")}, {"text": SAID, "reported": st.booleans()}),
    "customer_messages.stop": dicts({}, {"audience": st.sampled_from(["first_purchase", "win_back"])}),
    "order.match": dicts({"item_id": ITEM}, {"line_ids": LINES, "remember": st.booleans()}),
    "orders.rematch": dicts({}),
    "order.allocate": dicts({"order_ids": ORDERS}) | dicts({"all": st.just(True)}),
    "order.deallocate": dicts({"order_ids": ORDERS}, {"hold": st.booleans()}) | dicts({"shipment_id": st.just("@parcel")}),
    "order.hold": dicts({"order_id": ORDER}, {"reason": SAID}) | dicts({"shipment_id": st.just("@parcel")}),
    "order.release": dicts({"order_id": ORDER}),
    "order.merge_lock": dicts({"order_id": ORDER, "forbidden": st.booleans()}),
    "order.merge": dicts({"order_ids": ORDERS}, {"shipment_ids": st.just(["@parcel"])}),
    "order.split": dicts({"lines": st.lists(PIECE, min_size=1, max_size=2)}),
    "order.remove": dicts({"order_id": ORDER}),
    "order.restore": dicts({"order_id": ORDER}),
    "order.note": dicts({"order_id": ORDER, "text": SAID}),
    "gift_rule.create": dicts({"name": SAID, "item_id": ITEM}, {
        "quantity": st.integers(0, 3), "min_amount": st.integers(-1, 99_999), "product_ids": st.lists(PRODUCT, max_size=2),
        "starts_on": DAYS, "ends_on": DAYS,
    }),
    "gift_rule.stop": dicts({"rule_id": st.just("@gift_rule")}),
    "setup.complete": dicts(
        {"item": st.sampled_from([k.value for k in SetupKey])}, {"value": SAID | dicts({}, {"name": SAID, "intro": SAID})}
    ),
    "work_request.create": dicts({"type": st.just("category_tidy"), "fields": dicts({"content": SAID}, ASKED)})
    | dicts({"type": st.just("product_correct"), "fields": dicts(CORRECT)}),
    "work_request.withdraw": dicts({"number": st.sampled_from([1, "WR-1", "1번"])}, {"reason": SAID}),
    "inventory_setting.change": st.sampled_from(list(SETTING_WISHES)).flatmap(
        lambda key: dicts({"key": st.just(key)}, dict(SETTING_WISHES[key]))
    ),
    "accounts.refresh": dicts({}),
    "orders.reset": dicts({"phrase": st.sampled_from(["oneul 상점 주문 초기화", "other 상점 주문 초기화"]) | SAID}),
    **STOCK_WISHES,
    "orders.collect": dicts({}, {"markets": st.lists(SCOPE["market"], max_size=3, unique=True)}),
    "market_command.retry": dicts({}, {"command_id": st.just("@market_command"), "market": SCOPE["market"]}),
    "invoice.register": dicts({"items": st.lists(dicts({"courier": COURIER, "tracking_no": NUMBER}, AN_ORDER | PARCELS), min_size=1, max_size=2)}),
    "invoice.change": dicts({}, {"courier": COURIER, "tracking_no": NUMBER} | AN_ORDER | PARCELS),
    "shipment.ship": dicts({}, {"shipment_ids": st.just(["@parcel"]), "order_ids": st.just(["@labelled_order"]), "all_labelled": st.booleans()}),
    "shipment.deliver": dicts({"shipment_ids": st.sampled_from([["shp_shop_oneul_73"], ["@parcel"]])}),
    "labels.mark_printed": dicts({"order_ids": st.sampled_from([["@labelled_order"], ["@order"]])}),
    "order.cancel": dicts({"line_id": A_LINE}, {"quantity": st.integers(0, 3), "reason": SAID}) | dicts(AN_ORDER),
    "order.return": dicts({"line_id": A_LINE}, {"quantity": st.integers(0, 3), "reason": SAID}),
    "order.exchange": dicts({"line_id": A_LINE, "item_id": st.sampled_from(["@goods", "@other_goods"])}, {"quantity": st.integers(0, 3)}),
    "claim.accept": dicts(CLAIM),
    "claim.reject": dicts(CLAIM, {"reason": SAID}),
    "claim.withdraw": dicts(CLAIM, {"reason": SAID}),
    "claim.collect": dicts(CLAIM, {"pickup_courier": SAID, "pickup_tracking_no": SAID}),
    "claim.inspect": dicts(CLAIM | {"outcomes": dicts({}, {k: st.integers(-1, 2) for k in ("restock", "defective", "quarantine")})}),
    "claim.finish": dicts(CLAIM),
    "purchase_order.create": dicts({"supplier_id": st.just("@goods_supplier")}, {"due_on": DAYS, "note": SAID, "lines": st.lists(
        dicts({"item_id": st.sampled_from(["@goods", "@other_goods"]), "quantity": st.integers(0, 9)}), max_size=2)}),
    "purchase_order.place": dicts(PURCHASE),
    "purchase_order.receive": dicts(PURCHASE, {"lines": st.lists(dicts({"item_id": st.just("@other_goods"), "quantity": st.integers(0, 20)}), max_size=1)}),
    "purchase_order.cancel": dicts(PURCHASE),
    "overseas_rate.change": dicts({"country": st.sampled_from(["JP", "미국", "x"])}, {"served": st.booleans(), "days_min": st.integers(-1, 9),
        "days_max": st.integers(0, 9), "fees": st.lists(st.tuples(st.integers(0, 900), st.integers(0, 9)), max_size=2), "reset": st.booleans()}),
    "undo": dicts({"source_type": st.just("plan"), "source_id": st.just("@executed_plan")})
    | dicts({"source_type": st.just("run"), "source_id": st.just("@run")}),
}  # fmt: skip
#: filed or set things stay in the books, only out of service: what their undo may leave behind
STAYS = frozenset(
    {
        "off_switches",
        "work_requests",
        "inventory_settings",
        "suppliers",
        "market_accounts",
        "members",
        "order_lines",
        "shipments",
        "line_matches",
        "gift_rules",
        "order_notes",
        "stock_movements",
        "claims",
        "inbounds",
        "purchase_orders",
        "purchase_order_lines",
        "overseas_rates",
        *STOCK_STAYS,
    }
)
thorough = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def test_every_kind_is_wished_for() -> None:
    assert kinds.names() == WISHES.keys()


@pytest.mark.parametrize("kind", sorted(WISHES))
@thorough
@given(data=st.data())
def test_what_is_executed_is_what_was_previewed_and_undo_restores_the_shop(
    kind: str, session: Session, owner: Actor, ids: dict[str, str], data: Any
) -> None:
    with rolled_back(session):
        pinned = data.draw(st.sampled_from([None, 1, 3]))
        if pinned and kind.startswith("display."):
            carry_out(session, owner, "display.pin", {"product_id": "prd_oneul_01", "position": pinned})
        params = real(data.draw(WISHES[kind]), ids)
        before = whole_state(session, TRACES, versions=False)
        try:
            plan = service.preview(session, owner, kind, params)
        except OpsTalkError:
            assert not difference(before, whole_state(session, TRACES, versions=False))
            return
        previewed = [dict(change) for change in plan.changes]
        done = service.confirm(session, owner, plan.id, "key")
        assert done.state is PlanState.EXECUTED
        check_written(session, done, previewed)
        if not done.undoable:
            with pytest.raises(NothingToChange):
                service.preview(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})
            return
        undo = service.preview(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})
        expected = [dict(change) for change in undo.changes]
        assert service.confirm(session, owner, undo.id, "key").state is PlanState.EXECUTED
        check_written(session, undo, expected)
        moved = difference(before, whole_state(session, TRACES, versions=False))
        check_out_of_service(session, done, moved)
        check_ledger(session)


def real(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: real(inner, ids) for key, inner in value.items()}
    if isinstance(value, list):
        return [real(inner, ids) for inner in value]
    return ids[value[1:]] if isinstance(value, str) and value[:1] == "@" and value[1:] in ids else value


def carry_out(session: Session, actor: Actor, kind: str, params: dict[str, Any]) -> Plan:
    return service.confirm(session, actor, service.preview(session, actor, kind, params).id, "key")


def check_ledger(session: Session) -> None:
    """Whatever was done and put back, stock is the sum of its lines."""
    summed = select(func.coalesce(func.sum(StockMovement.delta), 0)).where(StockMovement.item_id == StockItem.id)
    wrong = select(StockItem.id).where(StockItem.stocked != summed.scalar_subquery())
    assert not session.scalars(wrong).all()


KNOWN_WHEN_WRITTEN = {
    "$now": lambda plan, actor: clock.now().isoformat(), "$actor_id": lambda plan, actor: actor,
    "$actor_name": lambda plan, actor: "oneul owner", "$conversation_id": lambda plan, actor: None,
    "$source_id": lambda plan, actor: plan.id,
}  # fmt: skip


def known_when_written(asked: str, plan: Plan) -> Any:
    if asked == "$source_id":
        return plan.id
    if asked.startswith("$made:"):
        return plan.changes[int(asked.removeprefix("$made:"))]["target_id"]
    return KNOWN_WHEN_WRITTEN[asked](plan, plan.executed_by)


def check_written(session: Session, plan: Plan, previewed: list[dict[str, Any]]) -> None:
    """One event for each previewed change, in order and with its values; the plan tells the same."""
    events = session.scalars(select(AuditEvent).where(AuditEvent.source_id == plan.id).order_by(AuditEvent.seq)).all()
    assert len(events) == len(previewed) == len(plan.changes)
    for event, said, told in zip(events, previewed, plan.changes, strict=True):
        assert (event.op, event.target_type, event.field, event.before, event.target_label) == (
            said["op"], said["target_type"], said["field"], said["before"], said["label"],
        )  # fmt: skip
        assert event.target_id == (said["target_id"] or event.target_id) == told["target_id"]
        assert event.after == told["after"]
        pairs = (
            [(said["after"][k], event.after[k]) for k in said["after"]]
            if said["op"] == "create"
            else [(said["after"], event.after)]
        )
        for asked, written in pairs:
            if asked != written:
                assert written == known_when_written(asked, plan)


def check_out_of_service(session: Session, plan: Plan, moved: dict[str, Any]) -> None:
    """Beside rows the plan itself created, not one field of the shop differs from before."""
    created = [change["target_id"] for change in plan.changes if change["op"] == "create"]
    assert moved.keys() <= STAYS, moved
    for table, (gone, new) in moved.items():
        assert not gone
        if table == LEDGER:  # nothing is ever taken out of it: an undo is one more line
            continue
        assert len(new) == len([row for row in new if any(repr(row_id) in row for row_id in created)])


@thorough
@given(pins=st.lists(st.tuples(PRODUCT, st.integers(1, 3), st.booleans()), min_size=1, max_size=5))
def test_a_chain_of_pins_undone_backwards_is_the_first_display(
    session: Session, owner: Actor, ids: dict[str, str], pins: list
) -> None:
    with rolled_back(session):
        before = whole_state(session, TRACES, versions=False)
        done = []
        for product, position, pin in pins:
            kind, params = ("display.pin", {"position": position}) if pin else ("display.unpin", {})
            try:
                done.append(carry_out(session, owner, kind, {"product_id": product, **params}))
            except OpsTalkError:
                continue
        for plan in reversed(done):
            carry_out(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})
        assert not difference(before, whole_state(session, TRACES, versions=False))
        standing = session.scalar(
            select(func.count()).where(AuditEvent.source_id.in_([p.id for p in done]), AuditEvent.undone_by.is_(None))
        )
        assert standing == 0
