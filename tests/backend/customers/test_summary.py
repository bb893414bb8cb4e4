"""Counts by state, channel and reason, and what waits for the morning."""

from datetime import UTC, datetime, timedelta

from backend.customers.credit import LOW, Balance
from backend.customers.models import Channel, MessageKind
from backend.customers.states import MessageState
from backend.kit import clock
from tests.backend.customers.people import add_message

S = MessageState
NIGHT = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)  # 22:00 in Seoul


def test_states_channels_and_reasons_are_counted(session, shop, owner, stranger, client) -> None:
    now = clock.now()
    add_message(session, shop, 1, state=S.SENT, sent_at=now)
    add_message(session, shop, 2, state=S.SENT, sent_at=now, channel=Channel.EMAIL)
    add_message(session, shop, 3, state=S.SKIPPED, reason="consent_withdrawn")
    add_message(session, shop, 4, state=S.SKIPPED, reason="consent_withdrawn")
    add_message(session, shop, 5)
    session.commit()
    told = client(owner).get("/api/customer-messages/summary").json()
    assert told["counts"] == {"sent": 2, "skipped": 2, "queued": 1}
    assert told["sent_by_channel"] == {"sms": 1, "email": 1}
    assert told["reasons"] == [{"state": "skipped", "reason": "consent_withdrawn", "count": 2}]
    assert (told["waiting"]["count"], told["waiting"]["at_night"]) == (1, 0)
    theirs = client(stranger).get("/api/customer-messages/summary").json()
    assert (theirs["counts"], theirs["waiting"]["count"], theirs["last_sent_at"]) == ({}, 0, None)


def test_a_period_counts_the_seoul_day_a_message_was_sent(session, shop, owner, client) -> None:
    late = datetime(2026, 11, 9, 15, 30, tzinfo=UTC)  # already the 10th in Seoul
    add_message(session, shop, 1, state=S.SENT, sent_at=late, send_at=late)
    session.commit()

    def sent_on(day: str) -> int:
        answer = client(owner).get("/api/customer-messages/summary", params={"from": day, "to": day})
        return int(answer.json()["counts"].get("sent", 0))

    assert (sent_on("2026-11-09"), sent_on("2026-11-10")) == (0, 1)
    refused = client(owner).get("/api/customer-messages/summary", params={"from": "2026-11-10", "to": "2026-11-09"})
    assert (refused.status_code, refused.json()["code"]) == (422, "period_invalid")


def test_advertising_waits_for_the_morning_and_thanks_do_not(session, shop, owner, client) -> None:
    with clock.frozen(NIGHT):
        add_message(session, shop, 1, kind=MessageKind.ADVERTISING, send_at=NIGHT + timedelta(hours=10))
        add_message(session, shop, 2)
        session.commit()
        waiting = client(owner).get("/api/customer-messages/summary").json()["waiting"]
    assert (waiting["count"], waiting["at_night"]) == (2, 1)


def test_credit_is_low_only_once_some_was_given() -> None:
    assert not Balance(0, 0, 0).low
    assert Balance(100, 100 - LOW + 1, 0).low
    assert not Balance(100, 100 - LOW, 0).low
