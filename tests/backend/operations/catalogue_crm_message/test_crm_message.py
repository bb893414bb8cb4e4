"""Messages are queued for those whose orders give a reason and who may be written to, and paid for by PRO."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.customers.credit import balances
from backend.customers.models import Channel, CreditKind, CustomerMessage, MessageKind
from backend.customers.states import MessageState
from backend.errors import NothingToChange
from backend.kit import clock
from backend.markets.codes import Market
from backend.operations import gate
from backend.operations.catalogue.crm_message.rules import Rules
from backend.operations.catalogue.crm_message.writing import credits_of
from backend.operations.catalogue.loader import operation_named
from backend.operations.customer_messages import send_customer_messages
from backend.operations.models import Run
from backend.operations.scope import Unit
from backend.operations.states import RunState
from backend.plans import service as plans
from backend.shops.models import Shop
from tests.backend.customers.people import add_customer
from tests.backend.operations.acting import carried_out, look, take_back
from tests.backend.operations.conftest import TODAY, add_order, add_product

KEY = "crm_message"
RULES = Rules.model_validate(operation_named(KEY).config.rules)
thorough = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def goods(session, shop):
    """Four products, three of them new in the last month."""
    return [
        add_product(session, shop, number, registered_on=TODAY - timedelta(days=400 if number == 1 else 10))
        for number in (1, 2, 3, 4)
    ]


def buyer(session, shop, goods, name: str, *days_ago: int, market: Market = Market.MALL, **over):
    customer = add_customer(session, shop, name, **over)
    for days in days_ago:
        add_order(session, shop, goods[0], clock.now() - timedelta(days=days), name).market = market
    session.flush()
    return customer


def queued(session) -> list[CustomerMessage]:
    return list(session.scalars(select(CustomerMessage).order_by(CustomerMessage.id)))


def by_name(session, shop, **config) -> dict[str, dict]:
    changes = look(session, shop, KEY, None, **config)[1].changes
    return {c.label: c.after for c in changes if c.target_type == "customer_message"}


def test_first_buyers_are_thanked_without_advertising(session, shop, goods) -> None:
    buyer(session, shop, goods, "김*가", 3, sms_consent=False, email_consent=False)
    findings, plan = look(session, shop, KEY, None)
    assert [(f.code, f.evidence["customers"], f.evidence["reachable"]) for f in findings] == [("first_buyers", 1, 1)]
    message = by_name(session, shop)["김*가"]
    assert (message["kind"], message["channel"]) == ("informational", "alimtalk")
    assert (
        "(광고)" not in message["text"] and "opt-out" not in message["text"] and message["text"].startswith("[오늘담]")
    )
    assert plan.rule["credits"] == {"sms": 1, "email": 0} and plan.rule["bearer"] == "pro"


def test_those_who_stay_away_get_advertising_with_its_mark_and_the_way_out(session, shop, goods) -> None:
    by_text = buyer(session, shop, goods, "이*나", 100)
    buyer(session, shop, goods, "박*다", 100, sms_consent=False)
    made = by_name(session, shop)
    assert (made["이*나"]["channel"], made["박*다"]["channel"]) == ("sms", "email")
    assert made["이*나"]["text"].startswith("(광고) [오늘담]") and f"/opt-out/{by_text.id}." in made["이*나"]["text"]
    assert made["박*다"]["subject"].startswith("(광고)") and "/opt-out/" in made["박*다"]["text"]
    assert "3개" in made["이*나"]["text"]  # new since their last order


def test_without_consent_or_contact_nobody_is_written_to_and_the_reason_is_counted(session, shop, goods) -> None:
    buyer(session, shop, goods, "이*나", 100, sms_consent=False, email_consent=False)
    buyer(session, shop, goods, "박*다", 100, phone=None, email_consent=False)
    (finding,), plan = look(session, shop, KEY, None)
    assert finding.evidence == {
        "customers": 2, "reachable": 0, "days": 60, "kind": "advertising", "left_out": {"no_consent": 1, "no_contact": 1},
    }  # fmt: skip
    assert plan.changes == []


@pytest.mark.parametrize("days_ago, market, goods_new", [
    ((3, 200), Market.MALL, True), ((59,), Market.MALL, True), ((366,), Market.MALL, True), ((8,), Market.MALL, True),
    ((3,), Market.COUPANG, True), ((100,), Market.SMARTSTORE, True), ((100,), Market.MALL, False),
])  # fmt: skip
def test_everybody_else_is_left_in_peace(session, shop, goods, days_ago, market, goods_new) -> None:
    if not goods_new:
        for product in goods:
            product.registered_on = TODAY - timedelta(days=300)
    buyer(session, shop, goods, "김*가", *days_ago, market=market)
    assert look(session, shop, KEY, None)[0] == []


def test_a_shop_without_alimtalk_writes_a_text_message_and_a_long_one_costs_more(session, shop, goods) -> None:
    shop.alimtalk_profile = None
    buyer(session, shop, goods, "김*가", 3)
    message = by_name(session, shop)["김*가"]
    assert (message["channel"], message["credits"]) == ("sms", 3)
    assert credits_of(Channel.SMS, "가" * 45, RULES) == 1 and credits_of(Channel.SMS, "가" * 46, RULES) == 3


def test_a_late_run_queues_advertising_for_the_morning(session, shop, goods) -> None:
    buyer(session, shop, goods, "이*나", 100)
    buyer(session, shop, goods, "김*가", 3)
    night = datetime(2026, 11, 18, 13, 0, tzinfo=UTC)  # ten in the evening in Seoul
    with clock.frozen(night):
        made = by_name(session, shop)
    assert made["이*나"]["send_at"] == "2026-11-18T23:00:00+00:00"
    assert made["김*가"]["send_at"] == night.isoformat()


def test_a_run_queues_once_and_the_worker_sends(session, shop, goods) -> None:
    buyer(session, shop, goods, "김*가", 3)
    buyer(session, shop, goods, "이*나", 100)
    run_id, state = carried_out(session, shop, KEY, None)
    assert state is RunState.DONE
    assert {m.run_id for m in queued(session)} == {run_id} and len(queued(session)) == 2
    before = balances(session, shop.id)[CreditKind.SMS]
    assert (before.topped_up, before.used, before.reserved) == (100, 0, 4)
    assert by_name(session, shop) == {}  # nobody hears of the same occasion twice
    session.commit()
    assert dict(send_customer_messages()) == {"sent": 2}
    session.expire_all()
    after = balances(session, shop.id)[CreditKind.SMS]
    assert (after.used, after.reserved, after.balance) == (4, 0, 96)


def test_nobody_gets_advertising_twice_within_the_gap(session, shop, goods) -> None:
    buyer(session, shop, goods, "이*나", 100)
    carried_out(session, shop, KEY, None)
    queued(session)[0].occasion = "an older one"
    assert look(session, shop, KEY, None)[0][0].evidence["left_out"] == {"too_soon": 1}
    queued(session)[0].queued_at -= timedelta(days=RULES.ad_gap_days)
    assert list(by_name(session, shop)) == ["이*나"]


def test_undo_before_sending_withdraws_all_and_they_are_not_queued_again(session, shop, owner, goods) -> None:
    buyer(session, shop, goods, "김*가", 3)
    buyer(session, shop, goods, "이*나", 100)
    run_id, _ = carried_out(session, shop, KEY, None)
    preview = plans.preview(session, owner, "undo", {"source_type": "run", "source_id": run_id})
    assert {e["code"]: e["data"].get("count") for e in preview.effects} == {"undo": 2, "crm_withdrawn": 2}
    undo = take_back(session, owner, run_id)
    assert {m.state for m in queued(session)} == {MessageState.WITHDRAWN}
    assert session.get_one(Run, run_id).state is RunState.REVERTED
    assert balances(session, shop.id)[CreditKind.SMS].reserved == 0
    assert dict(send_customer_messages()) == {} and by_name(session, shop) == {}
    take_back(session, owner, undo, "plan")
    assert {m.state for m in queued(session)} == {MessageState.QUEUED}


def test_what_was_sent_cannot_be_undone_and_the_preview_says_so(session, shop, owner, goods) -> None:
    buyer(session, shop, goods, "김*가", 3)
    buyer(session, shop, goods, "이*나", 100)
    run_id, _ = carried_out(session, shop, KEY, None)
    late = next(m for m in queued(session) if m.kind is MessageKind.ADVERTISING)
    late.send_at += timedelta(hours=1)
    session.commit()
    send_customer_messages()
    session.expire_all()
    preview = plans.preview(session, owner, "undo", {"source_type": "run", "source_id": run_id})
    told = {e["code"]: e["data"].get("count") for e in preview.effects}
    assert told == {"undo": 1, "crm_already_sent": 1, "crm_withdrawn": 1}
    plans.confirm(session, owner, preview.id, "k")
    session.commit()
    assert Counter(m.state for m in queued(session)) == {MessageState.SENT: 1, MessageState.WITHDRAWN: 1}


def test_when_all_were_sent_there_is_nothing_to_undo(session, shop, owner, goods) -> None:
    buyer(session, shop, goods, "김*가", 3)
    run_id, _ = carried_out(session, shop, KEY, None)
    send_customer_messages()
    session.expire_all()
    with pytest.raises(NothingToChange) as refused:
        plans.preview(session, owner, "undo", {"source_type": "run", "source_id": run_id})
    assert refused.value.error_code == "nothing_to_undo"


def test_an_off_withdraws_what_waits_and_its_undo_brings_it_back(session, shop, owner, goods) -> None:
    buyer(session, shop, goods, "김*가", 3)
    carried_out(session, shop, KEY, None)
    plan = plans.preview(session, owner, "ops.off", {"operation": KEY})
    assert {"code": "crm_withdrawn", "data": {"count": 1}} in plan.effects
    plans.confirm(session, owner, plan.id, "k")
    session.commit()
    assert queued(session)[0].state is MessageState.WITHDRAWN
    take_back(session, owner, plan.id, "plan")
    assert queued(session)[0].state is MessageState.QUEUED
    assert dict(send_customer_messages()) == {"sent": 1}


def test_a_preview_taken_before_the_sending_is_stale_afterwards(session, shop, owner, goods) -> None:
    buyer(session, shop, goods, "김*가", 3)
    buyer(session, shop, goods, "박*다", 4)
    run_id, _ = carried_out(session, shop, KEY, None)
    preview = plans.preview(session, owner, "undo", {"source_type": "run", "source_id": run_id})
    queued(session)[0].state = MessageState.SENDING
    session.flush()
    assert plans.confirm(session, owner, preview.id, "k").state.value == "stale"


@pytest.mark.parametrize("alimtalk, mail, missing", [
    (None, None, ["mail_sender"]), ("@x", None, []), (None, "a@b.example", []),
])  # fmt: skip
def test_one_of_alimtalk_and_mail_is_enough(session, shop: Shop, alimtalk, mail, missing) -> None:
    shop.alimtalk_profile, shop.mail_sender = alimtalk, mail
    check = gate.decide(session, shop, Unit(KEY, None), clock.now()).checks[3]
    assert [one["key"] for one in check.evidence.get("missing", [])] == missing


@thorough
@given(
    people=st.lists(st.tuples(st.integers(0, 400), st.booleans(), st.booleans(), st.booleans(), st.booleans()), max_size=8),
    hour=st.integers(0, 23), limit=st.integers(0, 4), alimtalk=st.booleans(), mail=st.booleans(),
)  # fmt: skip
def test_whoever_bought_what_advertising_keeps_the_law_and_credit_is_enough(
    session, shop, goods, people, hour, limit, alimtalk, mail
) -> None:
    with session.begin_nested() as savepoint, clock.frozen(datetime(2026, 11, 18, hour, 30, tzinfo=UTC)):
        shop.alimtalk_profile, shop.mail_sender = "@x" if alimtalk else None, "a@b.example" if mail else None
        known = {}
        for number, (days, sms, email, phone, address) in enumerate(people):
            known[f"고객{number}"] = buyer(
                session, shop, goods, f"고객{number}", days, sms_consent=sms, email_consent=email,
                phone="010-****-0000" if phone else None, email="x***@mail.example" if address else None,
            )  # fmt: skip
        first, again = (
            look(session, shop, KEY, None, per_run_limit=limit),
            look(session, shop, KEY, None, per_run_limit=limit),
        )
        assert first == again
        messages = {c.label: c.after for c in first[1].changes if c.target_type == "customer_message"}
        assert not limit or len(messages) <= limit
        needed: Counter[str] = Counter()
        for name, message in messages.items():
            customer, hour_there = known[name], clock.seoul(datetime.fromisoformat(message["send_at"])).hour
            needed["email" if message["channel"] == "email" else "sms"] += message["credits"]
            assert message["to"] == (customer.email if message["channel"] == "email" else customer.phone)
            if message["kind"] == "advertising":
                assert message["channel"] != "alimtalk" and 8 <= hour_there < 21
                assert customer.email_consent if message["channel"] == "email" else customer.sms_consent
                assert (message["subject"] or message["text"]).startswith("(광고)") and "/opt-out/" in message["text"]
        added = {c.after["kind"]: c.after["delta"] for c in first[1].changes if c.target_type == "addon_credit"}
        for kind in ("sms", "email"):
            assert needed[kind] <= added.get(kind, 0) < needed[kind] + RULES.top_up_step
        savepoint.rollback()
    session.expire_all()
