"""Drafts say what the shop knows and nothing else; the rest is left to a person."""

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.inquiries.models import Inquiry
from backend.inquiries.states import InquiryState, Topic
from backend.kit import clock
from backend.kit.wording import wording
from backend.markets.codes import Market
from backend.operations import gate
from backend.operations.models import Run
from backend.operations.scope import Unit
from backend.operations.states import RunState
from backend.products.models import SaleStatus
from tests.backend.inquiries.asking import ask
from tests.backend.operations.acting import carried_out, look, take_back
from tests.backend.operations.conftest import add_order, add_product, add_run

KEY = "cs_reply"
S = InquiryState


@pytest.fixture
def knit(session, shop):
    return add_product(
        session, shop, 1, name="울 가디건", attributes={"사이즈": ["S", "M"], "색상": ["블랙"], "용량": ""}
    )


def draft(session, shop) -> str | None:
    """What is written for the one open inquiry; None when it is left to a person."""
    changes = {change.field: change.after for change in look(session, shop, KEY, None)[1].changes}
    return changes.get("draft")


def missing(session, shop) -> str | None:
    (finding,), plan = look(session, shop, KEY, None)
    assert plan.changes == [] and finding.code == "inquiry_for_a_person"
    assert wording().name("inquiry_missing", finding.evidence["missing"]) != finding.evidence["missing"]
    return finding.evidence["missing"]


def test_the_size_that_was_asked_for_is_told(session, shop, knit) -> None:
    ask(session, shop, "사이즈가 어떻게 되나요", product_id=knit.id)
    written = draft(session, shop)
    assert "김*현 고객님" in written and "오늘담이에요" in written
    assert "'울 가디건'의 사이즈는 S, M이에요." in written


@pytest.mark.parametrize("text", ["기장이 몇 센치인가요", "용량이 얼마나 되나요", "사이즈랑 어깨 알려주세요"])
def test_a_measure_the_shop_does_not_know_is_left_to_a_person(session, shop, knit, text) -> None:
    ask(session, shop, text, product_id=knit.id)
    assert missing(session, shop) == "fact_unknown"


@pytest.mark.parametrize("status, said, unsaid", [
    (SaleStatus.ON_SALE, "'울 가디건'은 지금 주문하실 수 있어요", "품절"), (SaleStatus.SOLD_OUT, "'울 가디건'은 지금 품절이에요", "재고는"),
])  # fmt: skip
def test_stock_is_told_as_it_is_without_a_date(session, shop, knit, status, said, unsaid) -> None:
    knit.status = status
    ask(session, shop, "재입고 언제 되나요?", product_id=knit.id)
    written = draft(session, shop)
    assert said in written and unsaid not in written and not re.search(r"\d", written)


@pytest.mark.parametrize("text", ["블랙 재고 있나요", "M 재고 있나요?", "m으로 재입고 되나요"])
def test_the_stock_of_an_option_is_not_known(session, shop, knit, text) -> None:
    ask(session, shop, text, product_id=knit.id)
    assert missing(session, shop) == "option_unknown"


def test_a_hidden_or_unnamed_product_is_a_persons(session, shop, knit) -> None:
    asked = ask(session, shop, "재고 있나요", product_id=knit.id)
    knit.status = SaleStatus.HIDDEN
    assert missing(session, shop) == "product_hidden"
    asked.product_id = None
    assert missing(session, shop) == "product_unknown"


def test_a_delivery_question_names_the_order_and_promises_no_day(session, shop, knit) -> None:
    add_order(session, shop, knit, clock.now() - timedelta(days=2), "김*현")
    ask(session, shop, "배송 언제 되나요", product_id=knit.id)
    written = draft(session, shop)
    assert "11월 16일에 주문하신 것을 확인했어요 (울 가디건)" in written
    assert set(re.findall(r"\d+", written)) == {"11", "16"}


@pytest.mark.parametrize("orders, reason", [
    ([], "order_not_found"), ([("이*나", 2)], "order_not_found"), ([("김*현", 11)], "order_not_found"),
    ([("김*현", 2), ("김*현", 3)], "orders_several"), ([("김*현", 0)], "order_not_found"),
])  # fmt: skip
def test_a_delivery_question_without_its_one_order_is_a_persons(session, shop, knit, orders, reason) -> None:
    for buyer, days in orders:
        add_order(session, shop, knit, clock.now() - timedelta(days=days), buyer)
    ask(session, shop, "배송 언제 되나요", product_id=knit.id)
    assert missing(session, shop) == reason


def test_an_order_on_another_market_is_another_persons(session, shop, knit) -> None:
    add_order(session, shop, knit, clock.now() - timedelta(days=2), "김*현")
    ask(session, shop, "배송 언제 되나요", product_id=knit.id, market=Market.COUPANG)
    assert missing(session, shop) == "order_not_found"


def test_exchange_is_told_by_the_law_but_not_for_what_spoils(session, shop, knit) -> None:
    ask(session, shop, "교환하려면 어떻게 하나요", product_id=knit.id)
    assert "7일 안에" in draft(session, shop)
    knit.category = "식품 > 과일 > 사과"
    assert missing(session, shop) == "not_returnable"


def test_what_is_unclear_or_asked_later_is_left(session, shop, knit) -> None:
    asked = ask(session, shop, "찢어져서 왔어요 환불해 주세요", product_id=knit.id)
    assert missing(session, shop) == "topic_unclear"
    asked.asked_at = clock.now() + timedelta(hours=1)
    assert look(session, shop, KEY, None)[0] == []


def test_a_run_drafts_all_it_can_once_and_an_undo_opens_them_for_good(session, shop, owner, knit) -> None:
    clear = ask(session, shop, "사이즈가 어떻게 되나요", 1, product_id=knit.id, market=Market.SMARTSTORE)
    hard = ask(session, shop, "환불해 주세요", 2, product_id=knit.id)
    planned = [(c.target_id, c.field, c.after) for c in look(session, shop, KEY, None)[1].changes]
    run_id, state = carried_out(session, shop, KEY, None)
    assert state is RunState.DONE
    assert (clear.state, clear.topic, hard.state, hard.topic) == (S.DRAFTED, Topic.SIZE, S.OPEN, None)
    assert planned == [(clear.id, "topic", "size"), (clear.id, "draft", clear.draft), (clear.id, "state", "drafted")]
    assert session.get_one(Run, run_id).rule["missing"] == {"topic_unclear": 1}
    undo = take_back(session, owner, run_id)
    assert (clear.state, clear.topic, clear.draft) == (S.OPEN, None, None)
    findings, plan = look(session, shop, KEY, None)
    assert [f.target_id for f in findings] == [hard.id] and plan.changes == []  # the merchant wants to write it
    take_back(session, owner, undo, "plan")
    assert (clear.state, clear.topic) == (S.DRAFTED, Topic.SIZE)


def test_undo_is_refused_once_the_answer_was_sent(session, shop, owner, knit) -> None:
    from backend.errors import UndoConflict
    from backend.plans import service as plans

    asked = ask(session, shop, "사이즈가 어떻게 되나요", product_id=knit.id)
    run_id, _ = carried_out(session, shop, KEY, None)
    plan = plans.preview(session, owner, "inquiry.send_draft", {"inquiry_id": asked.id})
    plans.confirm(session, owner, plan.id, "k")
    with pytest.raises(UndoConflict) as refused:
        plans.preview(session, owner, "undo", {"source_type": "run", "source_id": run_id})
    assert refused.value.data["conflicts"][0]["field"] == "state"


def test_daily_drafts_take_no_run_from_the_shops_quota(session, shop) -> None:
    shop.monthly_run_quota = 1
    add_run(session, shop, KEY, state=RunState.DONE, finished_at=clock.now(), scheduled_for=clock.now())
    session.flush()
    assert "quota_used" not in gate.decide(session, shop, Unit("main_display", None), clock.now()).blockers
    add_run(session, shop, "promotion_coupon", state=RunState.DONE, finished_at=clock.now(), scheduled_for=clock.now())
    session.flush()
    assert "quota_used" in gate.decide(session, shop, Unit("main_display", None), clock.now()).blockers
    assert "quota_used" not in gate.decide(session, shop, Unit(KEY, None), clock.now()).blockers


ASKED = st.sampled_from([
    "배송 언제 되나요", "사이즈 알려주세요", "교환하고 싶어요", "재고 있나요", "환불해 주세요", "안녕하세요", "무게가 어떻게 되나요", "택배 출고됐나요",
])  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(ASKED, st.sampled_from(list(Market)), st.booleans(), st.sampled_from(list(S))), max_size=6),
    st.sampled_from(list(SaleStatus)), st.dictionaries(st.sampled_from(["사이즈", "중량", "색상"]), st.sampled_from(["M", "2kg", ["S", "L"]])),
    st.integers(0, 2), st.integers(0, 3),
)  # fmt: skip
def test_whatever_is_asked_each_open_inquiry_gets_one_draft_or_a_reason(
    session, shop, asked, status, attributes, orders, limit
) -> None:
    with session.begin_nested() as savepoint:
        product = add_product(session, shop, 1, status=status, attributes=attributes)
        for number in range(orders):
            add_order(session, shop, product, clock.now() - timedelta(days=1 + number), "김*현")
        for number, (text, market, named, state) in enumerate(asked):
            ask(session, shop, text, number, market=market, product_id=product.id if named else None, state=state)
        open_ids = [f"inq_oneul_{n}" for n, (*_, state) in enumerate(asked) if state is S.OPEN]
        first, again = (
            look(session, shop, KEY, None, per_run_limit=limit),
            look(session, shop, KEY, None, per_run_limit=limit),
        )
        assert first == again
        findings, plan = first
        assert sorted(f.target_id for f in findings) == open_ids
        answerable = [f.target_id for f in findings if f.code == "inquiry_answerable"]
        drafts = {c.target_id: c.after for c in plan.changes if c.field == "draft"}
        assert set(drafts) <= set(answerable) and len(drafts) == min(len(answerable), limit or len(answerable))
        for inquiry_id, written in drafts.items():
            assert written.startswith("안녕하세요") and "None" not in written and "{{" not in written
            assert session.get_one(Inquiry, inquiry_id).text not in written
        savepoint.rollback()
    session.expire_all()
