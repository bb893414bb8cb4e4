"""Tracking numbers come onto parcels once, or are refused by name."""

import pytest

from backend.errors import OpsTalkError
from backend.kit.wording import wording
from backend.markets.codes import Market
from backend.orders.states import ClaimKind, ClaimState, Fulfilment, ShipmentState
from backend.plans import service
from tests.backend.shipping.build import (
    CJ_NO,
    add_item,
    add_line,
    add_order,
    add_parcel,
    carry_out,
    label,
    laws,
    lines,
    parcel_of,
    set_to,
    undo,
)


def refused(session, actor, **item) -> OpsTalkError:
    return refused_list(session, actor, [item])


def refused_list(session, actor, items) -> OpsTalkError:
    with pytest.raises(OpsTalkError) as caught:
        service.preview(session, actor, "invoice.register", {"items": items})
    said = f"problem.{caught.value.error_code}"
    if said in wording():
        assert wording().say(said, data=caught.value.data)
    return caught.value


def test_a_number_is_registered_with_who_and_when_and_can_be_undone(session, shop, owner) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 2)])
    plan = label(session, owner, order, "6123-4567-8901")
    parcel = parcel_of(session, order)
    assert (parcel.state, parcel.courier, parcel.tracking_no) == (ShipmentState.LABELLED, "cj", CJ_NO)
    assert parcel.labelled_at is not None
    assert all(wording().say(f"effect.{e['code']}", data=e["data"]) for e in plan.effects)
    undo(session, owner, plan)
    assert (parcel.state, parcel.courier, parcel.tracking_no, parcel.labelled_at) == (
        ShipmentState.PREPARING,
        None,
        None,
        None,
    )
    laws(session)


@pytest.mark.parametrize("named", ["20261118-0000001", "ord_oneul_01", "M00001", "S20261118-00001"])
def test_an_order_is_known_by_each_of_its_numbers(session, shop, owner, named) -> None:
    add_order(session, shop, [(add_item(session, shop), 1)])
    plan = service.preview(
        session,
        owner,
        "invoice.register",
        {"items": [{"order_id": named, "courier": "한진", "tracking_no": "6123456789"}]},
    )
    assert plan.effects[0]["data"]["rows"][0]["order_no"] == "20261118-0000001"


def test_the_same_number_again_changes_nothing(session, shop, owner) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 1)])
    label(session, owner, order)
    assert (
        refused(session, owner, order_id=order.order_no, courier="CJ", tracking_no=CJ_NO).error_code == "invoice_same"
    )


@pytest.mark.parametrize("over, code", [
    ({"courier": "총알배송"}, "courier_unknown"), ({"tracking_no": "123"}, "tracking_no_shape"),
    ({"tracking_no": "=1+1"}, "tracking_no_shape"), ({"order_id": "20990101-0000001"}, "order_not_found"),
    ({"courier": "ems", "tracking_no": "EE123456784KR"}, "tracking_no_shape"),
])  # fmt: skip
def test_what_cannot_be_is_refused_by_name(session, shop, owner, over, code) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 1)])
    item = {"order_id": order.order_no, "courier": "cj", "tracking_no": CJ_NO, **over}
    assert refused(session, owner, **item).error_code == code


@pytest.mark.parametrize("state, code", [
    (Fulfilment.SHIPPED, "shipment_already_shipped"), (Fulfilment.DELIVERED, "shipment_already_delivered"),
    (Fulfilment.UNALLOCATED, "shipment_not_allocated"), (Fulfilment.AWAITING_PAYMENT, "shipment_unpaid"),
])  # fmt: skip
def test_a_parcel_in_another_state_is_refused(session, shop, owner, state, code) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 1)], state=state)
    assert refused(session, owner, order_id=order.order_no, courier="cj", tracking_no=CJ_NO).error_code == code


@pytest.mark.parametrize("what, code", [
    ({"held": True, "hold_reason": "claim_cancel"}, "shipment_held"), ({"address": "  "}, "shipment_no_address"),
    ({"state": ShipmentState.VOID}, "order_without_parcel"), ({"country": "US"}, "customs_data_missing"),
])  # fmt: skip
def test_what_stands_in_the_way_is_named(session, shop, owner, what, code) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 1)])
    for name, value in what.items():
        setattr(parcel_of(session, order), name, value)
    assert refused(session, owner, order_id=order.order_no, courier="cj", tracking_no=CJ_NO).error_code == code


def test_an_overseas_parcel_goes_with_a_courier_who_goes_there(session, shop, owner) -> None:
    item = add_item(session, shop, english_name="Knit", hs_code="611030", origin_country="KR", weight_g=400)
    order = add_order(session, shop, [(item, 1)], country="US")
    assert (
        refused(session, owner, order_id=order.order_no, courier="cj", tracking_no=CJ_NO).error_code
        == "courier_not_overseas"
    )
    item = {"order_id": order.order_no, "courier": "EMS", "tracking_no": "EE123456785KR"}
    assert service.preview(session, owner, "invoice.register", {"items": [item]}).changes


@pytest.mark.parametrize("state", list(ClaimState))
def test_only_a_claim_that_waits_for_an_answer_stops_a_parcel(session, shop, owner, state) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 1)])
    line = lines(session, order)[0]
    line.claim_kind, line.claim_state = ClaimKind.CANCEL, state
    item = {"order_id": order.order_no, "courier": "cj", "tracking_no": CJ_NO}
    if state in (ClaimState.REQUESTED, ClaimState.HELD):
        assert refused(session, owner, **item).error_code == "claim_undecided"
    else:
        assert service.preview(session, owner, "invoice.register", {"items": [item]}).changes


def test_a_disruption_region_stops_a_linked_cj_only(session, shop, owner) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 1)])
    set_to(session, shop, "disruption_regions", [{"start": "06200", "end": "06299", "name": "강남"}])
    item = {"order_id": order.order_no, "courier": "cj", "tracking_no": CJ_NO}
    assert refused(session, owner, **item).error_code == "disruption_region"
    assert service.preview(session, owner, "invoice.register", {"items": [{**item, "courier": "롯데"}]}).changes
    set_to(session, shop, "linked_couriers", ["hanjin"])
    assert service.preview(session, owner, "invoice.register", {"items": [item]}).changes


def test_a_number_belongs_to_one_parcel(session, shop, owner) -> None:
    item = add_item(session, shop)
    first, second = add_order(session, shop, [(item, 1)], 1), add_order(session, shop, [(item, 1)], 2)
    label(session, owner, first)
    error = refused(session, owner, order_id=second.order_no, courier="cj", tracking_no=CJ_NO)
    assert (error.error_code, error.data["order_no"]) == ("tracking_no_used", first.order_no)


def test_of_several_parcels_the_one_without_a_number_is_meant(session, shop, owner) -> None:
    item = add_item(session, shop)
    order = add_order(session, shop, [(item, 1)])
    add_line(session, order, add_parcel(session, order, 9), item, 1, 2)
    error = refused(session, owner, order_id=order.order_no, courier="cj", tracking_no=CJ_NO)
    assert (error.error_code, len(error.data["shipments"])) == ("invoice_which_parcel", 2)
    carry_out(session, owner, "invoice.register", items=[
        {"shipment_id": parcel_of(session, order).id, "courier": "cj", "tracking_no": CJ_NO}
    ])  # fmt: skip
    plan = carry_out(session, owner, "invoice.register", items=[
        {"order_id": order.order_no, "courier": "cj", "tracking_no": "612345678902"}
    ])  # fmt: skip
    assert plan.changes[0]["target_id"].endswith("_09")


def test_of_a_list_nothing_is_registered_while_a_row_is_refused(session, shop, owner) -> None:
    item = add_item(session, shop)
    orders = [add_order(session, shop, [(item, 1)], n) for n in range(1, 5)]
    good = [{"order_id": o.order_no, "courier": "cj", "tracking_no": f"61234567890{n}"} for n, o in enumerate(orders)]
    bad = [*good[:2], {**good[2], "tracking_no": good[0]["tracking_no"]}, {**good[0], "tracking_no": "1"}]
    error = refused_list(session, owner, bad)
    assert error.error_code == "invoices_refused"
    assert [(row["row"], row["code"]) for row in error.data["rows"]] == [
        (1, "tracking_no_twice"), (3, "tracking_no_twice"), (4, "tracking_no_shape"),
    ]  # fmt: skip
    assert all(parcel_of(session, o).state is ShipmentState.PREPARING for o in orders)
    plan = carry_out(session, owner, "invoice.register", items=good)
    assert {parcel_of(session, o).state for o in orders} == {ShipmentState.LABELLED}
    undo(session, owner, plan)
    assert {parcel_of(session, o).state for o in orders} == {ShipmentState.PREPARING}


def test_another_shops_parcel_does_not_exist(session, shop, owner, stranger) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 1)])
    parcel = parcel_of(session, order)
    for item in ({"order_id": order.id}, {"shipment_id": parcel.id}, {"order_id": parcel.number}):
        error = refused(session, stranger, courier="cj", tracking_no=CJ_NO, **item)
        assert error.status == 404


def test_a_number_is_changed_and_a_correction_told_once_it_has_left(session, shop, owner) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 1)], market=Market.COUPANG)
    label(session, owner, order)
    plan = carry_out(session, owner, "invoice.change", order_id=order.order_no, tracking_no="612345678999")
    assert (parcel_of(session, order).tracking_no, plan.result) == ("612345678999", {"told": 0})
    carry_out(session, owner, "shipment.ship", order_ids=[order.order_no])
    plan = carry_out(
        session, owner, "invoice.change", order_id=order.order_no, courier="롯데", tracking_no="6123456789"
    )
    assert (parcel_of(session, order).courier, plan.result) == ("lotte", {"told": 1})
    assert [e["code"] for e in plan.effects] == ["invoice_changed", "invoice_correction_told"]
