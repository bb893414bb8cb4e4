"""Dates and times written the way people write them: 11월 28일(금), 오후 3시, 3시간 전."""

from __future__ import annotations

from datetime import date, datetime

from backend.kit.clock import seoul
from backend.kit.korean_dates.edges import WEEKDAY_LETTERS


def speak_date(day: date, today: date) -> str:
    """'11월 28일(금)', with the year in front when it is not this one; a datetime counts as its day in Seoul."""
    if isinstance(day, datetime):
        day = seoul(day).date()
    year = "" if day.year == today.year else f"{day.year}년 "
    return f"{year}{day.month}월 {day.day}일({WEEKDAY_LETTERS[day.weekday()]})"


def speak_time(moment: datetime) -> str:
    """'오후 3시', '오전 9시 30분', '오전 0시' in Seoul."""
    local = seoul(moment)
    half = "오전" if local.hour < 12 else "오후"
    hour = local.hour if local.hour <= 12 else local.hour - 12
    return f"{half} {hour}시" + (f" {local.minute}분" if local.minute else "")


def speak_datetime(moment: datetime, today: date) -> str:
    """'11월 28일(금) 오후 3시'."""
    return f"{speak_date(moment, today)} {speak_time(moment)}"


def speak_ago(moment: datetime, now: datetime) -> str:
    """'방금', '3분 전', '3시간 전', '3일 전' (뒤 for the future), and the date itself from thirty days on."""
    seconds = (seoul(now) - seoul(moment)).total_seconds()
    side, size = ("전", int(seconds)) if seconds >= 0 else ("뒤", int(-seconds))
    if size < 60:
        return "방금" if side == "전" else "곧"
    if size < 3600:
        return f"{size // 60}분 {side}"
    if size < 24 * 3600:
        return f"{size // 3600}시간 {side}"
    days = abs((seoul(now).date() - seoul(moment).date()).days)
    return f"{days}일 {side}" if days < 30 else speak_date(moment, seoul(now).date())
