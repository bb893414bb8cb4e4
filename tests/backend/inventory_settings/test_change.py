"""A setting is previewed with what it does, written once, audited and put back."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.audit.models import AuditEvent
from backend.errors import Conflict, Forbidden, InvalidInput, NotFound, NothingToChange, UndoConflict
from backend.inventory_settings.catalogue import SETTINGS, AllocationBasis, MarketStockBasis
from backend.inventory_settings.models import InventorySetting
from backend.inventory_settings.read import value_of
from backend.plans import service
from backend.plans.states import PlanState
from tests.backend.inventory_settings.trading import change, effect, preview, undo


def test_a_preview_says_old_and_new_and_writes_nothing(session: Session, owner: Actor) -> None:
    plan = preview(session, owner, "allocation_basis", value="unlimited")
    said = effect(plan, "setting_changes")
    assert (said["before"], said["after"]) == ("현재재고", "제한없음")
    assert value_of(session, owner.shop_id, "allocation_basis") is AllocationBasis.CURRENT
    assert session.scalar(select(func.count()).select_from(InventorySetting)) == 0


def test_the_first_value_is_undone_to_the_default_whatever_it_will_be(
    session: Session, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = change(session, owner, "remote_area_marking", value=False)
    assert value_of(session, owner.shop_id, "remote_area_marking") is False
    undo(session, owner, done)
    assert value_of(session, owner.shop_id, "remote_area_marking") is True
    later = SETTINGS["remote_area_marking"]
    monkeypatch.setitem(SETTINGS, later.key, type(later)(later.key, later.section, bool, False))
    assert value_of(session, owner.shop_id, "remote_area_marking") is False


def test_a_second_change_keeps_one_row_and_its_undo_the_first_value(session: Session, owner: Actor) -> None:
    change(session, owner, "collection_excluded", add="샘플")
    second = change(session, owner, "collection_excluded", add="개인결제창")
    assert value_of(session, owner.shop_id, "collection_excluded") == ("샘플", "개인결제창")
    undo(session, owner, second)
    assert value_of(session, owner.shop_id, "collection_excluded") == ("샘플",)
    assert session.scalar(select(func.count()).select_from(InventorySetting)) == 1


def test_an_undo_is_refused_where_somebody_changed_it_since(session: Session, owner: Actor) -> None:
    change(session, owner, "matching_basis", value="code")
    second = change(session, owner, "matching_basis", value="name")
    change(session, owner, "matching_basis", value="code_then_name")
    with pytest.raises(UndoConflict):
        undo(session, owner, second)


def test_who_comes_second_is_shown_a_fresh_preview(session: Session, owner: Actor, sub_operator: Actor) -> None:
    first = preview(session, owner, "matching_basis", value="code")
    second = preview(session, sub_operator, "matching_basis", value="name")
    service.confirm(session, owner, first.id, "one")
    stale = service.confirm(session, sub_operator, second.id, "two")
    assert stale.state is PlanState.STALE
    assert value_of(session, owner.shop_id, "matching_basis").value == "code"


def test_who_changed_it_and_when_is_told(session: Session, sub_operator: Actor, client) -> None:
    change(session, sub_operator, "label_print_order", value="product")
    session.commit()
    http: TestClient = client(sub_operator)
    told = http.get("/api/inventory/settings/label_print_order").json()
    assert (told["value"], told["value_shown"], told["changed_by"]) == ("product", "상품명", "oneul sub")
    assert told["changed_at"]
    assert not told["is_default"]
    untouched = http.get("/api/inventory/settings/matching_basis").json()
    assert (untouched["changed_at"], untouched["changed_by"], untouched["is_default"]) == (None, None, True)


def test_each_change_leaves_one_audit_event(session: Session, owner: Actor) -> None:
    done = change(session, owner, "allocation_basis", value="unlimited")
    events = session.scalars(select(AuditEvent).where(AuditEvent.source_id == done.id)).all()
    assert [(e.target_type, e.target_label) for e in events] == [("inventory_setting", "재고할당 및 차감기준")]


def test_an_unknown_key_is_no_setting(session: Session, owner: Actor) -> None:
    with pytest.raises(NotFound) as refused:
        preview(session, owner, "nothing", value=1)
    assert refused.value.error_code == "setting_unknown"


def test_what_it_holds_already_is_no_change(session: Session, owner: Actor) -> None:
    with pytest.raises(NothingToChange) as refused:
        preview(session, owner, "allocation_basis", value="current")
    assert refused.value.error_code == "setting_already_so"
    assert refused.value.data["value_shown"] == "현재재고"


@pytest.mark.parametrize(("key", "how"), [
    ("allocation_basis", {"value": "sometimes"}),
    ("remote_area_marking", {"value": 1}),
    ("remote_area_marking", {"value": "off"}),
    ("market_stock_basis", {"value": None, "part": {"x": 1}}),
    ("delay_marking", {"part": {"days": 0}}),
    ("delay_marking", {"part": {"weeks": 1}}),
    ("stock_check_reminder", {"part": {"day": 31}}),
    ("exchange_after_shipping", {"part": {"exchange_fee": -1}}),
    ("barcode_form", {"part": {"width": 5}}),
    ("disruption_regions", {"add": "somewhere"}),
    ("disruption_regions", {"add": "63644-63000"}),
    ("remote_areas", {"add": "123"}),
    ("label_products", {"add": "colour"}),
    ("label_forms", {"part": {"cj": {"width": 5}}}),
    ("collection_excluded", {"add": "   "}),
    ("collection_excluded", {"add": "가" * 101}),
])  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_by_name(session: Session, owner: Actor, key: str, how: dict) -> None:
    with pytest.raises(InvalidInput) as refused:
        preview(session, owner, key, **how)
    assert refused.value.error_code == "setting_value_wrong"
    assert refused.value.data["key"] == key


@pytest.mark.parametrize("how", [{}, {"value": "code", "reset": True}, {"add": "a", "remove": "b"}])
def test_one_way_to_change_it_has_to_be_chosen(session: Session, owner: Actor, how: dict) -> None:
    with pytest.raises(InvalidInput) as refused:
        preview(session, owner, "matching_basis", **how)
    assert refused.value.error_code == "setting_edit_unclear"


def test_what_is_the_owners_is_refused_to_a_sub_operator(session: Session, sub_operator: Actor) -> None:
    with pytest.raises(Forbidden) as refused:
        preview(session, sub_operator, "integrated_orders", value=False)
    assert refused.value.error_code == "setting_owner_only"
    assert refused.value.data["setting"] == "통합주문관리"


def test_a_sub_operator_does_not_undo_what_is_the_owners(session: Session, owner: Actor, sub_operator: Actor) -> None:
    done = change(session, owner, "integrated_orders", value=False)
    with pytest.raises(Forbidden):
        undo(session, sub_operator, done)


def test_an_agent_may_not_change_settings(session: Session, agent: Actor) -> None:
    with pytest.raises(Forbidden):
        preview(session, agent, "allocation_basis", value="unlimited")


def test_disruption_regions_need_cj(session: Session, owner: Actor) -> None:
    change(session, owner, "linked_couriers", remove="cj")
    with pytest.raises(Conflict) as refused:
        preview(session, owner, "disruption_regions", add="63000-63644")
    assert refused.value.error_code == "setting_needs"
    assert refused.value.data["needs"] == "linked_couriers"
    change(session, owner, "linked_couriers", add="CJ대한통운")
    change(session, owner, "disruption_regions", add="63000-63644 제주")


def test_the_arbitrary_number_needs_its_basis_and_may_come_with_it(session: Session, owner: Actor) -> None:
    with pytest.raises(Conflict):
        preview(session, owner, "market_stock_arbitrary", value=500)
    both = change(
        session, owner, "market_stock_basis", value="arbitrary", also=[{"key": "market_stock_arbitrary", "value": 500}]
    )
    assert value_of(session, owner.shop_id, "market_stock_basis") is MarketStockBasis.ARBITRARY
    assert value_of(session, owner.shop_id, "market_stock_arbitrary") == 500
    undo(session, owner, both)
    assert value_of(session, owner.shop_id, "market_stock_basis") is MarketStockBasis.AVAILABLE
    assert value_of(session, owner.shop_id, "market_stock_arbitrary") == 9999


def test_what_waits_for_another_setting_says_so(session: Session, owner: Actor) -> None:
    change(session, owner, "remote_area_marking", value=False)
    plan = preview(session, owner, "remote_areas", add="12345")
    assert effect(plan, "setting_waits_for")["needs"] == "remote_area_marking"


def test_elements_come_and_go_however_they_are_written(session: Session, owner: Actor) -> None:
    change(session, owner, "option_tags", add="  한정  판매 ")
    with pytest.raises(NothingToChange) as twice:
        preview(session, owner, "option_tags", add="한정판매")
    assert twice.value.error_code == "setting_has_it"
    change(session, owner, "option_tags", remove="한정판매")
    with pytest.raises(NothingToChange) as gone:
        preview(session, owner, "option_tags", remove="한정판매")
    assert gone.value.error_code == "setting_lacks_it"


def test_the_default_comes_back_by_asking_for_it(session: Session, owner: Actor) -> None:
    change(session, owner, "delay_marking", part={"days": 5})
    change(session, owner, "delay_marking", reset=True)
    assert value_of(session, owner.shop_id, "delay_marking").days == 2


def test_another_shops_settings_are_its_own(session: Session, owner: Actor, stranger: Actor) -> None:
    change(session, owner, "allocation_basis", value="unlimited")
    assert value_of(session, stranger.shop_id, "allocation_basis") is AllocationBasis.CURRENT
