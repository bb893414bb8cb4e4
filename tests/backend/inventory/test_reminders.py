"""Reminders about stock: once a day, once a month, and only when there is something to say."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.conversations.models import Message
from backend.inventory.reminders import remind_due
from backend.kit import clock
from tests.backend.inventory.conftest import Set, carry_out

Ids = dict[str, str]
MORNING = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)  # ten o'clock in Seoul


def told(session: Session) -> list[str]:
    session.rollback()
    query = select(Message).where(Message.shop_id == "shop_oneul", Message.author == "bot").order_by(Message.id)
    return [message.text for message in session.scalars(query)]


def test_what_runs_low_is_told_once_a_day_and_again_only_with_something_new(
    session: Session, owner: Actor, ids: Ids
) -> None:
    session.commit()
    with clock.frozen(MORNING) as watch:
        remind_due()
        (owner_was_told, sub_was_told) = told(session)
        assert owner_was_told == sub_was_told
        assert "재입고 예정 1개" in owner_was_told
        remind_due()
        watch.advance(timedelta(days=1))
        remind_due()
        assert len(told(session)) == 2, "nothing new ran low"
        carry_out(session, owner, "stock.adjust", way="issue", lines=[{"item_id": ids["item"], "quantity": 9}])
        session.commit()
        remind_due()
        assert len(told(session)) == 4
        assert "1개 남음" in told(session)[-1]
        watch.advance(timedelta(days=7))
        remind_due()
        assert "아직" in told(session)[-1], "a week later it is said again"


def test_nobody_is_woken_and_nobody_told_who_does_not_want_it(
    session: Session, owner: Actor, ids: Ids, setting: Set
) -> None:
    session.commit()
    with clock.frozen(datetime(2026, 11, 18, 13, 0, tzinfo=UTC)):  # ten at night
        assert remind_due() == 0
    setting("low_stock_reminder", False)
    session.commit()
    with clock.frozen(MORNING):
        remind_due()
    assert told(session) == []


def test_counting_is_reminded_of_on_the_shops_day_and_made_up_for_when_nothing_ran(
    session: Session, owner: Actor, ids: Ids, setting: Set
) -> None:
    setting("low_stock_reminder", False)
    setting("stock_check_reminder", {"on": True, "day": 20})
    session.commit()
    with clock.frozen(MORNING) as watch:
        remind_due()
        assert told(session) == []
        watch.advance(timedelta(days=3))  # the 21st: nothing ran on the 20th
        remind_due()
        remind_due()
        assert len(told(session)) == 2
        assert told(session)[0].startswith("11월 재고를")
        watch.advance(timedelta(days=1))
        remind_due()
        assert len(told(session)) == 2, "once a month"
        watch.move_to(datetime(2026, 12, 20, 1, 0, tzinfo=UTC))
        remind_due()
        assert len(told(session)) == 4
