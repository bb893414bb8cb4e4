"""Advertising waits for the morning; information does not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.customers.models import MessageKind
from backend.customers.quiet_hours import earliest, may_send
from backend.kit import clock

AD, INFO = MessageKind.ADVERTISING, MessageKind.INFORMATIONAL


def seoul(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=clock.SEOUL).astimezone(UTC)


@pytest.mark.parametrize("at, then", [
    (seoul(18, 7, 59), seoul(18, 8)), (seoul(18, 8), seoul(18, 8)), (seoul(18, 20, 59), seoul(18, 20, 59)),
    (seoul(18, 21), seoul(19, 8)), (seoul(18, 23, 59), seoul(19, 8)), (seoul(19, 0), seoul(19, 8)),
])  # fmt: skip
def test_advertising_goes_out_from_eight_to_nine_in_the_evening(at, then) -> None:
    assert earliest(AD, at) == then
    assert earliest(INFO, at) == at


@given(st.integers(0, 365 * 24 * 60))
def test_the_earliest_time_is_allowed_and_less_than_half_a_day_away(minutes) -> None:
    at = seoul(1, 0) + timedelta(minutes=minutes)
    then = earliest(AD, at)
    assert may_send(AD, then) and at <= then <= at + timedelta(hours=11)
    assert then == at or clock.seoul(then).hour == 8
