"""What a report tells of a week: runs, costs, credit, what is off, what waits, what comes."""

from datetime import UTC, date, datetime, timedelta

from backend.coupons.models import Coupon, CouponMaker, DiscountKind
from backend.customers.models import AddonCredit, CreditKind
from backend.inquiries.models import Inquiry
from backend.inquiries.states import InquiryState
from backend.kit.weeks import Week, last_complete, last_within, week_of
from backend.markets.codes import Market
from backend.operations.states import RunState
from backend.work_requests.models import WorkRequest, WorkRequestComment
from tests.backend.conftest import NOW
from tests.backend.operations.conftest import add_order, add_run, switch_off
from tests.backend.reports.conftest import LAST, noon, ran, renamed


def test_a_week_runs_from_monday_to_sunday_over_months_and_years() -> None:
    week = week_of(date(2026, 12, 31))
    assert (week.monday, week.sunday) == (date(2026, 12, 28), date(2027, 1, 3))
    assert week.previous.sunday == date(2026, 12, 27) and week.next.monday == date(2027, 1, 4)
    assert last_complete(date(2027, 1, 4)) == week
    assert last_complete(date(2027, 1, 3)) == week.previous
    assert last_within(date(2026, 10, 1), date(2026, 10, 31)).sunday == date(2026, 10, 25)


def test_an_empty_shop_has_a_report_that_says_so(read) -> None:
    told = read()
    assert told.runs.model_dump(exclude={"by_day", "by_unit"}) == {
        "done": 0, "nothing": 0, "failed": 0, "skipped": 0, "undone": 0, "changed": 0,
    }  # fmt: skip
    assert [day.day for day in told.runs.by_day] == LAST.days
    assert (told.effect.compared, told.effect.widest, told.cost.amount, told.off) == ([], None, 0, [])
    assert told.waiting.count == 0


def test_runs_are_counted_by_their_end_in_the_seoul_week(session, shop, read) -> None:
    late_sunday = datetime(2026, 11, 15, 14, 59, tzinfo=UTC)  # 23:59 in Seoul
    ran(session, shop, "main_display", None, LAST.sunday, finished_at=late_sunday)
    ran(session, shop, "main_display", None, LAST.sunday, finished_at=late_sunday + timedelta(minutes=1))
    ran(session, shop, "product_name", Market.COUPANG, LAST.monday, state=RunState.FAILED, reason="market_unreachable")
    ran(session, shop, "product_name", Market.COUPANG, LAST.monday, state=RunState.NOTHING)
    ran(session, shop, "product_name", Market.GMARKET, LAST.monday, state=RunState.DROPPED, reason="switched_off")
    ran(session, shop, "promotion_coupon", None, LAST.monday, state=RunState.REVERTED)
    add_run(session, shop, "cs_reply", scheduled_for=noon(LAST.sunday))  # waits still
    runs = read().runs
    assert (runs.done, runs.nothing, runs.failed, runs.skipped, runs.undone) == (1, 1, 1, 1, 1)
    by_unit = {(unit.operation, unit.market): unit for unit in runs.by_unit}
    assert by_unit["product_name", "coupang"].reasons == ["market_unreachable"]
    assert by_unit["product_name", "gmarket"].skipped == 1
    assert [day.done for day in runs.by_day] == [0, 0, 0, 0, 0, 0, 1]
    assert read(LAST.next, NOW).runs.done == 1  # one minute later is the next week


def test_a_week_over_the_turn_of_the_year_holds_both_years(session, shop, read) -> None:
    week = Week(date(2026, 12, 28))
    for day in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 4)):
        ran(session, shop, "main_display", None, day)
    told = read(week)
    assert told.runs.done == 2
    assert [day.done for day in told.runs.by_day] == [0, 0, 0, 1, 1, 0, 0]
    assert told.next_days == (date(2027, 1, 4), date(2027, 1, 10))


def test_what_was_put_back_is_told_beside_what_was_changed(session, shop, products, read) -> None:
    from backend.audit.models import AuditEvent

    run = renamed(session, shop, products, LAST.monday)
    session.query(AuditEvent).filter_by(source_id=run.id).first().undone_by = "plan_x"
    (unit,) = read().runs.by_unit
    assert (unit.changed, unit.put_back) == (3, 1)


def test_promotion_cost_is_that_of_the_week_by_day_and_coupon(session, shop, products, read) -> None:
    session.add(
        Coupon(
            id="cpn_a", shop_id=shop.id, name="첫 구매", made_by=CouponMaker.PRO, run_id=None, audience="everyone",
            kind=DiscountKind.AMOUNT, value=3_000, max_discount=None, starts_at=NOW - timedelta(days=30),
            ends_at=NOW + timedelta(days=30), issue_limit=100, issued=10, used=4, used_amount=12_000,
        )
    )  # fmt: skip
    session.flush()
    for day in (LAST.monday - timedelta(days=1), LAST.monday, LAST.monday, LAST.sunday, LAST.next.monday):
        add_order(session, shop, products[0], noon(day), "김*수", discount=3_000, coupon_id="cpn_a")
    cost = read().cost
    assert (cost.amount, cost.count) == (9_000, 3)
    assert [day.amount for day in cost.by_day] == [6_000, 0, 0, 0, 0, 0, 3_000]
    assert [(row.coupon, row.amount, row.count) for row in cost.by_coupon] == [("첫 구매", 9_000, 3)]
    assert cost.outlook.budget == 300_000


def test_credit_is_told_as_used_in_the_week_and_left_now(session, shop, read) -> None:
    moves = ((LAST.monday - timedelta(days=9), 100), (LAST.monday, -7), (LAST.sunday, 20), (LAST.next.monday, -1))
    for number, (day, delta) in enumerate(moves):
        session.add(
            AddonCredit(id=f"crd_{number}", shop_id=shop.id, kind=CreditKind.SMS, delta=delta, reason="x", at=noon(day))
        )
    sms, email = read().credit
    assert (sms.kind, sms.topped_up, sms.used, sms.left) == (CreditKind.SMS, 20, 7, 112)
    assert (email.topped_up, email.used, email.left) == (0, 0, 0)


def test_what_is_off_and_what_waits_is_told(session, shop, read) -> None:
    switch_off(session, shop, operation="main_display", until=datetime(2026, 11, 30, 15, tzinfo=UTC))
    shop.sender_number = None
    for number, (state, ago) in enumerate((
        (InquiryState.DRAFTED, 1), (InquiryState.OPEN, 2), (InquiryState.OPEN, 0), (InquiryState.ANSWERED, 2),
    )):  # fmt: skip
        session.add(
            Inquiry(
                id=f"inq_{number}", shop_id=shop.id, market=Market.MALL, product_id=None, buyer_name="김*수",
                text="언제 와요", asked_at=noon(LAST.next.monday, 8) - timedelta(days=ago), state=state,
            )
        )  # fmt: skip
    for number, kinds in enumerate((("member", "operations"), ("operations", "member"), ()), 1):
        session.add(
            WorkRequest(
                id=f"req_{number}", shop_id=shop.id, number=number, type="category_tidy", requested_by="대표",
                requested_by_id="mem", conversation_id=None, created_at=NOW,
            )
        )  # fmt: skip
        session.flush()
        for order, kind in enumerate(kinds):
            session.add(
                WorkRequestComment(
                    id=f"wrc_{number}{order}", shop_id=shop.id, request_id=f"req_{number}", author=kind,
                    author_kind=kind, text="…", created_at=NOW,
                )
            )  # fmt: skip
    told = read()
    assert [(switch.operation, switch.until) for switch in told.off] == [("main_display", "2026-11-30")]
    waiting = told.waiting
    assert (waiting.setup, waiting.drafts, waiting.unanswered, waiting.questions) == (["sender_number"], 1, 1, [1])
    assert (waiting.count, told.requests_open) == (4, 3)


def test_what_comes_next_week_is_what_the_schedule_says(session, shop, read) -> None:
    inside, beyond = LAST.next.monday + timedelta(days=2), LAST.next.sunday + timedelta(days=1)
    add_run(session, shop, "main_display", scheduled_for=noon(inside), state=RunState.ANNOUNCED, announced_at=NOW)
    add_run(session, shop, "promotion_coupon", scheduled_for=noon(beyond))
    coming = {one.operation: one for one in read().next_week}
    assert coming["main_display"].announced and coming["main_display"].at == noon(inside)
    assert "promotion_coupon" not in coming


def test_nothing_of_another_shop_is_counted(session, shop, products, read) -> None:
    from backend.shops.models import Shop

    other = session.get_one(Shop, "shop_other")
    ran(session, other, "main_display", None, LAST.monday)
    switch_off(session, other, operation="main_display")
    told = read()
    assert (told.runs.done, told.off) == (0, [])
