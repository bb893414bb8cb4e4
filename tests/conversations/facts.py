"""Facts of the shop that a dialogue may claim, each read from the product itself."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import httpx

from backend.conversations.models import Conversation
from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.kit.weeks import Week, week_of
from tests.conversations import buyers, market_worker, orders, stock_settings, stockroom
from tests.conversations.person import Person

REPORT_LINKS = ("보고서 열기", "PDF 받기")


def _off(person: Person) -> list[str]:
    """What is OFF: "main_display", "product_name@coupang", "area:promotion_crm", "market:coupang" or "everything"; behind
    a minus what is left out: "everything - promotion_coupon"."""
    named = []
    for switch in person.api("/api/operations/off"):
        left_out = ", ".join(_scope(part) for part in switch["excluded"])
        named.append(_scope(switch) + (f" - {left_out}" if left_out else ""))
    return sorted(named)


def _scope(said: dict[str, Any]) -> str:
    if said["operation"]:
        return str(said["operation"]) + (f"@{said['market']}" if said["market"] else "")
    if said["area"]:
        return f"area:{said['area']}"
    return f"market:{said['market']}" if said["market"] else "everything"


def _requests(person: Person) -> list[str]:
    found = person.api("/api/work-requests")
    return sorted(f"{r['type']}:{r['state']}" for r in (found["items"] if isinstance(found, dict) else found))


def _live_coupons(person: Person) -> int:
    found = person.api("/api/coupons", state="live")
    return len(found["items"] if isinstance(found, dict) else found)


def _first_slots(person: Person) -> list[str]:
    """The product names in the recommended group, in order."""
    return [slot["name"] for slot in person.api("/api/display")[0]["slots"]]


def _pinned(person: Person) -> list[str]:
    return [f"{s['position']}:{s['name']}" for g in person.api("/api/display") for s in g["slots"] if s["pinned"]]


def _off_until(person: Person) -> list[str | None]:
    return [switch["until"] for switch in person.api("/api/operations/off")]


def _conversation(person: Person) -> str:
    return str(person.conversation["state"])


def _missing_setup(person: Person) -> list[str]:
    return sorted(item["key"] for item in person.api("/api/setup") if not item["done"])


def _days_to_each_end(person: Person) -> list[tuple[date, int]]:
    today = clock.today()
    ends = [date.fromisoformat(until[:10]) for until in _off_until(person) if until]
    return [(end, (end - today).days) for end in ends]


def _off_until_days(person: Person) -> list[int]:
    """How many days from today each OFF still lasts."""
    return [days for _, days in _days_to_each_end(person)]


def _off_starts_days(person: Person) -> list[int | None]:
    """In how many days each OFF begins; None: it has."""
    today = clock.today()
    starts = [switch["starts"] for switch in person.api("/api/operations/off")]
    return [(date.fromisoformat(start[:10]) - today).days if start else None for start in starts]


def _off_hours(person: Person) -> list[str]:
    """The hours of each OFF that has any: "18:00-", "-09:00"."""
    found = []
    for switch in person.api("/api/operations/off"):
        start, end = ((switch[name] or "")[11:16] for name in ("starts", "until"))
        found.append(f"{start}-{end}")
    return found


def _display_run(person: Person) -> dict[str, Any]:
    """The main page's run that waits: days from today, hour, state, how often it was moved."""
    page = person.api("/api/operations/runs", operation="main_display", state="scheduled")
    run = page["items"][0]
    at = clock.seoul(datetime.fromisoformat(run["scheduled_for"]))
    return {"hour": at.strftime("%H:%M"), "state": run["state"], "moved": run["moved"]}


def _display_days(person: Person) -> int:
    """In how many days the main page's run starts."""
    page = person.api("/api/operations/runs", operation="main_display", state="scheduled")
    at = clock.seoul(datetime.fromisoformat(page["items"][0]["scheduled_for"]))
    return (at.date() - clock.today()).days


def _off_until_weeks(person: Person) -> list[str]:
    """The last day of each OFF as weekday and calendar weeks from this one: "금+1" is the Friday of next week."""
    monday = clock.today() - timedelta(days=clock.today().weekday())
    return [f"{'월화수목금토일'[end.weekday()]}+{(end - monday).days // 7}" for end, _ in _days_to_each_end(person)]


def _put_back(person: Person) -> list[str]:
    """How many changes of each run are put back: "main_display:6", "product_name@coupang:1"."""
    found = []
    for run in person.api("/api/operations/runs", limit=100)["items"]:
        if run["undone"]:
            market = run["market"] if run["market"] not in (None, "mall") else None
            same = market and run["operation"].startswith(market)
            found.append(f"{run['operation']}{f'@{market}' if market and not same else ''}:{run['undone']}")
    return sorted(found)


def _last_line(person: Person) -> str:
    """Who wrote last in the thread, and what."""
    last = person.api("/chat/messages", limit=1)["messages"][-1]
    return f"{last['author']}: {last['text']}"


def _kept(person: Person) -> str:
    """What became of the message just sent: answered or failed; either way its text is stored."""
    mine = [m for m in person.api("/chat/messages", limit=20)["messages"] if m["id"] == person.message["id"]]
    return str(mine[0]["state"])


def _priority(person: Person) -> str:
    with unit_of_work(write=False) as session:
        return str(session.get_one(Conversation, person.conversation_id).priority.value)


def _rating(person: Person) -> int | None:
    with unit_of_work(write=False) as session:
        return session.get_one(Conversation, person.conversation_id).rating


def _summary_has(person: Person) -> bool:
    """Whether the agent finds a summary beside the queued conversation."""
    with unit_of_work(write=False) as session:
        return bool(session.get_one(Conversation, person.conversation_id).summary)


def _newest_request(person: Person) -> dict[str, Any]:
    """The fields of the newest work request, as a person reads them."""
    found = person.api("/api/work-requests")
    items = found["items"] if isinstance(found, dict) else found
    return {f["key"]: f["shown"] for f in max(items, key=lambda r: int(r["number"]))["fields"]}


def _opened_report(person: Person) -> list[str]:
    """What the two links of the last answer open, without any token: the page's week from today's, and the PDF."""
    page, pdf = (next(b["href"] for b in person.buttons() if b["title"] == title) for title in REPORT_LINKS)
    told = httpx.get(person.url + page)
    made = httpx.get(person.url + pdf, timeout=30)
    days = re.search(r"주간 운영 보고서 · .*? · (\d+)월 (\d+)일", told.text)
    assert days, told.text[:500]
    monday = week_of(clock.today())
    back = next(n for n in range(-1, 9) if _is(Week(monday.monday - timedelta(weeks=n)), days))
    return [f"{-back} weeks", made.headers["content-type"]]


def _is(week: Week, days: re.Match[str]) -> bool:
    return (week.monday.month, week.monday.day) == (int(days[1]), int(days[2]))


FACTS: dict[str, Callable[[Person], Any]] = {
    **buyers.FACTS,
    **orders.FACTS,
    **market_worker.FACTS,
    **stockroom.FACTS,
    **stock_settings.FACTS,
    "off": _off,
    "off_until": _off_until,
    "requests": _requests,
    "live_coupons": _live_coupons,
    "slots": _first_slots,
    "pinned": _pinned,
    "conversation": _conversation,
    "missing_setup": _missing_setup,
    "last_line": _last_line,
    "kept": _kept,
    "priority": _priority,
    "rating": _rating,
    "summarised": _summary_has,
    "newest_request": _newest_request,
    "off_until_days": _off_until_days,
    "off_until_weeks": _off_until_weeks,
    "put_back": _put_back,
    "opened_report": _opened_report,
    "off_starts_days": _off_starts_days,
    "off_hours": _off_hours,
    "display_run": _display_run,
    "display_days": _display_days,
}
